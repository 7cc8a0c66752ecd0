// The last waiter is served first. A classic slip: a list that is used as a stack. Brought out by three who want one lock.
import { lock } from "../src/fsm/services/lock.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { acquire } from "./payloads.js";

export const lockLifo = machineBug(
  {
    name: "lock-lifo",
    what: "the last waiter is served first",
    caughtBy: ["lock/fifo"],
    shows: log()
      .open(90)
      .open(90)
      .open(90)
      .create(1, "lock")
      .create(2, "lock")
      .create(3, "lock")
      .run(1, 4, 1, "Acquire", acquire())
      .run(2, 4, 1, "Acquire", acquire())
      .run(3, 4, 1, "Acquire", acquire())
      .run(1, 4, 2, "Release").steps,
  },
  withServices(changed(lock, { next: (state) => [...state.waiters.values()].at(-1) })),
);
