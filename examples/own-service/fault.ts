// A fault of one's own: whoever leads a partition goes down, and comes up again later.
import { defineFault, lasting } from "multiraft-sim";

export const leaderCrash = defineFault({
  name: "leader-crash",
  models: "a machine that dies of the load that comes with leading",
  counts: "a leader that goes down",
  on: "partition",
  parameters: lasting([1, 4], [200, 3000]),
  chance: 400,
  start(world, fault) {
    for (const { leader } of world.logsOf(fault)) {
      if (leader?.crash() === true) world.strike(fault, `${leader.name} led, and is down`);
    }
  },
  stop(world, fault) {
    for (const replica of world.replicasOf(fault)) replica.restart();
  },
});
