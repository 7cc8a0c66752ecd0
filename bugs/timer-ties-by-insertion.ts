// Equal deadlines run in the order in which they were set, which a snapshot does not hold. Real: Atomix 4 (Go), whose
// scheduler keeps a list and whose restore sets the timers anew. Brought out by coarse clocks and equal spans, and by one
// replica that was restored.
import type { Timer } from "../src/fsm/state.js";
import { timers } from "../src/fsm/timers.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";
import { put } from "./payloads.js";

// Only the order of these numbers counts, so it does no harm that they go on from run to run.
const orders = new WeakMap<Timer, number>();
let last = 0;

export const timerTiesByInsertion = machineBug(
  {
    name: "timer-ties-by-insertion",
    what: "equal deadlines run in the order in which they were set, which a restore loses",
    caughtBy: ["snapshot/invisible", "replica/same-outputs"],
    // Both keys expire at 10: "b" was set first, "a" stands first.
    shows: log()
      .open(90)
      .create(1, "map")
      .run(1, 2, 1, "Events")
      .run(1, 2, 2, "Put", put("b", 1, 10))
      .run(1, 2, 3, "Put", put("a", 1, 10))
      .at(20)
      .tick().steps,
  },
  {
    timers: {
      ...timers,
      compare: (a, b) => (a.deadline === b.deadline ? orderOf(a) - orderOf(b) : a.deadline < b.deadline ? -1 : 1),
      set(state, timer) {
        orders.set(timer, ++last);
        timers.set.call(this, state, timer);
      },
    },
  },
);

function orderOf(timer: Timer): number {
  return orders.get(timer) ?? 0;
}
