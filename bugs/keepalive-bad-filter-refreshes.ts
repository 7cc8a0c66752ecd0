// A keep-alive is refused for its filter, and refreshes its session all the same. The kind of slip that session machines
// have: the sign of life is noted before the message is read. Brought out by filters that don't decode.
import { keepAlive } from "../src/fsm/keep-alive.js";
import { SessionId } from "../src/protocol/words.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const keepaliveBadFilterRefreshes = machineBug(
  {
    name: "keepalive-bad-filter-refreshes",
    what: "a keep-alive whose filter does not decode refreshes its session",
    caughtBy: ["session/never-late"],
    shows: log().open(10).at(8).keepAliveWith(1, 0, Uint8Array.of(0x7b, 0x7d)).at(12).tick().steps,
  },
  {
    keepAlive: {
      ...keepAlive,
      take(m, input) {
        const session = m.parts.sessions.find(m, SessionId(input.sessionId));
        if (session !== undefined && m.parts.keepAlive.readFilter(input.inputFilter) === undefined) {
          m.parts.sessions.refresh(m, session);
        }
        return keepAlive.take(m, input);
      },
    },
  },
);
