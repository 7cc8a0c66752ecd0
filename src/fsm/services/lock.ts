// The service "lock": one holder, a queue of waiters, fencing tokens. SPEC 2.4. The token of a grant is the index of the
// Acquire's entry; so along the queue, and along the grants, tokens rise.
import { encode } from "../../protocol/codec.js";
import { isDurationInRange, Nanos, toNanos } from "../../base/time.js";
import type { Duration } from "../../proto/google/protobuf/duration.js";
import {
  AcquireInput,
  AcquireOutput,
  GetInput,
  GetOutput,
  LockState as SavedLock,
  ReleaseInput,
  ReleaseOutput,
} from "../../proto/multiraft_sim/lock/v1/lock.js";
import { Status } from "../../protocol/failure.js";
import { CommandNum, SessionId, type LogIndex } from "../../protocol/words.js";
import { accepted, refusal } from "../answers.js";
import type { Timer } from "../state.js";
import { loadDeadline, readState, saveDeadline } from "./saved-state.js";
import {
  done,
  operation,
  refuse,
  WAITING,
  type At,
  type Call,
  type Loading,
  type Outcome,
  type Service,
} from "./service.js";

export interface Holder {
  readonly session: SessionId;
  readonly token: LogIndex;
}

export interface Waiter extends Call {
  /** The token that it gets with the grant. */
  readonly token: LogIndex;
  /** Fires when it has waited long enough; undefined where it waits for ever. */
  readonly timer: Timer | undefined;
}

export interface LockState {
  holder: Holder | undefined;
  /** By waiterKey(), in the order in which they will be served. */
  readonly waiters: Map<string, Waiter>;
}

/** A waiter's name in the queue. */
export function waiterKey({ session, number }: Call): string {
  return `${session}:${number}`;
}

export interface Lock extends Service<LockState> {
  acquire(at: At, state: LockState, call: Call, input: AcquireInput): Outcome;
  release(at: At, state: LockState, call: Call, input: ReleaseInput): Outcome;
  get(state: LockState): Outcome;
  /** How long an Acquire waits: for ever (undefined), or so long; "invalid" for a span that is none. */
  patience(timeout: Duration | undefined): Nanos | undefined | "invalid";
  /** Whether this Release may free the lock. */
  mayRelease(holder: Holder | undefined, by: SessionId, token: bigint | undefined): boolean;
  hold(state: LockState, session: SessionId, token: LogIndex): void;
  enqueue(at: At, state: LockState, call: Call, patience: Nanos | undefined): void;
  /** Takes a waiter out of the queue, and its timer away. */
  dequeue(at: At, state: LockState, waiter: Waiter): void;
  /** The waiter that is served next. */
  next(state: LockState): Waiter | undefined;
  /** Gives the free lock to the next waiter, if there is one. */
  grantNext(at: At, state: LockState): void;
  saveWaiter(waiter: Waiter): SavedLock["waiters"][number];
  loadWaiter(saved: SavedLock["waiters"][number], loading: Loading): Waiter;
}

export const lock: Lock = {
  kind: "lock",

  commands: new Map([
    [
      "Acquire",
      operation(AcquireInput, (self: Lock, at, state: LockState, call, input) => self.acquire(at, state, call, input)),
    ],
    [
      "Release",
      operation(ReleaseInput, (self: Lock, at, state: LockState, call, input) => self.release(at, state, call, input)),
    ],
  ]),

  queries: new Map([["Get", operation(GetInput, (self: Lock, _at, state: LockState) => self.get(state))]]),

  acquire(at, state, call, { timeout }) {
    const patience = this.patience(timeout);
    if (patience === "invalid") return refuse(Status.INVALID, "a timeout is a span of zero or more, within its range");
    if (state.holder === undefined) {
      this.hold(state, call.session, at.index);
      return done(encode(AcquireOutput, { token: at.index }));
    }
    if (patience === 0n) return refuse(Status.TIMEOUT, "the lock is held");
    this.enqueue(at, state, call, patience);
    return WAITING;
  },

  release(at, state, call, { token }) {
    if (!this.mayRelease(state.holder, call.session, token)) {
      return refuse(Status.CONFLICT, "this session does not hold the lock with that token");
    }
    state.holder = undefined;
    this.grantNext(at, state);
    return done(encode(ReleaseOutput, {}));
  },

  get({ holder, waiters }) {
    const held = holder === undefined ? undefined : { sessionId: holder.session, token: holder.token };
    return done(encode(GetOutput, { holder: held, waiters: waiters.size }));
  },

  patience(timeout) {
    if (timeout === undefined) return undefined;
    if (!isDurationInRange(timeout)) return "invalid";
    const span = toNanos(timeout);
    return span < 0n ? "invalid" : span;
  },

  mayRelease: (holder, by, token) =>
    holder !== undefined && holder.session === by && (token === undefined || token === holder.token),

  hold(state, session, token) {
    state.holder = { session, token };
  },

  enqueue(at, state, call, patience) {
    const timer = patience === undefined ? undefined : at.setTimer(Nanos(at.now + patience), call);
    state.waiters.set(waiterKey(call), { session: call.session, number: call.number, token: at.index, timer });
  },

  dequeue(at, state, waiter) {
    if (waiter.timer !== undefined) at.cancelTimer(waiter.timer);
    state.waiters.delete(waiterKey(waiter));
  },

  next: (state) => state.waiters.values().next().value,

  grantNext(at, state) {
    const waiter = this.next(state);
    if (waiter === undefined) return;
    this.dequeue(at, state, waiter);
    this.hold(state, waiter.session, waiter.token);
    at.tell(waiter, accepted(encode(AcquireOutput, { token: waiter.token })), true);
  },

  empty: () => ({ holder: undefined, waiters: new Map() }),

  cancel(at, state, open) {
    const waiter = state.waiters.get(waiterKey(open));
    if (waiter !== undefined) this.dequeue(at, state, waiter);
  },

  leave(at, state, session) {
    if (state.holder?.session !== session) return;
    state.holder = undefined;
    this.grantNext(at, state);
  },

  due(at, state, { session, command }) {
    const waiter = state.waiters.get(waiterKey({ session, number: command }));
    if (waiter === undefined) return;
    this.dequeue(at, state, waiter);
    at.tell(waiter, refusal(Status.TIMEOUT, "the lock was not free in time"), true);
  },

  save({ holder, waiters }) {
    return encode(SavedLock, {
      holder: holder === undefined ? undefined : { sessionId: holder.session, token: holder.token },
      waiters: [...waiters.values()].map((waiter) => this.saveWaiter(waiter)),
    });
  },

  load(data, loading: Loading) {
    const saved = readState(SavedLock, data, loading);
    const { holder } = saved;
    const waiters = new Map<string, Waiter>();
    let before = 0n;
    for (const one of saved.waiters) {
      // Tokens are the indexes of the Acquires: along the queue they rise.
      loading.check(one.token > before, "a lock's waiters are out of order");
      before = one.token;
      const waiter = this.loadWaiter(one, loading);
      loading.hold(waiter, "Acquire");
      waiters.set(waiterKey(waiter), waiter);
    }
    return {
      holder:
        holder === undefined ? undefined : { session: SessionId(holder.sessionId), token: holder.token as LogIndex },
      waiters,
    };
  },

  saveWaiter({ session, number, token, timer }) {
    const deadline = timer === undefined ? undefined : saveDeadline(timer.deadline);
    return { sessionId: session, sequenceNum: number, token, deadline };
  },

  loadWaiter({ sessionId, sequenceNum, token, deadline }, loading) {
    const call = { session: SessionId(sessionId), number: CommandNum(sequenceNum) };
    const timer = deadline === undefined ? undefined : loading.setTimer(loadDeadline(deadline, loading), call);
    return { ...call, token: token as LogIndex, timer };
  },
};
