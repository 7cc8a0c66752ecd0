// Session ids count the sessions, and start again at a restore. The kind of slip that session machines have: a counter beside
// the state. Brought out by a restore, and a session that opens after it.
import { sessions } from "../src/fsm/sessions.js";
import type { State } from "../src/fsm/state.js";
import { SessionId } from "../src/protocol/words.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

// A restored machine has another state, and so begins again.
const opened = new WeakMap<State, bigint>();

export const sessionIdReused = machineBug(
  {
    name: "session-id-reused",
    what: "ids count sessions, and start again at a restore",
    caughtBy: ["session/id-is-index"],
    shows: log().tick().open(10).restore().open(10).steps,
  },
  {
    sessions: {
      ...sessions,
      newId(m) {
        const next = (opened.get(m.state) ?? 0n) + 1n;
        opened.set(m.state, next);
        return SessionId(next);
      },
    },
  },
);
