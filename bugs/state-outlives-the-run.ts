// A service's id comes from a counter kept in the module, which outlives the replica, the test and the run. A classic slip:
// a static field. Brought out by the same seed twice in one process.
import { hosting } from "../src/fsm/hosting.js";
import { ServiceId } from "../src/protocol/words.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

let created = 0n;

export const stateOutlivesTheRun = machineBug(
  {
    name: "state-outlives-the-run",
    what: "an id comes from a counter kept in the module",
    caughtBy: ["determinism/same-seed"],
    shows: log().open(10).create(1, "counter").steps,
  },
  { services: { ...hosting, newId: () => ServiceId(++created) } },
);
