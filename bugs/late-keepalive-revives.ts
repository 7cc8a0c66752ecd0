// The keep-alive is handled before expiry, so one that comes too late finds its session alive. The kind of slip that session
// machines have: the timers run after the entry's own input. Brought out by a keep-alive after its session's deadline.
import { root } from "../src/fsm/session-machine.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const lateKeepaliveRevives = machineBug(
  {
    name: "late-keepalive-revives",
    what: "a keep-alive is handled before the expiries that are due",
    caughtBy: ["session/dead-stays-dead", "session/never-late"],
    shows: log().open(10).at(12).keepAlive(1, 0, []).steps,
  },
  {
    root: {
      ...root,
      take(m, input) {
        if (input.input?.$case !== "keepAlive") return root.take(m, input);
        const before = m.state.time;
        const target = m.parts.time.target(m, input.timestamp);
        m.state.time = target;
        const reply = m.parts.root.route(m, input);
        m.state.time = before;
        m.parts.time.advance(m, target);
        return reply;
      },
    },
  },
);
