// Plays a trace again as a log: the calls that it records – entries, restores, queries, saves, observations – into fresh
// machines, replica by replica, with no client and no network. What comes out is compared with what is recorded. A change
// of the world or of its draws can't disturb it: this is what golden traces and emitted tests rest on.
import { UsageError } from "../base/usage-error.js";
import type { Entry, MachineKind, StateMachine } from "../protocol/machine.js";
import { decodeEntry, makeEntry } from "../protocol/entry.js";
import { sameBytes } from "../protocol/wire.js";
import { firstDifference } from "../trace/diff.js";
import type { CommitLine, EventLine, PartitionId, RestoreLine } from "../trace/line.js";
import type { Trace } from "../trace/file.js";

/** The first call whose answer is another than the recorded one. */
export interface LogDifference {
  /** The number of the line in the trace. */
  readonly line: number;
  readonly recorded: EventLine;
  /** The same line with what the machine answered now. */
  readonly now: EventLine;
}

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
      case "apply": {
        const entry = this.#entries.get(`${line.partition}:${line.index}`);
        if (entry === undefined) throw new UsageError(`entry ${line.partition}:${line.index} was never committed`);
        return { ...line, applied: this.#machine(line).apply(entry) };
      }
      case "answer":
        return { ...line, answer: this.#machine(line).query(line.input) };
      case "observe": {
        const machine = this.#machine(line);
        return { ...line, bytes: machine.observe?.() ?? machine.snapshot() };
      }
      case "save": {
        const bytes = this.#machine(line).snapshot();
        this.#saved.set(`${line.partition}.${line.snapshot}`, bytes);
        return { ...line, bytes };
      }
      case "restore":
        return { ...line, result: this.#machine(line).restore(this.#chunks(line)) };
      default:
        return undefined;
    }
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
    field === "applied.reply.message" || field === "answer.message" || field === "result.message";
  return firstDifference([recorded], [now], saysToAPerson) === undefined;
}
