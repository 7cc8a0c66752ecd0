// A session's deadline uses the longest time-out of all sessions. The kind of slip that session machines have: one limit is
// kept for all. Brought out by sessions with different time-outs.
import { Nanos } from "../src/base/time.js";
import { sessions } from "../src/fsm/sessions.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const expiryByMaximum = machineBug(
  {
    name: "expiry-by-maximum",
    what: "a session's deadline uses the longest time-out of all sessions",
    caughtBy: ["session/never-late"],
    shows: log().open(100).open(10).at(10).tick().steps,
  },
  {
    sessions: {
      ...sessions,
      deadline: (m, { lastUpdated, timeout }) => {
        let longest = timeout;
        for (const other of m.state.sessions.values()) if (other.timeout > longest) longest = other.timeout;
        return Nanos(lastUpdated + longest);
      },
    },
  },
);
