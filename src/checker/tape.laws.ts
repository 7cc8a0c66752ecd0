// Traces written by hand, for the judge's tests: what was committed, what each replica answered, what was observed. Every
// value is the test's own; nothing is taken from a machine or from the judge's models.
import type { Micros } from "../base/time.js";
import {
  CommandState,
  type CommandInput,
  type CommandOutput,
  PartitionSnapshot,
  type ServiceCommandOutput,
  type SessionSnapshot,
} from "../proto/atomix/multiraft/v1/fsm.js";
import { failure, type Status } from "../protocol/failure.js";
import type { Applied, Emission, Reply } from "../protocol/machine.js";
import { CommandNum, LogIndex, SessionId } from "../protocol/words.js";
import { type EventLine, type HeaderLine, type ObserveLine, TRACE_FORMAT } from "../trace/line.js";
import { createJudge, type JudgeOptions } from "./judge.js";
import { crc32 } from "./saved-state.js";
import type { Judgement, PropertyResult } from "./verdict.js";

export const NOTHING: Uint8Array = new Uint8Array(0);
/** The filter of a client that holds nothing open. */
export const CLOSED: Uint8Array = new TextEncoder().encode('{"m":1,"k":1,"b":"AAAAAAAAAAA="}');
/** The filter {1} of the specification; 8 is a false positive. */
export const HOLDS_1: Uint8Array = new TextEncoder().encode('{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}');

type Input = NonNullable<CommandInput["input"]>;

export const openSession = (seconds: bigint, nanos = 0): Input => ({
  $case: "openSession",
  value: { timeout: { seconds, nanos } },
});

export const keepAlive = (
  sessionId: bigint,
  lastInputSequenceNum = 0n,
  inputFilter = CLOSED,
  acknowledged: readonly (readonly [bigint, bigint])[] = [],
): Input => ({
  $case: "keepAlive",
  value: { sessionId, inputFilter, lastInputSequenceNum, lastOutputSequenceNums: new Map(acknowledged) },
});

export const closeSession = (sessionId: bigint): Input => ({ $case: "closeSession", value: { sessionId } });

export const createService = (sessionId: bigint, service: string, name = service): Input => ({
  $case: "sessionCommand",
  value: { sessionId, input: { $case: "createService", value: { spec: { service, namespace: "", name } } } },
});

export const closeService = (sessionId: bigint, serviceId: bigint): Input => ({
  $case: "sessionCommand",
  value: { sessionId, input: { $case: "closeService", value: { serviceId } } },
});

export const command = (
  sessionId: bigint,
  sequenceNum: bigint,
  serviceId: bigint,
  name: string,
  payload = NOTHING,
): Input => ({
  $case: "sessionCommand",
  value: {
    sessionId,
    input: { $case: "serviceCommand", value: { serviceId, sequenceNum, operation: { name, payload } } },
  },
});

/** An output: its number, its status, its payload. */
export const output = (sequenceNum: bigint, status: Status, payload = NOTHING): ServiceCommandOutput => ({
  sequenceNum,
  operation: { status, payload, message: "" },
});

export const emission = (session: bigint, num: bigint, what: ServiceCommandOutput, complete: boolean): Emission => ({
  sessionId: SessionId(session),
  commandNum: CommandNum(num),
  output: what,
  complete,
});

/** A session without commands as a saved state has it. */
export const savedSession = (
  sessionId: bigint,
  timeoutSeconds: bigint,
  updatedSeconds: bigint,
  commands: SessionSnapshot["commands"] = [],
): SessionSnapshot => ({
  sessionId,
  timeout: { seconds: timeoutSeconds, nanos: 0 },
  lastUpdated: { seconds: updatedSeconds, nanos: 0 },
  commands,
});

/** The bookkeeping record of a mark. */
export const savedMark = (commandSequenceNum: bigint): SessionSnapshot["commands"][number] => ({
  commandSequenceNum,
  state: CommandState.COMMAND_COMPLETE,
  input: undefined,
  pendingOutputs: [],
});

/** A remembered command. */
export const savedCommand = (
  input: Input,
  open: boolean,
  pendingOutputs: ServiceCommandOutput[],
): SessionSnapshot["commands"][number] => {
  const inner = input.$case === "sessionCommand" ? input.value.input : undefined;
  if (inner?.$case !== "serviceCommand") throw new Error("no service command");
  const state = open ? CommandState.COMMAND_OPEN : CommandState.COMMAND_COMPLETE;
  return { commandSequenceNum: inner.value.sequenceNum, state, input: inner.value, pendingOutputs };
};

/** Bytes in an envelope. */
export function sealed(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(20 + payload.length);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, 0x4d52534e);
  header.setUint16(4, 1);
  header.setBigUint64(8, BigInt(payload.length));
  header.setUint32(16, crc32(payload));
  bytes.set(payload, 20);
  return bytes;
}

export const saved = (state: PartitionSnapshot): Uint8Array => sealed(PartitionSnapshot.encode(state).finish());

type Without<Line> = Line extends EventLine ? Omit<Line, "t"> : never;

export class Tape {
  readonly lines: EventLine[] = [];
  readonly #indexes = new Map<number, bigint>();
  readonly #header: HeaderLine;
  #committed = 0n;
  #t = 0;

  constructor(replicas = 2, snapshots: "canonical" | "readable" | "opaque" = "canonical") {
    const services = ["counter", "value", "map", "set", "lock", "election"];
    const machine = { name: "by hand", capabilities: { services, snapshots, ticks: true } };
    this.#header = {
      e: "header",
      format: TRACE_FORMAT,
      tool: "test",
      version: "0",
      seed: null,
      scenario: "by hand",
      bug: null,
      terms: { machine, partitions: [{ partition: 1, replicas }], livenessBound: 1_000_000 as Micros, played: "world" },
      plan: null,
    };
  }

  /** The number of the last line; the header is line 1. */
  get at(): number {
    return this.lines.length + 1;
  }

  /** Virtual time goes on, in seconds. */
  later(seconds: number): this {
    this.#t += seconds * 1_000_000;
    return this;
  }

  line(line: Without<EventLine>): this {
    this.lines.push({ t: this.#t, ...line } as EventLine);
    return this;
  }

  /** The next entry, with log time in seconds since the epoch; `input` undefined: a tick. */
  commit(seconds: bigint | undefined, input?: Input): this {
    this.#committed++;
    const timestamp = seconds === undefined ? undefined : { seconds, nanos: 0 };
    return this.line({
      e: "commit",
      partition: 1,
      index: LogIndex(this.#committed),
      term: 1,
      origin: `entry ${this.#committed}`,
      input: { timestamp, input },
    });
  }

  /** A replica applies its next entry (or the one at `index`). */
  apply(replica: number, reply: Reply, emissions: readonly Emission[] = [], index?: bigint): this {
    const next = index ?? (this.#indexes.get(replica) ?? 0n) + 1n;
    this.#indexes.set(replica, next);
    const applied: Applied = { reply, emissions };
    return this.line({ e: "apply", partition: 1, replica, index: LogIndex(next), applied });
  }

  /** An entry that replica 1 applies at once. */
  entry(
    seconds: bigint | undefined,
    input: Input | undefined,
    reply: Reply,
    emissions: readonly Emission[] = [],
  ): this {
    return this.commit(seconds, input).apply(1, reply, emissions);
  }

  observe(replica: number, state: PartitionSnapshot | Uint8Array, why: ObserveLine["why"] = "drawn"): this {
    const bytes = state instanceof Uint8Array ? state : saved(state);
    const index = LogIndex(this.#indexes.get(replica) ?? 0n);
    return this.line({ e: "observe", partition: 1, replica, index, why, bytes });
  }

  save(replica: number, snapshot: number, state: PartitionSnapshot): this {
    const index = LogIndex(this.#indexes.get(replica) ?? 0n);
    return this.line({ e: "save", partition: 1, replica, snapshot, index, bytes: saved(state) });
  }

  restore(replica: number, snapshot: number, index: bigint, more: { damage?: string; refused?: string } = {}): this {
    const restored = more.refused === undefined;
    if (restored) this.#indexes.set(replica, index);
    const result = restored
      ? ({ kind: "restored" } as const)
      : { kind: "refused" as const, message: more.refused ?? "" };
    const head = {
      e: "restore",
      partition: 1,
      replica,
      snapshot,
      index: LogIndex(index),
      why: "install",
      chunks: [],
    } as const;
    return this.line(more.damage === undefined ? { ...head, result } : { ...head, damage: more.damage, result });
  }

  judge(options: JudgeOptions = {}): Judgement {
    const judge = createJudge(this.#header, options);
    for (const line of this.lines) judge.see(line);
    return judge.finish();
  }

  verdict(property: string, options: JudgeOptions = {}): PropertyResult {
    const found = this.judge(options).properties.find((each) => each.property === property);
    if (found === undefined) throw new Error(`no property ${property}`);
    return found;
  }

  /** Answers of the entry at the next index of replica 1. */
  readonly answers = {
    opened: (id?: bigint): Reply => this.#answer({ $case: "openSession", value: { sessionId: id ?? this.#next } }),
    kept: (): Reply => this.#answer({ $case: "keepAlive", value: {} }),
    closed: (): Reply => this.#answer({ $case: "closeSession", value: {} }),
    tick: (): Reply => this.#answer(undefined),
    created: (id?: bigint): Reply => this.#inner({ $case: "createService", value: { serviceId: id ?? this.#next } }),
    serviceClosed: (): Reply => this.#inner({ $case: "closeService", value: {} }),
    outputs: (complete: boolean, ...outputs: ServiceCommandOutput[]): Reply => ({
      kind: "answer",
      complete,
      outputs: outputs.map((value) => ({
        index: this.#next,
        output: { $case: "sessionCommand", value: { output: { $case: "serviceCommand", value } } },
      })),
    }),
    no: (status: Status): Reply => failure(status, ""),
  };

  // Answers are made before or after the commit line of their entry: entry() makes them before.
  get #next(): LogIndex {
    return LogIndex((this.#indexes.get(1) ?? 0n) + 1n);
  }

  #answer(value: CommandOutput["output"]): Reply {
    return { kind: "answer", complete: true, outputs: [{ index: this.#next, output: value }] };
  }

  #inner(value: NonNullable<Extract<CommandOutput["output"], { $case: "sessionCommand" }>["value"]["output"]>): Reply {
    return this.#answer({ $case: "sessionCommand", value: { output: value } });
  }
}
