// Taking a snapshot makes the bytes and then tidies up: it drops the records that a keep-alive has passed, as if they were
// acknowledged. The kind of slip that session machines have, where snapshots are part of compaction. Brought out by a
// snapshot on one replica only.
import { saving } from "../src/fsm/snapshot.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const snapshotMutates = machineBug(
  {
    name: "snapshot-mutates",
    what: "taking a snapshot makes the bytes, then drops acknowledged records",
    caughtBy: ["reads/change-nothing", "replica/same-state", "replica/same-outputs"],
    shows: log()
      .open(10)
      .create(1, "counter")
      .run(1, 2, 1, "Increment")
      .keepAlive(1, 1, [1])
      .save()
      .run(1, 2, 1, "Increment").steps,
  },
  {
    saving: {
      ...saving,
      snapshot(m) {
        const bytes = saving.snapshot(m);
        for (const session of m.state.sessions.values()) {
          for (const [number, command] of session.commands) {
            if (!command.open && number <= session.mark) session.commands.delete(number);
          }
        }
        return bytes;
      },
    },
  },
);
