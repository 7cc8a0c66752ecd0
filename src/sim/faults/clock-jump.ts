// A replica's clock is set ahead or back, once.
import type { FaultKind } from "./fault.js";
import { instances, striking } from "./instances.js";

export const clockJump: FaultKind = {
  name: "clock-jump",
  models: "an operator or a time server that sets a clock",
  parameters: {
    ...striking([1, 4]),
    by: { about: "ahead by", unit: "ms", range: [-4000, 6000] },
    leader: { about: "1: the clock of whoever leads then", unit: "", range: [0, 1] },
  },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "replica"),
  start(world, fault) {
    const by = fault.with["by"] ?? 0;
    const leaders = world.logsOf(fault).flatMap(({ leader }) => (leader === null ? [] : [leader]));
    for (const replica of fault.with["leader"] === 1 ? leaders : world.replicasOf(fault)) {
      replica.clock.jump(by * 1000);
      world.strike(fault, `${replica.name}: ${by} ms`);
    }
  },
};
