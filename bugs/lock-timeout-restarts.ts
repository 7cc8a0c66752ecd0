// A waiter's time-out starts anew at a restore. Real: Atomix 4 (Go), whose lock, when it is recovered, queues its waiters by
// the same function as new ones. Brought out by a restore in the middle of a wait.
import { Nanos } from "../src/base/time.js";
import { serviceTimer } from "../src/fsm/hosting.js";
import { restoring } from "../src/fsm/restore.js";
import { lock, type LockState, type Waiter } from "../src/fsm/services/lock.js";
import type { Instance, State } from "../src/fsm/state.js";
import type { Timers } from "../src/fsm/timers.js";
import { AcquireInput } from "../src/proto/multiraft_sim/lock/v1/lock.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";
import { acquire } from "./payloads.js";

export const lockTimeoutRestarts = machineBug(
  {
    name: "lock-timeout-restarts",
    what: "a waiter's time-out starts anew at a restore",
    caughtBy: ["snapshot/invisible", "replica/same-outputs"],
    shows: log()
      .open(90)
      .open(90)
      .create(1, "lock")
      .create(2, "lock")
      .run(1, 3, 1, "Acquire", acquire())
      .run(2, 3, 1, "Acquire", acquire(10))
      .at(5)
      .tick()
      .restore()
      .at(12)
      .tick().steps,
  },
  {
    restoring: {
      ...restoring,
      build(m, saved) {
        const state = restoring.build(m, saved);
        for (const instance of state.services.values()) {
          if (instance.spec.service === lock.kind) waitAnew(m.parts.timers, state, instance);
        }
        return state;
      },
    },
  },
);

function waitAnew(timers: Timers, state: State, { id, state: inner }: Instance): void {
  const { waiters } = inner as LockState;
  for (const [key, waiter] of waiters) {
    if (waiter.timer === undefined) continue;
    timers.cancel(state, waiter.timer);
    const timer = serviceTimer(id, Nanos(state.time + patienceOf(state, waiter)), waiter);
    timers.set(state, timer);
    waiters.set(key, { ...waiter, timer });
  }
}

function patienceOf(state: State, { session, number }: Waiter): bigint {
  const input = state.sessions.get(session)?.commands.get(number)?.input;
  const patience = lock.patience(AcquireInput.decode(input?.operation?.payload ?? new Uint8Array(0)).timeout);
  return typeof patience === "bigint" ? patience : 0n;
}
