// A replica goes down, loses what is not on disk, and comes up later from its last snapshot and the log.
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";

export const replicaCrash: FaultKind = {
  name: "replica-crash",
  models: "a process that is killed and started again",
  counts: "a replica that goes down",
  parameters: lasting([2, 9], [50, 3500]),
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "replica"),
  start(world, fault) {
    for (const replica of world.replicasOf(fault)) if (replica.crash()) world.stage.count(fault.fault);
  },
  stop(world, fault) {
    for (const replica of world.replicasOf(fault)) replica.restart();
  },
};
