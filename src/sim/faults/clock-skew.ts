// A replica's clock is ahead or behind while it lasts.
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";

export const clockSkew: FaultKind = {
  name: "clock-skew",
  models: "clocks that nobody sets",
  counts: "a window that begins",
  parameters: { ...lasting([1, 4], [3000, 30_000]), by: { about: "ahead by", unit: "ms", range: [-3000, 3000] } },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "replica"),
  start(world, fault) {
    world.stage.count(fault.fault);
    for (const replica of world.replicasOf(fault)) replica.clock.jump((fault.with["by"] ?? 0) * 1000);
  },
  stop(world, fault) {
    for (const replica of world.replicasOf(fault)) replica.clock.jump(-(fault.with["by"] ?? 0) * 1000);
  },
};
