// The clocks of a partition stand: many entries carry one and the same timestamp.
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";

export const timestampsEqual: FaultKind = {
  name: "timestamps-equal",
  models: "a cached clock that nobody refreshes",
  counts: "an entry that carries the time at which the clocks stand",
  parameters: lasting([1, 4], [400, 3500]),
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "partition"),
  start(world, fault) {
    const { now } = world.stage;
    for (const replica of world.replicasOf(fault)) replica.clock.stand(replica.clock.reading(now));
  },
  stop(world, fault) {
    for (const replica of world.replicasOf(fault)) replica.clock.stand(undefined);
  },
  stamp(_fault, stamp) {
    stamp.nanos = 0;
    return true;
  },
};
