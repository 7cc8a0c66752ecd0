// Every property, on a trace written by hand that keeps it and on one that breaks it; and the lines that the witness names.
// Line numbers: the header is line 1; begun() writes lines 2 to 5.
import { describe, expect, test } from "vitest";
import type { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { SessionStatus_State as State } from "../proto/atomix/runtime/v1/session.js";
import { CounterOutput, CounterState } from "../proto/multiraft_sim/counter/v1/counter.js";
import { ElectionState, EnterInput, Term } from "../proto/multiraft_sim/election/v1/election.js";
import { AcquireOutput } from "../proto/multiraft_sim/lock/v1/lock.js";
import { AddInput, ChangeOutput, Event, Event_Kind } from "../proto/multiraft_sim/set/v1/set.js";
import { SetInput, ValueState, WriteOutput } from "../proto/multiraft_sim/value/v1/value.js";
import { Status } from "../protocol/failure.js";
import { CommandNum, LogIndex, OutputNum, ServiceId, SessionId } from "../protocol/words.js";
import { catalogue } from "./catalogue.js";
import { withSameSeed } from "./judge.js";
import {
  closeService,
  closeSession,
  command,
  createService,
  emission,
  keepAlive,
  NOTHING,
  openSession,
  output,
  savedCommand,
  savedMark,
  savedSession,
  Tape,
} from "./tape.laws.js";

interface Case {
  readonly holds: Tape;
  readonly breaks: Tape;
  /** Of the first witness. */
  readonly lines: readonly number[];
}

const { OK, CANCELED, NOT_FOUND, INVALID } = Status;
const number = (value: bigint): Uint8Array => CounterOutput.encode({ value }).finish();
const token = (value: bigint): Uint8Array => AcquireOutput.encode({ token: value }).finish();
const increment = (num: bigint): ReturnType<typeof command> => command(1n, num, 2n, "Increment");

// Entry 1 opens session 1 with a time-out of 10 s at 100 s; entry 2 creates a service of the kind with id 2.
function begun(kind = "counter", replicas = 2, snapshots: "canonical" | "opaque" = "canonical"): Tape {
  const tape = new Tape(replicas, snapshots);
  return tape
    .entry(100n, openSession(10n), tape.answers.opened())
    .entry(100n, createService(1n, kind), tape.answers.created());
}

// The state after begun(), and what else is said.
function state(more: Partial<PartitionSnapshot> = {}, kind = "counter", data = NOTHING): PartitionSnapshot {
  return {
    index: 2n,
    timestamp: { seconds: 100n, nanos: 0 },
    sessions: [savedSession(1n, 10n, 100n)],
    services: [{ serviceId: 2n, spec: { service: kind, namespace: "", name: kind }, data, sessions: [1n] }],
    ...more,
  };
}

// Session 3 opens at 100 s and opens service 2, too: entries 3 and 4, lines 6 to 9.
function shared(kind: string): Tape {
  const tape = begun(kind);
  return tape
    .entry(100n, openSession(10n), tape.answers.opened())
    .entry(100n, createService(3n, kind), tape.answers.created(2n));
}

function with_<Made>(made: Made, ...doings: ((made: Made) => unknown)[]): Made {
  for (const doing of doings) doing(made);
  return made;
}

// Command 1 of session 1 increments the counter: entry 3, lines 6 and 7.
const incremented = (): Tape =>
  with_(begun(), (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))));
const afterIncrement = (more: Partial<PartitionSnapshot> = {}, commands = [rememberedIncrement]): PartitionSnapshot =>
  state(
    { index: 3n, sessions: [savedSession(1n, 10n, 100n, commands)], ...more },
    "counter",
    CounterState.encode({ value: 1n }).finish(),
  );
const rememberedIncrement = savedCommand(increment(1n), false, [output(1n, OK, number(1n))]);

// Session 1 holds the lock (command 1, entry 5, lines 10 and 11); session 3 waits for it (command 1, entry 6, lines 12, 13).
const contended = (): Tape =>
  with_(
    shared("lock"),
    (t) => t.entry(100n, command(1n, 1n, 2n, "Acquire"), t.answers.outputs(true, output(1n, OK, token(5n)))),
    (t) => t.entry(100n, command(3n, 1n, 2n, "Acquire"), t.answers.outputs(false)),
  );
const granted = emission(3n, 1n, output(1n, OK, token(6n)), true);

const ref = { client: "c1", incarnation: 0, partition: 1 } as const;
const spec = { service: "counter", namespace: "", name: "counter" };
const get = {
  maxReceivedIndex: 0n,
  input: {
    $case: "sessionQuery" as const,
    value: {
      sessionId: 1n,
      input: { $case: "serviceQuery" as const, value: { serviceId: 2n, operation: { name: "Get", payload: NOTHING } } },
    },
  },
};
const counted = (value: bigint) => ({
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
const invoke = (t: Tape, op: number, num?: bigint, operation = "Get", sync = false): Tape => {
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
const returns = (t: Tape, op: number, value: bigint, index: bigint): Tape =>
  t.line({ e: "return", ...ref, op, outcome: "ok", status: OK, payload: number(value), index: LogIndex(index) });
const asks = (t: Tape, replica: number, op: number, at: bigint, needs = 0n, sync = false): Tape =>
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
const answers = (t: Tape, replica: number, op: number, at: bigint, value: bigint, needs = 0n, sync = false): Tape =>
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
const listening = (): Tape =>
  with_(begun("set"), (t) => t.entry(100n, command(1n, 1n, 2n, "Events"), t.answers.outputs(false, output(1n, OK))));
const add = AddInput.encode({ element: "a" }).finish();
const added = Event.encode({ kind: Event_Kind.KIND_ADDED, element: "a" }).finish();
const changed = output(1n, OK, ChangeOutput.encode({ changed: true }).finish());
const told = (num: bigint): ReturnType<typeof emission> => emission(1n, 1n, output(num, OK, added), false);

const receives = (t: Tape, num: bigint, payload = NOTHING): Tape =>
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

const registered = (t: Tape, version: bigint, to: State): Tape => {
  const meta = { id: { name: "c1", primitive: { id: "counter" } }, version, labels: new Map<string, string>() };
  const entry = { meta, spec: { kind: "counter", config: undefined }, status: { state: to } };
  return t.line({ e: "registry", change: "moved", version, entry, partition: 1, session: SessionId(1n) });
};

// Session 1 times out in an entry at 110 s, its deadline: entry 3, lines 6 and 7.
const expired = (): Tape => with_(begun(), (t) => t.entry(110n, undefined, t.answers.tick()));

const cases: Readonly<Record<string, Case>> = {
  "time/never-goes-back": {
    holds: begun().observe(1, state()),
    breaks: begun().observe(1, state({ timestamp: { seconds: 99n, nanos: 0 } })),
    lines: [6],
  },
  "timer/nothing-due-left": {
    holds: expired().observe(
      1,
      state({
        index: 3n,
        timestamp: { seconds: 110n, nanos: 0 },
        sessions: [],
        services: [{ ...state().services[0]!, sessions: [] }],
      }),
    ),
    breaks: expired().observe(1, state({ index: 3n, timestamp: { seconds: 110n, nanos: 0 } })),
    lines: [8],
  },
  "session/never-early": {
    holds: with_(begun(), (t) => t.entry(109n, keepAlive(1n), t.answers.kept())),
    breaks: with_(begun(), (t) => t.entry(109n, keepAlive(1n), t.answers.no(NOT_FOUND))),
    lines: [2, 6, 7],
  },
  "session/never-late": {
    holds: with_(begun(), (t) => t.entry(110n, keepAlive(1n), t.answers.no(NOT_FOUND))),
    breaks: with_(begun(), (t) => t.entry(110n, keepAlive(1n), t.answers.kept())),
    lines: [2, 6, 7],
  },
  "session/dead-stays-dead": {
    holds: with_(
      begun(),
      (t) => t.entry(101n, closeSession(1n), t.answers.closed()),
      (t) => t.entry(101n, increment(1n), t.answers.no(NOT_FOUND)),
    ),
    breaks: with_(
      begun(),
      (t) => t.entry(101n, closeSession(1n), t.answers.closed()),
      (t) => t.entry(101n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))),
    ),
    lines: [2, 6, 8, 9],
  },
  "session/id-is-index": {
    holds: begun(),
    breaks: with_(begun(), (t) => t.entry(100n, openSession(10n), t.answers.opened(2n))),
    lines: [6, 7],
  },
  "session/isolation": {
    holds: with_(contended(), (t) => t.entry(100n, closeService(1n, 2n), t.answers.serviceClosed(), [granted])),
    breaks: with_(contended(), (t) =>
      t.entry(100n, closeService(1n, 2n), t.answers.serviceClosed(), [emission(3n, 1n, output(1n, CANCELED), true)]),
    ),
    lines: [14, 15],
  },
  "command/at-most-once": {
    holds: with_(incremented(), (t) =>
      t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))),
    ),
    breaks: with_(incremented(), (t) =>
      t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(2n)))),
    ),
    lines: [6, 8, 9],
  },
  "command/same-answer": {
    holds: with_(
      incremented(),
      (t) => t.entry(100n, keepAlive(1n, 1n), t.answers.kept()),
      (t) => t.entry(100n, increment(1n), t.answers.no(CANCELED)),
    ),
    breaks: with_(incremented(), (t) => t.entry(100n, increment(1n), t.answers.outputs(false))),
    lines: [6, 8, 9],
  },
  "output/gapless": {
    holds: with_(listening(), (t) =>
      t.entry(100n, command(1n, 2n, 2n, "Add", add), t.answers.outputs(true, changed), [told(2n)]),
    ),
    breaks: with_(listening(), (t) =>
      t.entry(100n, command(1n, 2n, 2n, "Add", add), t.answers.outputs(true, changed), [told(1n)]),
    ),
    lines: [6, 8, 9],
  },
  "output/none-lost": {
    holds: with_(
      listening(),
      (t) => invoke(t, 1, 1n, "Events"),
      (t) => receives(t, 1n),
      (t) =>
        t.line({
          e: "keep-alive",
          ...ref,
          session: SessionId(1n),
          lastInput: CommandNum(1n),
          open: [CommandNum(1n)],
          acknowledged: [{ command: CommandNum(1n), output: OutputNum(1n) }],
        }),
    ),
    breaks: with_(
      listening(),
      (t) => invoke(t, 1, 1n, "Events"),
      (t) =>
        t.line({
          e: "keep-alive",
          ...ref,
          session: SessionId(1n),
          lastInput: CommandNum(1n),
          open: [CommandNum(1n)],
          acknowledged: [{ command: CommandNum(1n), output: OutputNum(1n) }],
        }),
    ),
    lines: [9],
  },
  "keepalive/harmless": {
    // {1} holds the open command 1; command 2 is above last_input.
    holds: with_(
      incremented(),
      (t) => t.entry(100n, keepAlive(1n, 0n), t.answers.kept()),
      (t) => t.observe(1, afterIncrement({ index: 4n })),
    ),
    breaks: with_(
      incremented(),
      (t) => t.entry(100n, keepAlive(1n, 0n), t.answers.kept()),
      (t) => t.observe(1, afterIncrement({ index: 4n }, [])),
    ),
    lines: [6, 8, 10],
  },
  "service/as-modelled": {
    holds: incremented(),
    breaks: with_(begun(), (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(7n))))),
    lines: [6, 7],
  },
  "replica/same-outputs": {
    holds: with_(new Tape(2), (t) => {
      const reply = t.answers.opened();
      t.commit(100n, openSession(10n)).apply(1, reply).apply(2, reply);
    }),
    breaks: with_(begun(), (t) => t.apply(2, t.answers.no(INVALID), [], 1n)),
    lines: [2, 3, 6],
  },
  "replica/same-state": {
    holds: with_(
      new Tape(2),
      (t) => t.commit(100n).apply(1, t.answers.tick()),
      (t) => {
        const empty = { index: 1n, timestamp: { seconds: 100n, nanos: 0 }, sessions: [], services: [] };
        t.observe(1, empty);
        t.apply(2, { kind: "answer", complete: true, outputs: [{ index: 1n, output: undefined }] });
        t.observe(2, empty);
      },
    ),
    breaks: with_(
      new Tape(2),
      (t) => t.commit(100n).apply(1, t.answers.tick()),
      (t) => {
        const empty = { index: 1n, timestamp: { seconds: 100n, nanos: 0 }, sessions: [], services: [] };
        t.observe(1, empty);
        t.apply(2, { kind: "answer", complete: true, outputs: [{ index: 1n, output: undefined }] });
        t.observe(2, { ...empty, timestamp: { seconds: 101n, nanos: 0 } });
      },
    ),
    lines: [4, 6],
  },
  "snapshot/canonical": {
    holds: shared("counter").observe(
      1,
      state({
        index: 4n,
        sessions: [savedSession(1n, 10n, 100n), savedSession(3n, 10n, 100n)],
        services: [{ ...state().services[0]!, sessions: [1n, 3n] }],
      }),
    ),
    breaks: shared("counter").observe(
      1,
      state({
        index: 4n,
        sessions: [savedSession(3n, 10n, 100n), savedSession(1n, 10n, 100n)],
        services: [{ ...state().services[0]!, sessions: [1n, 3n] }],
      }),
    ),
    lines: [10],
  },
  "snapshot/invisible": {
    holds: with_(
      begun().save(1, 1, state()).restore(2, 1, 2n),
      (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))),
      (t) =>
        t.apply(2, {
          kind: "answer",
          complete: true,
          outputs: [
            {
              index: 3n,
              output: {
                $case: "sessionCommand",
                value: { output: { $case: "serviceCommand", value: output(1n, OK, number(1n)) } },
              },
            },
          ],
        }),
    ),
    breaks: with_(
      begun().save(1, 1, state()).restore(2, 1, 2n),
      (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))),
      (t) =>
        t.apply(2, {
          kind: "answer",
          complete: true,
          outputs: [
            {
              index: 3n,
              output: {
                $case: "sessionCommand",
                value: { output: { $case: "serviceCommand", value: output(1n, OK, number(2n)) } },
              },
            },
          ],
        }),
    ),
    lines: [7, 8, 10],
  },
  "snapshot/refuses-damage": {
    holds: begun().save(1, 1, state()).restore(2, 1, 2n, { damage: "one bit", refused: "checksum" }).restore(2, 1, 2n),
    breaks: begun().save(1, 1, state()).restore(2, 1, 2n, { damage: "one bit" }),
    lines: [6, 7],
  },
  "reads/change-nothing": {
    holds: begun().observe(1, state(), "before-query").observe(1, state(), "after-query"),
    breaks: begun()
      .observe(1, state(), "before-query")
      .observe(1, state({ services: [] }), "after-query"),
    lines: [6, 7],
  },
  "query/answered": {
    holds: with_(
      begun(),
      (t) => asks(t, 1, 1, 2n, 3n),
      (t) => t.entry(100n, undefined, t.answers.tick()),
      (t) => answers(t, 1, 1, 3n, 0n, 3n),
    )
      .later(1)
      .line({ e: "phase", phase: "end" }),
    breaks: with_(
      begun(),
      (t) => asks(t, 1, 1, 2n, 3n),
      (t) => t.entry(100n, undefined, t.answers.tick()),
    )
      .later(1)
      .line({ e: "phase", phase: "end" }),
    lines: [6, 8, 9],
  },
  "query/monotonic": {
    holds: with_(
      begun(),
      (t) => answers(invoke(t, 1), 1, 1, 2n, 0n),
      (t) => returns(t, 1, 0n, 2n),
      (t) => answers(invoke(t, 2), 1, 2, 2n, 0n),
      (t) => returns(t, 2, 0n, 2n),
    ),
    // Replica 1 has applied more than replica 2, which answers the second query. The counter is 0 at both.
    breaks: with_(
      begun(),
      (t) => t.entry(100n, undefined, t.answers.tick()),
      (t) => answers(invoke(t, 1), 1, 1, 3n, 0n),
      (t) => returns(t, 1, 0n, 3n),
      (t) => answers(invoke(t, 2), 2, 2, 2n, 0n),
      (t) => returns(t, 2, 0n, 2n),
    ),
    lines: [10, 11, 13],
  },
  "query/read-your-writes": {
    holds: with_(begun(), (t) => answers(t, 1, 1, 2n, 0n, 2n)),
    breaks: with_(begun(), (t) => answers(t, 1, 1, 2n, 0n, 3n)),
    lines: [6],
  },
  "linearizable/counter": {
    holds: with_(
      begun(),
      (t) => invoke(t, 1, 1n, "Increment"),
      (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))),
      (t) => returns(t, 1, 1n, 3n),
      (t) => answers(invoke(t, 2, undefined, "Get", true), 1, 2, 3n, 1n, 0n, true),
      (t) => returns(t, 2, 1n, 3n),
    ),
    // The increment was answered before the query began; it is answered with the value before.
    breaks: with_(
      begun(),
      (t) => invoke(t, 1, 1n, "Increment"),
      (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))),
      (t) => returns(t, 1, 1n, 3n),
      (t) => answers(invoke(t, 2, undefined, "Get", true), 2, 2, 2n, 0n, 0n, true),
      (t) => returns(t, 2, 0n, 2n),
    ),
    lines: [9, 10, 12],
  },
  "lock/exclusive": {
    holds: contended(),
    breaks: with_(
      shared("lock"),
      (t) => t.entry(100n, command(1n, 1n, 2n, "Acquire"), t.answers.outputs(true, output(1n, OK, token(5n)))),
      (t) => t.entry(100n, command(3n, 1n, 2n, "Acquire"), t.answers.outputs(true, output(1n, OK, token(6n)))),
    ),
    lines: [12, 13],
  },
  "lock/fifo": {
    holds: with_(contended(), (t) =>
      t.entry(100n, command(1n, 2n, 2n, "Release"), t.answers.outputs(true, output(1n, OK)), [granted]),
    ),
    breaks: with_(contended(), (t) =>
      t.entry(100n, command(1n, 2n, 2n, "Release"), t.answers.outputs(true, output(1n, OK)), []),
    ),
    lines: [12, 14, 15],
  },
  "lock/holder-alive": {
    holds: with_(contended(), (t) => t.entry(100n, closeSession(1n), t.answers.closed(), [granted])),
    breaks: with_(contended(), (t) => t.entry(100n, closeSession(1n), t.answers.closed(), [])),
    lines: [14, 15],
  },
  "election/one-leader": {
    holds: with_(begun("election"), (t) =>
      t.entry(
        100n,
        command(1n, 1n, 2n, "Enter", EnterInput.encode({ candidate: "a" }).finish()),
        t.answers.outputs(true, output(1n, OK, Term.encode({ term: 1n, leader: "a", candidates: [] }).finish())),
      ),
    ),
    breaks: with_(begun("election"), (t) =>
      t.entry(
        100n,
        command(1n, 1n, 2n, "Enter", EnterInput.encode({ candidate: "a" }).finish()),
        t.answers.outputs(true, output(1n, OK, Term.encode({ term: 0n, leader: "a", candidates: [] }).finish())),
      ),
    ),
    lines: [6, 7],
  },
  "election/alive": {
    holds: begun("election").observe(1, state({}, "election")),
    breaks: begun("election").observe(
      1,
      state(
        {},
        "election",
        ElectionState.encode({ term: 0n, participants: [{ name: "a", sessionId: 9n }], listeners: [] }).finish(),
      ),
    ),
    lines: [6],
  },
  "ttl/exact": {
    holds: writtenWithTtl(105n),
    breaks: writtenWithTtl(106n),
    lines: [8],
  },
  "events/complete": {
    holds: with_(listening(), (t) =>
      t.entry(100n, command(1n, 2n, 2n, "Add", add), t.answers.outputs(true, changed), [told(2n)]),
    ),
    breaks: with_(listening(), (t) =>
      t.entry(100n, command(1n, 2n, 2n, "Add", add), t.answers.outputs(true, changed), []),
    ),
    lines: [6, 8, 9],
  },
  "apply/total": {
    holds: begun(),
    breaks: begun()
      .commit(100n, keepAlive(1n))
      .line({
        e: "broke",
        partition: 1,
        replica: 1,
        during: "apply",
        index: LogIndex(3n),
        how: "threw",
        message: "no filter",
      }),
    lines: [6, 7],
  },
  "state/bounded": {
    holds: with_(
      incremented(),
      (t) => t.entry(100n, keepAlive(1n, 1n), t.answers.kept()),
      (t) => t.observe(1, afterIncrement({ index: 4n }, [savedMark(1n)])),
    ),
    breaks: with_(
      incremented(),
      (t) => t.entry(100n, keepAlive(1n, 1n), t.answers.kept()),
      (t) => t.observe(1, afterIncrement({ index: 4n }, [savedMark(1n), rememberedIncrement])),
    ),
    lines: [8, 10],
  },
  "liveness/progress": {
    holds: with_(
      begun(),
      (t) => invoke(t, 1),
      (t) => t.line({ e: "phase", phase: "liveness" }),
      (t) => returns(t, 1, 0n, 2n),
    ).line({ e: "phase", phase: "end" }),
    breaks: with_(
      begun(),
      (t) => invoke(t, 1),
      (t) => t.line({ e: "phase", phase: "liveness" }),
    )
      .later(1)
      .line({ e: "phase", phase: "end" }),
    lines: [6, 7, 8],
  },
  "liveness/expiry": {
    holds: with_(begun().line(opened()).line(crashed()), (t) => t.entry(110n, undefined, t.answers.tick()))
      .line({ e: "phase", phase: "liveness" })
      .observe(
        1,
        state({
          index: 3n,
          timestamp: { seconds: 110n, nanos: 0 },
          sessions: [],
          services: [{ ...state().services[0]!, sessions: [] }],
        }),
        "end",
      ),
    breaks: begun().line(opened()).line(crashed()).line({ e: "phase", phase: "liveness" }).observe(1, state(), "end"),
    lines: [8, 9],
  },
  "registry/legal-moves": {
    holds: with_(
      begun(),
      (t) => registered(t, 1n, State.OPENING),
      (t) => registered(t, 2n, State.OPENED),
    ),
    breaks: with_(
      begun(),
      (t) => registered(t, 1n, State.OPENING),
      (t) => registered(t, 2n, State.NONE),
    ),
    lines: [6, 7],
  },
  "registry/agrees": {
    // Within 2 keep-alive intervals of 2.5 s and 2 s for messages: before 7 s.
    holds: with_(
      begun(),
      (t) => registered(t, 1n, State.OPENING),
      (t) => t.entry(110n, undefined, t.answers.tick()).later(5),
      (t) => registered(t, 2n, State.CLOSED).later(3),
    ).line({ e: "phase", phase: "end" }),
    breaks: with_(
      begun(),
      (t) => registered(t, 1n, State.OPENING),
      (t) => t.entry(110n, undefined, t.answers.tick()).later(8),
    ).line({ e: "phase", phase: "end" }),
    lines: [6, 7, 9],
  },
  "determinism/ambient": {
    holds: begun(),
    breaks: begun().line({
      e: "ambient",
      partition: 1,
      replica: 1,
      index: LogIndex(2n),
      source: "Math.random",
      stack: "",
    }),
    lines: [6],
  },
};

// Entry 3 sets the value with a time to live of 5 s; the saved deadline is `until`. Lines 6 to 8.
function writtenWithTtl(until: bigint): Tape {
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

function opened(): Parameters<Tape["line"]>[0] {
  return { e: "session", ...ref, change: "opened", session: SessionId(1n), index: LogIndex(1n) };
}

function crashed(): Parameters<Tape["line"]>[0] {
  return { e: "session", ...ref, change: "crashed", session: SessionId(1n) };
}

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

test("every property has a trace that keeps it and one that breaks it", () => {
  const twice = ["determinism/same-seed"];
  const alike = ["value", "map", "set", "lock", "election"].map((kind) => `linearizable/${kind}`);
  const names = catalogue.map((property) => property.name);
  expect(names.filter((name) => !(name in cases) && !twice.includes(name) && !alike.includes(name))).toEqual([]);
});

test("determinism/same-seed is judged by whoever plays twice", () => {
  const judgement = begun().judge();
  const same = withSameSeed(judgement, { times: 2, differs: null });
  expect(same.properties.at(-1)).toMatchObject({ property: "determinism/same-seed", verdict: "holds", judged: 2 });
  const other = withSameSeed(judgement, { times: 1, differs: { line: 4, says: "line 4 differs" } });
  expect(other.properties.at(-1)).toMatchObject({ verdict: "broken", broken: 1 });
  expect(other.first?.lines).toEqual([4]);
});

test("a machine that keeps its snapshots to itself is judged by the rest, and it is said so", () => {
  const tape = begun("counter", 2, "opaque").observe(1, new Uint8Array([1, 2, 3]));
  expect(tape.verdict("time/never-goes-back")).toMatchObject({
    verdict: "not-judged",
    notJudged: 1,
    reason: "the machine's snapshots are opaque",
  });
  expect(tape.verdict("service/as-modelled").verdict).toBe("holds");
  expect(tape.judge().first).toBeNull();
});

test("a property that was not asked for is not judged, and breaks nothing", () => {
  const tape = with_(begun(), (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(7n)))));
  const judgement = tape.judge({ properties: ["lock/fifo"] });
  expect(judgement.first).toBeNull();
  expect(judgement.properties.find((each) => each.property === "service/as-modelled")).toMatchObject({
    verdict: "not-judged",
    reason: "not asked for",
  });
});

test("a run without a liveness phase says so", () => {
  const tape = begun().line({ e: "phase", phase: "end" });
  expect(tape.verdict("liveness/progress").reason).toBe("the run had no liveness phase");
});
