// A replica's clock is set ahead or back, once.
import type { FaultKind } from "./fault.js";
import { instances, striking } from "./instances.js";

export const clockJump: FaultKind = {
  name: "clock-jump",
  models: "an operator or a time server that sets a clock",
  parameters: { ...striking([1, 3]), by: { about: "ahead by", unit: "ms", range: [-6000, 6000] } },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "replica"),
  start(world, fault) {
    const by = fault.with["by"] ?? 0;
    for (const replica of world.replicasOf(fault)) {
      replica.clock.jump(by * 1000);
      world.strike(fault, `${replica.name}: ${by} ms`);
    }
  },
};
