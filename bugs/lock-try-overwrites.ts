// A try-lock on a held lock takes it. The kind of slip that session machines have: the branch for "no time-out" also writes
// down who asked. Brought out by an Acquire with a time-out of 0 while the lock is held.
import { lock } from "../src/fsm/services/lock.js";
import { done } from "../src/fsm/services/service.js";
import { AcquireOutput } from "../src/proto/multiraft_sim/lock/v1/lock.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { acquire } from "./payloads.js";

export const lockTryOverwrites = machineBug(
  {
    name: "lock-try-overwrites",
    what: "a try-lock on a held lock replaces the holder",
    caughtBy: ["lock/exclusive", "linearizable/lock"],
    shows: log()
      .open(90)
      .open(90)
      .create(1, "lock")
      .create(2, "lock")
      .run(1, 3, 1, "Acquire", acquire())
      .run(2, 3, 1, "Acquire", acquire(0)).steps,
  },
  withServices(
    changed(lock, {
      acquire(at, state, call, input) {
        if (this.patience(input.timeout) !== 0n) return lock.acquire.call(this, at, state, call, input);
        this.hold(state, call.session, at.index);
        return done(AcquireOutput.encode({ token: at.index }).finish());
      },
    }),
  ),
);
