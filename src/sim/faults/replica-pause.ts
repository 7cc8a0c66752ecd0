// A replica stands still: it applies nothing, answers nothing, and knows of nothing when it goes on.
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";

export const replicaPause: FaultKind = {
  name: "replica-pause",
  models: "a collection of garbage, a suspended virtual machine, a full disk",
  counts: "a replica that stops",
  parameters: lasting([1, 4], [100, 5000]),
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "replica"),
  start(world, fault) {
    for (const replica of world.replicasOf(fault)) if (replica.pause()) world.stage.count(fault.fault);
  },
  stop(world, fault) {
    for (const replica of world.replicasOf(fault)) replica.resume();
  },
};
