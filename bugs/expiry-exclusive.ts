// A session is dead only after its deadline, not at it. The kind of slip that session machines have: "before" for "not
// after". Brought out by an entry exactly at the deadline.
import { logTime } from "../src/fsm/log-time.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const expiryExclusive = machineBug(
  {
    name: "expiry-exclusive",
    what: "a session is dead only after its deadline, not at it",
    caughtBy: ["session/never-late"],
    shows: log().open(10).at(10).tick().steps,
  },
  {
    time: {
      ...logTime,
      isDue: (m, timer, time) => (timer.expiry ? timer.deadline < time : logTime.isDue(m, timer, time)),
    },
  },
);
