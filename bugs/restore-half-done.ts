// The old state is cleared before the snapshot was looked at, so a refused one leaves ruins. Real: Atomix 4 (Go), whose
// Recover begins with a reset and returns at the first error. Brought out by a damaged snapshot, and a look at the state
// before the whole one is sent.
import { restoring } from "../src/fsm/restore.js";
import { emptyState } from "../src/fsm/state.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const restoreHalfDone = machineBug(
  {
    name: "restore-half-done",
    what: "a refused snapshot leaves a half-restored state",
    caughtBy: ["snapshot/refuses-damage"],
    shows: log().open(10).damage().steps,
  },
  {
    restoring: {
      ...restoring,
      restore(m, chunks) {
        const { index, time } = m.state;
        m.state = { ...emptyState(), index, time };
        return restoring.restore(m, chunks);
      },
    },
  },
);
