// Keep-alives do everything but keep alive: last_updated is set only when the session opens. The kind of slip that session
// machines have. Brought out by any session that lives longer than its time-out.
import { sessions } from "../src/fsm/sessions.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const keepaliveNoRefresh = machineBug(
  {
    name: "keepalive-no-refresh",
    what: "a session is refreshed by nothing after it has opened",
    caughtBy: ["session/never-early"],
    shows: log().open(10).at(8).keepAlive(1, 0, []).at(12).tick().steps,
  },
  { sessions: { ...sessions, refresh: () => undefined } },
);
