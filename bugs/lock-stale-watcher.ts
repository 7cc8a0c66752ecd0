// A Release leaves the old holder's end-of-session hook in place; when that session ends, it frees the lock of whoever holds
// it then. Real: Atomix 4 (Go), whose lock takes no watcher away when it passes on. Brought out by: A acquires and releases,
// B acquires, A ends.
import { lock, type LockState } from "../src/fsm/services/lock.js";
import type { SessionId } from "../src/protocol/words.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { acquire } from "./payloads.js";

const hooks = new WeakMap<LockState, Set<SessionId>>();

export const lockStaleWatcher = machineBug(
  {
    name: "lock-stale-watcher",
    what: "a release leaves the old holder's end-of-session hook",
    caughtBy: ["lock/exclusive"],
    shows: log()
      .open(90)
      .open(90)
      .open(90)
      .create(1, "lock")
      .create(2, "lock")
      .create(3, "lock")
      .run(1, 4, 1, "Acquire", acquire())
      .run(1, 4, 2, "Release")
      .run(2, 4, 1, "Acquire", acquire())
      .run(3, 4, 1, "Acquire", acquire())
      .close(1).steps,
  },
  withServices(
    changed(lock, {
      hold(state, session, token) {
        lock.hold(state, session, token);
        watch(state, session);
      },
      load(data, loading) {
        const state = lock.load.call(this, data, loading);
        if (state.holder !== undefined) watch(state, state.holder.session);
        return state;
      },
      leave(at, state, session) {
        if (hooks.get(state)?.delete(session) !== true) return;
        state.holder = undefined;
        this.grantNext(at, state);
      },
    }),
  ),
);

function watch(state: LockState, session: SessionId): void {
  const watching = hooks.get(state) ?? new Set();
  hooks.set(state, watching.add(session));
}
