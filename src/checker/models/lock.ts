// The naive lock: one holder, a queue of waiters, a token that is the index of the Acquire. SPEC 2.4.
import { encode } from "../../protocol/codec.js";
import type { SecondsAndNanos } from "../../base/time.js";
import { fromNanos, Nanos, toNanos } from "../../base/time.js";
import {
  AcquireInput,
  AcquireOutput,
  GetInput,
  GetOutput,
  LockState,
  ReleaseInput,
  ReleaseOutput,
} from "../../proto/multiraft_sim/lock/v1/lock.js";
import { Status } from "../../protocol/failure.js";
import type {
  Answered,
  Caller,
  DataDifference,
  DataFacts,
  Outcome,
  ServiceKindModel,
  ServiceModel,
  Surroundings,
  Timer,
} from "./service.js";
import { NOTHING, ok, read, refuse, sameBytes, spanOf } from "./service.js";

interface Holder {
  readonly session: bigint;
  readonly token: bigint;
  /** The index since when it holds. */
  readonly since: bigint;
}

interface Waiter {
  readonly session: bigint;
  readonly num: bigint;
  readonly token: bigint;
  /** Nanoseconds of log time; null: it waits for ever. */
  readonly deadline: bigint | null;
}

class LockModel implements ServiceModel {
  holder: Holder | null = null;
  waiters: readonly Waiter[] = [];
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  command(operation: string, payload: Uint8Array, by: Caller): Outcome {
    if (operation === "Acquire") return this.#acquire(read(AcquireInput, payload), by);
    if (operation === "Release") return this.#release(read(ReleaseInput, payload), by);
    return refuse(Status.NOT_SUPPORTED);
  }

  #acquire(input: AcquireInput | undefined, by: Caller): Outcome {
    if (input === undefined) return refuse(Status.INVALID);
    const wait = input.timeout === undefined ? null : spanOf(input.timeout);
    if (wait === undefined) return refuse(Status.INVALID);
    if (this.holder === null) {
      this.#hold({ session: by.session, token: by.index, since: by.index });
      return ok(granted(by.index));
    }
    this.#around.note("lock-contended");
    if (wait === 0n) {
      this.#around.note("try-refused");
      return refuse(Status.TIMEOUT);
    }
    const deadline = wait === null ? null : this.#around.now + wait;
    if (deadline !== null) this.#around.due(deadline);
    this.#queue([...this.waiters, { session: by.session, num: by.num, token: by.index, deadline }]);
    return "waits";
  }

  #release(input: ReleaseInput | undefined, by: Caller): Outcome {
    if (input === undefined) return refuse(Status.INVALID);
    if (this.holder === null || this.holder.session !== by.session) return refuse(Status.CONFLICT);
    if (input.token !== undefined && input.token !== this.holder.token) return refuse(Status.CONFLICT);
    this.#handOn(by.index);
    return ok(encode(ReleaseOutput, {}));
  }

  #handOn(index: bigint): void {
    const [next, ...rest] = this.waiters;
    if (next === undefined) return this.#hold(null);
    if (this.#around.cause === "expiry") this.#around.note("grant-by-expiry");
    if (this.#around.cause === "close-service") this.#around.note("grant-by-close");
    this.#hold({ session: next.session, token: next.token, since: index });
    this.#queue(rest);
    this.#around.emit(next.session, next.num, "grant", Status.OK, granted(next.token), true);
  }

  query(operation: string, payload: Uint8Array): Answered {
    if (operation !== "Get") return refuse(Status.NOT_SUPPORTED);
    if (read(GetInput, payload) === undefined) return refuse(Status.INVALID);
    return ok(encode(GetOutput, { holder: this.#savedHolder(), waiters: this.waiters.length }));
  }

  ended(session: bigint, num: bigint): void {
    const rest = this.waiters.filter((waiter) => waiter.session !== session || waiter.num !== num);
    if (rest.length === this.waiters.length) return;
    this.#around.note("waiter-left");
    this.#queue(rest);
  }

  left(session: bigint): void {
    const rest = this.waiters.filter((waiter) => waiter.session !== session);
    if (rest.length < this.waiters.length) this.#queue(rest);
    if (this.holder?.session === session) this.#handOn(this.#around.index);
  }

  nextTimer(): Timer | null {
    let next: Waiter | null = null;
    for (const waiter of this.waiters)
      if (waiter.deadline !== null && (next === null || runsBefore(waiter, next))) next = waiter;
    if (next === null) return null;
    const due = next;
    return { deadline: due.deadline as bigint, fire: () => this.#timeOut(due) };
  }

  #timeOut(due: Waiter): void {
    this.#around.note("acquire-timed-out");
    this.#queue(this.waiters.filter((waiter) => waiter !== due));
    this.#around.emit(due.session, due.num, "timeout", Status.TIMEOUT, NOTHING, true);
  }

  data(): Uint8Array {
    const waiters = this.waiters.map((waiter) => ({
      sessionId: waiter.session,
      sequenceNum: waiter.num,
      token: waiter.token,
      deadline: waiter.deadline === null ? undefined : fromNanos(Nanos(waiter.deadline)),
    }));
    return encode(LockState, { holder: this.#savedHolder(), waiters });
  }

  #savedHolder(): { sessionId: bigint; token: bigint } | undefined {
    return this.holder === null ? undefined : { sessionId: this.holder.session, token: this.holder.token };
  }

  differences(data: Uint8Array): DataDifference[] {
    const state = read(LockState, data);
    if (state === undefined) return [{ what: "unreadable", says: "the saved lock does not decode" }];
    return [...this.#holderDiffers(state), ...this.#waitersDiffer(state)];
  }

  #holderDiffers(state: LockState): DataDifference[] {
    const mine = this.holder;
    const theirs = state.holder;
    if (mine === null && theirs === undefined) return [];
    if (mine === null) {
      const session = theirs?.sessionId ?? 0n;
      return [{ what: "holder-extra", session, says: `the lock should be free, and session ${session} holds it` }];
    }
    const { session, since } = mine;
    if (theirs === undefined) {
      return [
        { what: "holder-missing", session, since, says: `session ${session} should hold the lock, and it is free` },
      ];
    }
    if (theirs.sessionId !== session) {
      const says = `session ${session} should hold the lock, and ${theirs.sessionId} does`;
      return [{ what: "holder-other", session: theirs.sessionId, since, says }];
    }
    if (theirs.token === mine.token) return [];
    return [
      { what: "holder-token", session, since, says: `the token should be ${mine.token}, and is ${theirs.token}` },
    ];
  }

  #waitersDiffer(state: LockState): DataDifference[] {
    const found: DataDifference[] = [];
    const name = (session: bigint, num: bigint): string => `${session}/${num}`;
    const theirs = new Map(state.waiters.map((waiter) => [name(waiter.sessionId, waiter.sequenceNum), waiter]));
    const mine = new Set(this.waiters.map((waiter) => name(waiter.session, waiter.num)));
    for (const waiter of this.waiters) {
      const { session, num, token: since } = waiter;
      const saved = theirs.get(name(session, num));
      const who = `command ${num} of session ${session}`;
      if (saved === undefined) {
        found.push({ what: "waiter-missing", session, num, since, says: `${who} should wait, and does not` });
        continue;
      }
      if (saved.token !== waiter.token)
        found.push({ what: "waiter-token", session, num, says: `${who} has another token` });
      if (nanosOf(saved.deadline) !== waiter.deadline) {
        found.push({ what: "waiter-deadline", session, num, says: `${who} waits until another instant` });
      }
    }
    for (const { sessionId: session, sequenceNum: num } of state.waiters) {
      if (mine.has(name(session, num))) continue;
      found.push({ what: "waiter-extra", session, num, says: `command ${num} of session ${session} should not wait` });
    }
    const order = state.waiters.map((waiter) => name(waiter.sessionId, waiter.sequenceNum)).join();
    if (found.length === 0 && order !== [...mine].join()) {
      found.push({ what: "waiter-order", says: "the waiters stand in another order than they came" });
    }
    return found;
  }

  #hold(holder: Holder | null): void {
    this.#around.journal.set<LockModel, "holder">(this, "holder", holder);
  }

  #queue(waiters: readonly Waiter[]): void {
    this.#around.journal.set<LockModel, "waiters">(this, "waiters", waiters);
  }
}

const granted = (token: bigint): Uint8Array => encode(AcquireOutput, { token });

// Timers run by (deadline, session, number).
function runsBefore(a: Waiter, b: Waiter): boolean {
  if (a.deadline !== b.deadline) return (a.deadline as bigint) < (b.deadline as bigint);
  return a.session !== b.session ? a.session < b.session : a.num < b.num;
}

const nanosOf = (deadline: SecondsAndNanos | undefined): bigint | null =>
  deadline === undefined ? null : toNanos(deadline);

function facts(data: Uint8Array): DataFacts | null {
  const state = read(LockState, data);
  if (state === undefined) return null;
  const same = sameBytes(encode(LockState, state), data);
  return {
    disorder: same ? null : "it encodes to other bytes",
    deadlines: state.waiters.flatMap(({ deadline }) => (deadline === undefined ? [] : [toNanos(deadline)])),
    waiting: state.waiters.map(({ sessionId, sequenceNum }) => ({ session: sessionId, num: sequenceNum })),
    holders: state.holder === undefined ? [] : [state.holder.sessionId],
  };
}

export const lock: ServiceKindModel = {
  create: (around) => new LockModel(around),
  facts,
  answers: { Acquire: AcquireOutput, Release: ReleaseOutput, Get: GetOutput },
};
