// A replica's clock runs fast or slow while it lasts; what it has gained or lost, it keeps.
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";

export const clockDrift: FaultKind = {
  name: "clock-drift",
  models: "cheap quartz, hot racks, and virtual machines without a clock of their own",
  counts: "a window that begins",
  parameters: { ...lasting([1, 3], [3000, 30_000]), by: { about: "gains", unit: "ppm", range: [-300_000, 300_000] } },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "replica"),
  start(world, fault) {
    world.stage.count(fault.fault);
    for (const replica of world.replicasOf(fault)) replica.clock.gain(world.stage.now, fault.with["by"] ?? 0);
  },
  stop(world, fault) {
    for (const replica of world.replicasOf(fault)) replica.clock.gain(world.stage.now, 0);
  },
};
