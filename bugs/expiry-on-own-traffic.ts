// A session is looked at for expiry only when an entry of its own comes. The kind of slip that session machines have: a check
// where a timer should be. Brought out by a client that is dead, and sends nothing more.
import type { CommandInput } from "../src/proto/atomix/multiraft/v1/fsm.js";
import { root } from "../src/fsm/session-machine.js";
import { sessions } from "../src/fsm/sessions.js";
import { SessionId } from "../src/protocol/words.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const expiryOnOwnTraffic = machineBug(
  {
    name: "expiry-on-own-traffic",
    what: "a session is looked at for expiry only when an entry of its own comes",
    caughtBy: ["session/never-late", "liveness/expiry"],
    shows: log().open(10).at(50).tick().steps,
  },
  {
    sessions: { ...sessions, watch: () => undefined },
    root: {
      ...root,
      route(m, input) {
        const session = m.state.sessions.get(ownerOf(input));
        if (session !== undefined && m.parts.sessions.deadline(m, session) <= m.state.time) {
          m.parts.sessions.end(m, session, "expired");
        }
        return root.route(m, input);
      },
    },
  },
);

function ownerOf({ input }: CommandInput): SessionId {
  return SessionId(input === undefined || input.$case === "openSession" ? 0n : input.value.sessionId);
}
