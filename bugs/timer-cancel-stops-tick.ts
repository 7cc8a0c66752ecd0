// The next timer is read before the callback of this one, which may cancel it: it runs all the same, and as it no longer
// stands in the list, nothing is found behind it. Real: Atomix 4 (Go), the tick of its scheduler.
// Brought out by deadlines that come due in one entry, the first of which cancels the second: a session and its wait.
import { logTime } from "../src/fsm/log-time.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";
import { acquire } from "./payloads.js";

export const timerCancelStopsTick = machineBug(
  {
    name: "timer-cancel-stops-tick",
    what: "the next timer is read before the callback that cancels it: it runs, and the rest of the due ones wait",
    caughtBy: ["timer/nothing-due-left", "session/never-late", "output/gapless"],
    // Session 2 dies at 10 and takes its wait until 20 with it; session 1, due at 30, is not found.
    shows: log()
      .open(30)
      .open(10)
      .create(1, "lock")
      .create(2, "lock")
      .run(1, 3, 1, "Acquire", acquire())
      .run(2, 3, 1, "Acquire", acquire(20))
      .at(40)
      .tick().steps,
  },
  {
    time: {
      ...logTime,
      advance(m, target) {
        const { time, timers } = m.parts;
        // An entry that does not move time finds nothing due: what the one before left waits.
        if (target === m.state.time) return;
        let timer = timers.next(m.state);
        while (timer !== undefined && time.isDue(m, timer, target)) {
          const wasSet = timer.slot >= 0;
          timers.cancel(m.state, timer);
          const following = timers.next(m.state);
          if (timer.deadline > m.state.time) m.state.time = timer.deadline;
          time.run(m, timer);
          if (!wasSet) break;
          timer = following;
        }
        m.state.time = target;
      },
    },
  },
);
