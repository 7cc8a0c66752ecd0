// A replica applies entries late, so that what clients read from it is old, and queries wait.
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";

export const replicaLag: FaultKind = {
  name: "replica-lag",
  models: "a slow machine among fast ones",
  counts: "a window that begins",
  parameters: { ...lasting([1, 4], [1000, 10_000]), behind: { about: "later by", unit: "ms", range: [20, 2500] } },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "replica"),
  start(world, fault) {
    world.stage.count(fault.fault);
    for (const replica of world.replicasOf(fault)) replica.slowDown((fault.with["behind"] ?? 0) * 1000);
  },
  stop(world, fault) {
    for (const replica of world.replicasOf(fault)) {
      replica.slowDown(0);
      replica.pump();
    }
  },
};
