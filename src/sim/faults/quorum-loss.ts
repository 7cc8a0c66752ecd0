// Replicas go down for good; where a majority of a partition does, the run can't recover, and says so.
import type { FaultKind } from "./fault.js";
import { instances, striking } from "./instances.js";

export const quorumLoss: FaultKind = {
  name: "quorum-loss",
  models: "machines that burn",
  counts: "a replica that goes down for good",
  parameters: striking([1, 3]),
  patient: true,
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "replica"),
  start(world, fault) {
    for (const replica of world.replicasOf(fault)) {
      replica.vanish();
      world.strike(fault, `${replica.name} is gone for good`);
    }
  },
};
