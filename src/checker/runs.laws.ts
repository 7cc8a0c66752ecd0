// Short runs written by hand, and what is said of them: what the tests of properties have in common.
// Line numbers: the header is line 1; begun() writes lines 2 to 5.
import { describe, expect, test } from "vitest";
import type { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import type { SessionStatus_State as State } from "../proto/atomix/runtime/v1/session.js";
import { CounterOutput, CounterState } from "../proto/multiraft_sim/counter/v1/counter.js";
import { AcquireOutput } from "../proto/multiraft_sim/lock/v1/lock.js";
import { AddInput, ChangeOutput, Event, Event_Kind } from "../proto/multiraft_sim/set/v1/set.js";
import { SetInput, ValueState, WriteOutput } from "../proto/multiraft_sim/value/v1/value.js";
import { Status } from "../protocol/failure.js";
import { CommandNum, LogIndex, OutputNum, ServiceId, SessionId } from "../protocol/words.js";
import {
  command,
  createService,
  emission,
  NOTHING,
  openSession,
  output,
  savedCommand,
  savedSession,
  Tape,
} from "./tape.laws.js";

export interface Case {
  readonly holds: Tape;
  readonly breaks: Tape;
  /** Of the first witness. */
  readonly lines: readonly number[];
}

export const { OK, CANCELED, NOT_FOUND, INVALID } = Status;
export const number = (value: bigint): Uint8Array => CounterOutput.encode({ value }).finish();
export const token = (value: bigint): Uint8Array => AcquireOutput.encode({ token: value }).finish();
export const increment = (num: bigint): ReturnType<typeof command> => command(1n, num, 2n, "Increment");

// Entry 1 opens session 1 with a time-out of 10 s at 100 s; entry 2 creates a service of the kind with id 2.
export function begun(kind = "counter", replicas = 2, snapshots: "canonical" | "opaque" = "canonical"): Tape {
  const tape = new Tape(replicas, snapshots);
  return tape
    .entry(100n, openSession(10n), tape.answers.opened())
    .entry(100n, createService(1n, kind), tape.answers.created());
}

// The state after begun(), and what else is said.
export function state(more: Partial<PartitionSnapshot> = {}, kind = "counter", data = NOTHING): PartitionSnapshot {
  return {
    index: 2n,
    timestamp: { seconds: 100n, nanos: 0 },
    sessions: [savedSession(1n, 10n, 100n)],
    services: [{ serviceId: 2n, spec: { service: kind, namespace: "", name: kind }, data, sessions: [1n] }],
    ...more,
  };
}

// Session 3 opens at 100 s and opens service 2, too: entries 3 and 4, lines 6 to 9.
export function shared(kind: string): Tape {
  const tape = begun(kind);
  return tape
    .entry(100n, openSession(10n), tape.answers.opened())
    .entry(100n, createService(3n, kind), tape.answers.created(2n));
}

export function with_<Made>(made: Made, ...doings: ((made: Made) => unknown)[]): Made {
  for (const doing of doings) doing(made);
  return made;
}

// Command 1 of session 1 increments the counter: entry 3, lines 6 and 7.
export const incremented = (): Tape =>
  with_(begun(), (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))));
export const afterIncrement = (
  more: Partial<PartitionSnapshot> = {},
  commands = [rememberedIncrement],
): PartitionSnapshot =>
  state(
    { index: 3n, sessions: [savedSession(1n, 10n, 100n, commands)], ...more },
    "counter",
    CounterState.encode({ value: 1n }).finish(),
  );
export const rememberedIncrement = savedCommand(increment(1n), false, [output(1n, OK, number(1n))]);

// Session 1 holds the lock (command 1, entry 5, lines 10 and 11); session 3 waits for it (command 1, entry 6, lines 12, 13).
export const contended = (): Tape =>
  with_(
    shared("lock"),
    (t) => t.entry(100n, command(1n, 1n, 2n, "Acquire"), t.answers.outputs(true, output(1n, OK, token(5n)))),
    (t) => t.entry(100n, command(3n, 1n, 2n, "Acquire"), t.answers.outputs(false)),
  );
export const granted = emission(3n, 1n, output(1n, OK, token(6n)), true);

export const ref = { client: "c1", incarnation: 0, partition: 1 } as const;
export const spec = { service: "counter", namespace: "", name: "counter" };
export const get = {
  maxReceivedIndex: 0n,
  input: {
    $case: "sessionQuery" as const,
    value: {
      sessionId: 1n,
      input: { $case: "serviceQuery" as const, value: { serviceId: 2n, operation: { name: "Get", payload: NOTHING } } },
    },
  },
};
export const counted = (value: bigint) => ({
  kind: "answer" as const,
  output: {
    output: {
      $case: "sessionQuery" as const,
      value: {
        output: {
          $case: "serviceQuery" as const,
          value: { operation: { status: OK, payload: number(value), message: "" } },
        },
      },
    },
  },
});

// A client begins operation `op`; with a number it is a command.
export const invoke = (t: Tape, op: number, num?: bigint, operation = "Get", sync = false): Tape => {
  const common = {
    e: "invoke",
    ...ref,
    op,
    session: SessionId(1n),
    service: ServiceId(2n),
    spec,
    operation,
    payload: NOTHING,
  } as const;
  return num === undefined ? t.line({ ...common, sync }) : t.line({ ...common, command: CommandNum(num) });
};
export const returns = (t: Tape, op: number, value: bigint, index: bigint): Tape =>
  t.line({ e: "return", ...ref, op, outcome: "ok", status: OK, payload: number(value), index: LogIndex(index) });
export const asks = (t: Tape, replica: number, op: number, at: bigint, needs = 0n, sync = false): Tape =>
  t.line({
    e: "query",
    partition: 1,
    replica,
    query: `c1.0/op${op}/try1`,
    sync,
    input: { ...get, maxReceivedIndex: needs },
    index: LogIndex(at),
    parked: needs > at,
  });
export const answers = (
  t: Tape,
  replica: number,
  op: number,
  at: bigint,
  value: bigint,
  needs = 0n,
  sync = false,
): Tape =>
  t.line({
    e: "answer",
    partition: 1,
    replica,
    query: `c1.0/op${op}/try1`,
    sync,
    input: { ...get, maxReceivedIndex: needs },
    index: LogIndex(at),
    answer: counted(value),
  });

// A stream of changes of a set: command 1 of session 1, entry 3, lines 6 and 7.
export const listening = (): Tape =>
  with_(begun("set"), (t) => t.entry(100n, command(1n, 1n, 2n, "Events"), t.answers.outputs(false, output(1n, OK))));
export const add = AddInput.encode({ element: "a" }).finish();
export const added = Event.encode({ kind: Event_Kind.KIND_ADDED, element: "a" }).finish();
export const changed = output(1n, OK, ChangeOutput.encode({ changed: true }).finish());
export const told = (num: bigint): ReturnType<typeof emission> => emission(1n, 1n, output(num, OK, added), false);

export const receives = (t: Tape, num: bigint, payload = NOTHING): Tape =>
  t.line({
    e: "receive",
    ...ref,
    op: 1,
    session: SessionId(1n),
    command: CommandNum(1n),
    output: OutputNum(num),
    status: OK,
    payload,
    index: LogIndex(3n),
    complete: false,
  });

export const registered = (t: Tape, version: bigint, to: State): Tape => {
  const meta = { id: { name: "c1", primitive: { id: "counter" } }, version, labels: new Map<string, string>() };
  const entry = { meta, spec: { kind: "counter", config: undefined }, status: { state: to } };
  return t.line({ e: "registry", change: "moved", version, entry, partition: 1, session: SessionId(1n) });
};

// Session 1 times out in an entry at 110 s, its deadline: entry 3, lines 6 and 7.
export const expired = (): Tape => with_(begun(), (t) => t.entry(110n, undefined, t.answers.tick()));

// Entry 3 sets the value with a time to live of 5 s; the saved deadline is `until`. Lines 6 to 8.
export function writtenWithTtl(until: bigint): Tape {
  const tape = begun("value");
  const value = new Uint8Array([1]);
  const ttl = { seconds: 5n, nanos: 0 };
  const set = command(1n, 1n, 2n, "Set", SetInput.encode({ value, ttl }).finish());
  const written = output(1n, OK, WriteOutput.encode({ version: 3n }).finish());
  const entry = { value, version: 3n, deadline: { seconds: until, nanos: 0 } };
  return tape
    .entry(100n, set, tape.answers.outputs(true, written))
    .observe(
      1,
      state(
        { index: 3n, sessions: [savedSession(1n, 10n, 100n, [savedCommand(set, false, [written])])] },
        "value",
        ValueState.encode({ entry, listeners: [] }).finish(),
      ),
    );
}

export function opened(): Parameters<Tape["line"]>[0] {
  return { e: "session", ...ref, change: "opened", session: SessionId(1n), index: LogIndex(1n) };
}

export function crashed(): Parameters<Tape["line"]>[0] {
  return { e: "session", ...ref, change: "crashed", session: SessionId(1n) };
}

/** Each case as two tests. */
export function testEach(cases: Readonly<Record<string, Case>>): void {
  const options = { traps: true };
  describe.each(Object.entries(cases))("%s", (property, { holds, breaks, lines }) => {
    test("holds where nothing is wrong, and nothing else is broken there", () => {
      const judgement = holds.judge(options);
      expect(judgement.first).toBeNull();
      const result = holds.verdict(property, options);
      expect(result).toMatchObject({ verdict: "holds", broken: 0 });
      expect(result.judged).toBeGreaterThan(0);
    });

    test("breaks where something is, with the lines that show it", () => {
      const result = breaks.verdict(property, options);
      expect(result.verdict).toBe("broken");
      expect(result.witnesses[0]?.lines).toEqual(lines);
    });
  });
}
