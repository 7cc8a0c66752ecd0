// The log is cut off behind the newest saved state: whoever is not that far needs the snapshot.
import type { FaultKind } from "./fault.js";
import { instances, striking } from "./instances.js";

export const logCompaction: FaultKind = {
  name: "log-compaction",
  models: "a log that is kept short",
  counts: "a log that is cut off",
  parameters: striking([1, 5]),
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "partition"),
  start(world, fault) {
    for (const log of world.logsOf(fault)) {
      let newest = 0;
      for (const { disk } of log.replicas) if (disk !== null) newest = Math.max(newest, disk.at);
      if (newest < log.first) continue;
      if (log.replicas.some((each) => each.appliedAt < newest))
        world.stage.reach("log compacted under a lagging replica");
      log.compact(newest);
      world.strike(fault, `partition ${log.partition} drops its log up to ${newest}`);
    }
  },
};
