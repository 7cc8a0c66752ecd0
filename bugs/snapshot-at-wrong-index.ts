// The snapshot names the index after the last entry applied. The kind of slip that session machines have: one counter says
// what was applied last, another what comes next. Brought out by a restore, and the log after it.
import { saving } from "../src/fsm/snapshot.js";
import { LogIndex } from "../src/protocol/words.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const snapshotAtWrongIndex = machineBug(
  {
    name: "snapshot-at-wrong-index",
    what: "the snapshot names the index after the last one applied",
    caughtBy: ["replica/same-outputs", "snapshot/invisible"],
    shows: log().open(10).restore().steps,
  },
  { saving: { ...saving, index: (m) => LogIndex(m.state.index + 1n) } },
);
