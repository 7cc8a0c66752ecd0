// A new timer goes to the front of the list, and the tick stops at the first one that is not due. Real: Atomix 4 (Go), the
// scheduler of its state machines; looking for a new task's place it compares another task's time with itself.
// Brought out by two sessions of which one falls silent, or by a short TTL and then a long one.
import { timers } from "../src/fsm/timers.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const timersUnsorted = machineBug(
  {
    name: "timers-unsorted",
    what: "a new timer goes to the front of the list; the tick stops at the first one that is not due",
    caughtBy: ["timer/nothing-due-left", "session/never-late"],
    shows: log().open(10).open(100).at(50).tick().steps,
  },
  {
    timers: {
      ...timers,
      set: (state, timer) => {
        timer.slot = 0;
        state.timers.unshift(timer);
      },
      cancel: (state, timer) => {
        const at = state.timers.indexOf(timer);
        if (at >= 0) state.timers.splice(at, 1);
      },
    },
  },
);
