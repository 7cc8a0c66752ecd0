// A waiter that is told of its time-out stays queued, and is granted the lock later. The kind of slip that session machines
// have. Brought out by a wait that is over, and the holder's Release.
import { lock, waiterKey } from "../src/fsm/services/lock.js";
import { refusal } from "../src/fsm/answers.js";
import { Status } from "../src/protocol/failure.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { acquire } from "./payloads.js";

export const lockWaiterStays = machineBug(
  {
    name: "lock-waiter-stays",
    what: "a timed-out waiter stays queued, and is granted later",
    caughtBy: ["output/gapless", "service/as-modelled"],
    shows: log()
      .open(90)
      .open(90)
      .create(1, "lock")
      .create(2, "lock")
      .run(1, 3, 1, "Acquire", acquire())
      .run(2, 3, 1, "Acquire", acquire(5))
      .at(6)
      .tick()
      .run(1, 3, 2, "Release").steps,
  },
  withServices(
    changed(lock, {
      due(at, state, { session, command }) {
        const waiter = state.waiters.get(waiterKey({ session, number: command }));
        if (waiter !== undefined) at.tell(waiter, refusal(Status.TIMEOUT, "the lock was not free in time"), true);
      },
    }),
  ),
);
