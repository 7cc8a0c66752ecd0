// The services' models, case by case: what SPEC 2.4 says, worked out by hand.
import { describe, expect, test } from "vitest";
import { Status } from "../../protocol/failure.js";
import {
  CompareAndSetInput,
  CounterOutput,
  IncrementInput,
  SetInput,
} from "../../proto/multiraft_sim/counter/v1/counter.js";
import { EnterInput, Term } from "../../proto/multiraft_sim/election/v1/election.js";
import { AcquireInput, AcquireOutput, ReleaseInput } from "../../proto/multiraft_sim/lock/v1/lock.js";
import {
  EntriesOutput,
  Event,
  Event_Kind,
  PutInput,
  RemoveInput,
  UpdateInput,
} from "../../proto/multiraft_sim/map/v1/map.js";
import { AddInput, ChangeOutput } from "../../proto/multiraft_sim/set/v1/set.js";
import { Journal } from "./journal.js";
import { models } from "./registry.js";
import type { Answered, ServiceModel, Surroundings } from "./service.js";

const { OK, CONFLICT, NOT_FOUND, ALREADY_EXISTS, TIMEOUT, INVALID } = Status;
const SECOND = 1_000_000_000n;

interface Emitted {
  readonly session: bigint;
  readonly num: bigint;
  readonly status: Status;
  readonly payload: Uint8Array;
  readonly complete: boolean;
}

// A service alone: the test plays the session machine.
function alone(kind: string) {
  const emitted: Emitted[] = [];
  const around: Surroundings & { now: bigint; index: bigint } = {
    journal: new Journal(),
    now: 0n,
    index: 0n,
    cause: "command",
    emit: (session, num, _about, status, payload, complete) =>
      emitted.push({ session, num, status, payload, complete }),
    due: () => undefined,
    note: () => undefined,
  };
  around.journal.begin();
  const service = models[kind]!.create(around) as ServiceModel;
  let num = 0n;
  const ask = (operation: string, payload = new Uint8Array(0) as Uint8Array, session = 1n): Answered | "waits" => {
    around.index++;
    return service.command(operation, payload, { session, num: ++num, index: around.index });
  };
  const status = (...asked: Parameters<typeof ask>): Status | "waits" => {
    const answer = ask(...asked);
    return answer === "waits" ? answer : answer.status;
  };
  return { service, around, emitted, ask, status };
}

const payloadOf = (answer: Answered | "waits"): Uint8Array => (answer === "waits" ? new Uint8Array(0) : answer.payload);

describe("counter", () => {
  test("wraps at int64, steps by 1 when nothing is said, and refuses a stale compare", () => {
    const { ask, status } = alone("counter");
    const value = (answer: Answered | "waits"): bigint => CounterOutput.decode(payloadOf(answer)).value;
    expect(value(ask("Set", SetInput.encode({ value: 2n ** 63n - 1n }).finish()))).toBe(2n ** 63n - 1n);
    expect(value(ask("Increment"))).toBe(-(2n ** 63n));
    expect(value(ask("Decrement", IncrementInput.encode({ delta: 2n }).finish()))).toBe(2n ** 63n - 2n);
    expect(status("CompareAndSet", CompareAndSetInput.encode({ expect: 0n, update: 1n }).finish())).toBe(CONFLICT);
  });
});

describe("lock", () => {
  const acquire = (seconds?: bigint): Uint8Array =>
    AcquireInput.encode({ timeout: seconds === undefined ? undefined : { seconds, nanos: 0 } }).finish();

  test("serves waiters in order of arrival, with the token of their Acquire", () => {
    const { ask, status, emitted } = alone("lock");
    expect(AcquireOutput.decode(payloadOf(ask("Acquire", acquire(), 1n))).token).toBe(1n);
    expect(status("Acquire", acquire(), 2n)).toBe("waits");
    expect(status("Acquire", acquire(), 3n)).toBe("waits");
    expect(status("Release", undefined, 2n)).toBe(CONFLICT);
    expect(status("Release", ReleaseInput.encode({ token: 9n }).finish(), 1n)).toBe(CONFLICT);
    expect(status("Release", ReleaseInput.encode({ token: 1n }).finish(), 1n)).toBe(OK);
    expect(emitted).toHaveLength(1);
    expect(emitted[0]).toMatchObject({ session: 2n, num: 2n, complete: true });
    expect(AcquireOutput.decode(emitted[0]!.payload).token).toBe(2n);
  });

  test("a time-out of 0 is a try, a negative one INVALID; of two that are due the lower session goes first", () => {
    const { service, around, status, emitted } = alone("lock");
    status("Acquire", acquire(), 1n);
    expect(status("Acquire", acquire(0n), 2n)).toBe(TIMEOUT);
    expect(status("Acquire", acquire(-1n), 2n)).toBe(INVALID);
    status("Acquire", acquire(5n), 4n);
    status("Acquire", acquire(5n), 3n);
    around.now = 5n * SECOND;
    expect(service.nextTimer()?.deadline).toBe(5n * SECOND);
    service.nextTimer()?.fire();
    service.nextTimer()?.fire();
    expect(service.nextTimer()).toBeNull();
    expect(emitted.map(({ session }) => session)).toEqual([3n, 4n]);
    expect(emitted.every(({ status: each, complete }) => each === TIMEOUT && complete)).toBe(true);
  });

  test("a free lock cannot be released", () => {
    expect(alone("lock").status("Release")).toBe(CONFLICT);
  });
});

describe("map", () => {
  const put = (key: string, ttl?: bigint): Uint8Array =>
    PutInput.encode({
      key,
      value: new Uint8Array([1]),
      ttl: ttl === undefined ? undefined : { seconds: ttl, nanos: 0 },
    }).finish();

  test("versions are indexes; a stale one is refused, and so is what is there or is not", () => {
    const { status } = alone("map");
    const update = (version?: bigint): Uint8Array =>
      UpdateInput.encode({ key: "a", value: new Uint8Array([2]), version, ttl: undefined }).finish();
    expect(status("Update", update())).toBe(NOT_FOUND); // entry 1
    expect(status("Insert", put("a"))).toBe(OK); // entry 2
    expect(status("Insert", put("a"))).toBe(ALREADY_EXISTS);
    expect(status("Update", update(1n))).toBe(CONFLICT);
    expect(status("Update", update(2n))).toBe(OK); // entry 5
    expect(status("Remove", RemoveInput.encode({ key: "a", version: 2n }).finish())).toBe(CONFLICT);
    expect(status("Remove", RemoveInput.encode({ key: "a", version: 5n }).finish())).toBe(OK);
  });

  test("each write sets the time to live anew; 0 is none, a negative one INVALID", () => {
    const { service, status } = alone("map");
    status("Put", put("a", 5n));
    expect(service.nextTimer()?.deadline).toBe(5n * SECOND);
    status("Put", put("a", 0n));
    expect(service.nextTimer()).toBeNull();
    expect(status("Put", put("a", -1n))).toBe(INVALID);
  });

  test("Entries and Clear go by UTF-8, where JavaScript's order is another", () => {
    const { service, ask, emitted } = alone("map");
    // U+FF5E is EF BD 9E in UTF-8, U+10000 is F0 90 80 80; in UTF-16 the second one sorts first.
    for (const key of ["\u{10000}", "\uff5e", "a"]) ask("Put", put(key));
    const keys = EntriesOutput.decode(service.query("Entries", new Uint8Array(0)).payload).entries.map(
      ({ key }) => key,
    );
    expect(keys).toEqual(["a", "\uff5e", "\u{10000}"]);
    ask("Events");
    ask("Clear");
    const events = emitted.map(({ payload }) => Event.decode(payload));
    expect(events.map(({ key }) => key)).toEqual(["a", "\uff5e", "\u{10000}"]);
    expect(events.every(({ kind }) => kind === Event_Kind.KIND_REMOVED)).toBe(true);
    expect(events.map(({ version }) => version)).toEqual([3n, 2n, 1n]);
  });
});

describe("set", () => {
  test("says whether it changed, and tells only of changes", () => {
    const { ask, emitted } = alone("set");
    const add = (): boolean =>
      ChangeOutput.decode(payloadOf(ask("Add", AddInput.encode({ element: "a" }).finish()))).changed;
    ask("Events");
    expect([add(), add()]).toEqual([true, false]);
    expect(emitted).toHaveLength(1);
  });
});

describe("election", () => {
  const name = (candidate: string): Uint8Array => EnterInput.encode({ candidate }).finish();
  const term = (answer: Answered | "waits"): unknown => {
    const { term: number, leader, candidates } = Term.decode(payloadOf(answer));
    return [number, leader, ...candidates];
  };

  test("the first one leads; every change of who leads begins a term", () => {
    const { ask } = alone("election");
    expect(term(ask("Enter", name("a"), 1n))).toEqual([1n, "a"]);
    expect(term(ask("Enter", name("b"), 2n))).toEqual([1n, "a", "b"]);
    expect(term(ask("Enter", name("c"), 3n))).toEqual([1n, "a", "b", "c"]);
    expect(term(ask("Anoint", name("c")))).toEqual([2n, "c", "a", "b"]);
    expect(term(ask("Promote", name("b")))).toEqual([2n, "c", "b", "a"]);
    expect(term(ask("Promote", name("b")))).toEqual([3n, "b", "c", "a"]);
    expect(term(ask("Demote", name("b")))).toEqual([4n, "c", "b", "a"]);
    expect(term(ask("Evict", name("c")))).toEqual([5n, "b", "a"]);
    expect(term(ask("Promote", name("b")))).toEqual([5n, "b", "a"]);
    expect(term(ask("Demote", name("a")))).toEqual([5n, "b", "a"]);
  });

  test("taking over the leader's name is a change of leader, of another's is none; nobody leading keeps the term", () => {
    const { service, ask, status } = alone("election");
    ask("Enter", name("a"), 1n);
    ask("Enter", name("b"), 1n);
    expect(term(ask("Enter", name("b"), 2n))).toEqual([1n, "a", "b"]);
    expect(term(ask("Enter", name("a"), 2n))).toEqual([2n, "a", "b"]);
    expect(status("Withdraw", name("a"), 1n)).toBe(CONFLICT);
    expect(status("Withdraw", name("x"), 1n)).toBe(NOT_FOUND);
    service.left(2n);
    expect(term(service.query("GetTerm", new Uint8Array(0)))).toEqual([2n, undefined]);
    expect(term(ask("Enter", name("a"), 1n))).toEqual([3n, "a"]);
  });

  test("a session with the two first places leaves them in one change", () => {
    const { service, ask, emitted } = alone("election");
    ask("Enter", name("a"), 1n);
    ask("Enter", name("b"), 1n);
    ask("Enter", name("c"), 2n);
    ask("Events", undefined, 2n);
    service.left(1n);
    expect(emitted.map(({ payload }) => term({ status: OK, payload, open: true }))).toEqual([[2n, "c"]]);
  });
});
