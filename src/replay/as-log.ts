// Plays a trace again as a log: the calls that it records – entries, restores, queries, saves, observations – into fresh
// machines, replica by replica, with no client and no network. What comes out is compared with what is recorded. A change
// of the world or of its draws can't disturb it: this is what golden traces and emitted tests rest on.
import { UsageError } from "../base/usage-error.js";
import type { QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { decodeEntry, makeEntry } from "../protocol/entry.js";
import { failure, Status } from "../protocol/failure.js";
import { MachineBroke } from "../protocol/machine-errors.js";
import type { Applied, Entry, MachineKind, StateMachine } from "../protocol/machine.js";
import { sameBytes } from "../protocol/wire.js";
import { firstDifference } from "../trace/diff.js";
import type {
  AnswerLine,
  ApplyLine,
  BrokeLine,
  CommitLine,
  EventLine,
  ObserveLine,
  PartitionId,
  RestoreLine,
  SaveLine,
} from "../trace/line.js";
import type { Trace } from "../trace/file.js";

/** The first call whose answer is another than the recorded one. */
export interface LogDifference {
  /** The number of the line in the trace. */
  readonly line: number;
  readonly recorded: EventLine;
  /** The same line with what the machine answered now. */
  readonly now: EventLine;
}

/** What came of playing a trace's calls again on bare machines. */
export interface ReplayedLog {
  /** How many calls were made. */
  readonly calls: number;
  readonly difference: LogDifference | undefined;
}

/** Plays a trace's calls into machines of one kind; stops at the first answer that differs. */
export function replayAsLog(trace: Trace, machine: MachineKind): ReplayedLog {
  const player = new LogPlayer(machine);
  let calls = 0;
  for (const [at, recorded] of trace.events.entries()) {
    const now = player.play(recorded);
    if (now === undefined) continue;
    calls += 1;
    if (!sameLine(recorded, now)) return { calls, difference: { line: at + 2, recorded, now } };
  }
  return { calls, difference: undefined };
}

/** Replicas of a partition by their calls, as a trace tells of them. */
export class LogPlayer {
  readonly #kind: MachineKind;
  readonly #machines = new Map<string, StateMachine>();
  readonly #entries = new Map<string, Entry>();
  readonly #saved = new Map<string, Uint8Array>();
  readonly #queries = new Map<string, QueryInput>();

  constructor(kind: MachineKind) {
    this.#kind = kind;
    kind.begin?.();
  }

  /** The line with what the machine answers now; undefined where the line is no call. */
  play(line: EventLine): EventLine | undefined {
    switch (line.e) {
      case "commit":
        this.#entries.set(`${line.partition}:${line.index}`, entryOf(line));
        return undefined;
      case "replica":
        if (line.change === "crash") this.#machines.delete(`${line.partition}.${line.replica}`);
        return undefined;
      case "apply":
        return this.#asked(line, "apply", (machine) => ({ ...line, applied: machine.apply(this.#entry(line)) }));
      case "query":
        this.#queries.set(`${line.partition}.${line.replica}`, line.input);
        return undefined;
      case "answer":
        return this.#asked(line, "query", (machine) => ({ ...line, answer: machine.query(line.input) }));
      case "observe":
        return this.#asked(line, "snapshot", (machine) => ({ ...line, bytes: stateOf(machine) }));
      case "save":
        return this.#asked(line, "snapshot", (machine) => {
          const bytes = machine.snapshot();
          this.#saved.set(`${line.partition}.${line.snapshot}`, bytes);
          return { ...line, bytes };
        });
      case "restore":
        return this.#asked(line, "restore", (machine) => ({ ...line, result: machine.restore(this.#chunks(line)) }));
      case "broke":
        return this.#again(line);
      default:
        return undefined;
    }
  }

  // What broke the machine is asked of it again: the recorded line, where it breaks, else what it answers now.
  #again(line: BrokeLine): EventLine | undefined {
    const { t, partition, replica, index, during } = line;
    const at = { t, partition, replica, index };
    if (during === "apply") return this.play({ ...at, e: "apply", applied: NOTHING });
    if (during === "snapshot") return this.play({ ...at, e: "observe", why: "drawn", bytes: new Uint8Array(0) });
    const input = this.#queries.get(`${partition}.${replica}`);
    if (during === "restore" || input === undefined) return undefined;
    return this.play({ ...at, e: "answer", query: "", sync: false, input, answer: failure(Status.INTERNAL, "") });
  }

  #asked(line: Call, during: BrokeLine["during"], call: (machine: StateMachine) => EventLine): EventLine {
    const { t, partition, replica, index } = line;
    try {
      return call(this.#machine(line));
    } catch (error) {
      if (error instanceof UsageError) throw error;
      const how = error instanceof MachineBroke ? error.how : "threw";
      const message = error instanceof Error ? error.message : String(error);
      return { e: "broke", t, partition, replica, index, during, how, message };
    }
  }

  #entry({ partition, index }: ApplyLine): Entry {
    const entry = this.#entries.get(`${partition}:${index}`);
    if (entry === undefined) throw new UsageError(`entry ${partition}:${index} was never committed`);
    return entry;
  }

  #machine({ partition, replica }: { partition: PartitionId; replica: number }): StateMachine {
    const name = `${partition}.${replica}`;
    let machine = this.#machines.get(name);
    if (machine === undefined) {
      machine = this.#kind.create();
      this.#machines.set(name, machine);
    }
    return machine;
  }

  #chunks(line: RestoreLine): Uint8Array[] {
    const bytes = line.bytes ?? this.#saved.get(`${line.partition}.${line.snapshot}`);
    if (bytes === undefined) throw new UsageError(`snapshot ${line.partition}.${line.snapshot} was never saved`);
    let from = 0;
    return line.chunks.map((length) => bytes.subarray(from, (from += length)));
  }
}

type Call = ApplyLine | AnswerLine | ObserveLine | SaveLine | RestoreLine;

/** Stands in a line for what is not known yet. */
const NOTHING: Applied = { reply: { kind: "answer", outputs: [], complete: true }, emissions: [] };

/** The state as the judge reads it. */
function stateOf(machine: StateMachine): Uint8Array {
  return machine.observe?.() ?? machine.snapshot();
}

/** The entry that a commit line records. */
export function entryOf({ index, input, bytes }: CommitLine): Entry {
  if (bytes !== undefined) return decodeEntry(index, bytes);
  return input === "undecodable" ? decodeEntry(index, new Uint8Array([0xff])) : makeEntry(index, input);
}

function sameLine(recorded: EventLine, now: EventLine): boolean {
  if (recorded.e === "observe" && now.e === "observe") return sameBytes(recorded.bytes, now.bytes);
  if (recorded.e === "save" && now.e === "save") return sameBytes(recorded.bytes, now.bytes);
  // What a failure or a refusal says to a person may be said better one day.
  const saysToAPerson = (_: unknown, field: string): boolean =>
    ["applied.reply.message", "answer.message", "result.message", "message"].includes(field);
  return firstDifference([recorded], [now], saysToAPerson) === undefined;
}
