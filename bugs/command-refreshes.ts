// Commands refresh their session too. A classic slip: "we have just heard of it". But a client that sends and hears nothing
// would live for ever. Brought out by a client that sends commands while its keep-alives don't arrive.
import { root } from "../src/fsm/session-machine.js";
import { SessionId } from "../src/protocol/words.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const commandRefreshes = machineBug(
  {
    name: "command-refreshes",
    what: "commands refresh the session too",
    caughtBy: ["session/never-late"],
    shows: log().open(10).at(8).create(1, "counter").at(12).tick().steps,
  },
  {
    root: {
      ...root,
      routeCommand(m, input) {
        const session = m.parts.sessions.find(m, SessionId(input.sessionId));
        if (session !== undefined) m.parts.sessions.refresh(m, session);
        return root.routeCommand(m, input);
      },
    },
  },
);
