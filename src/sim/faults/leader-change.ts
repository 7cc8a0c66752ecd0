// Another replica leads, though nothing is wrong with this one.
import type { FaultKind } from "./fault.js";
import { instances, striking } from "./instances.js";

export const leaderChange: FaultKind = {
  name: "leader-change",
  models: "an election that a late heartbeat, or an operator, brought about",
  counts: "an election that it calls",
  parameters: striking([1, 6]),
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "partition"),
  start(world, fault) {
    for (const log of world.logsOf(fault)) {
      world.strike(fault, `partition ${log.partition} elects`);
      log.transfer();
    }
  },
};
