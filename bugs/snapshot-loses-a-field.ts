// A session's time-out is saved in whole seconds. The kind of slip that session machines have: a field is saved in a smaller
// type than it is kept in. Brought out by time-outs with fractions, and a restore.
import { saving } from "../src/fsm/snapshot.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const snapshotLosesAField = machineBug(
  {
    name: "snapshot-loses-a-field",
    what: "a session's time-out is saved in whole seconds",
    caughtBy: ["replica/same-state", "snapshot/invisible"],
    shows: log().open(10, 500_000_000).restore().at(10).tick().steps,
  },
  {
    saving: {
      ...saving,
      session(m, session) {
        const saved = saving.session(m, session);
        return { ...saved, timeout: { seconds: saved.timeout?.seconds ?? 0n, nanos: 0 } };
      },
    },
  },
);
