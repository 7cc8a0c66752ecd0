// A session's deadline is counted from the wall clock of the replica that applies the entry. A classic slip: the entry's time
// is at hand, and so is the machine's. Brought out by any session.
import { Nanos } from "../src/base/time.js";
import { sessions } from "../src/fsm/sessions.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const clockInApply = machineBug(
  {
    name: "clock-in-apply",
    what: "a deadline reads Date.now",
    caughtBy: ["determinism/ambient"],
    shows: log().open(10).at(50).tick().steps,
  },
  {
    sessions: {
      ...sessions,
      deadline: (_m, { timeout }) => Nanos(BigInt(Date.now()) * 1_000_000n + timeout),
    },
  },
);
