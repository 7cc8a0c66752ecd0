// A written log (the steps that `shrink` writes) as calls of one replica. After every step the state is looked at, so that a
// difference of states is seen at the entry that makes it.
import { Micros } from "../base/time.js";
import { decodeEntry, makeEntry } from "../protocol/entry.js";
import { LogIndex } from "../protocol/words.js";
import { inputOf, isEntry, type LogStep, queryOf } from "../shrink/log-steps.js";
import type { EventLine } from "../trace/line.js";

const REPLICA = 1;
const NOTHING = new Uint8Array(0);
const APPLIED = { reply: { kind: "answer", outputs: [], complete: true }, emissions: [] } as const;
const ANSWER = { kind: "failure", status: 0, message: "" } as const;

/** The calls of a written log. `saves`: also save the state after every step. */
export function linesOfSteps(steps: readonly LogStep[], saves: boolean): EventLine[] {
  const writer = new LineWriter(saves);
  for (const step of steps) writer.take(step);
  return writer.lines;
}

class LineWriter {
  readonly lines: EventLine[] = [];
  readonly #kinds = new Map<number, string>();
  #index = LogIndex(0n);
  #snapshot = 0;
  #t = Micros(0);

  constructor(private readonly saves: boolean) {}

  take(step: LogStep): void {
    this.#t = Micros(this.#t + 1);
    if (isEntry(step)) this.#entry(step);
    else if ("query" in step) {
      const input = queryOf(step, this.#kindOf);
      const query = `query ${this.lines.length}`;
      this.lines.push({ ...this.#at(), e: "answer", query, sync: false, input, answer: ANSWER });
    } else if ("restart" in step) {
      this.#save();
      const { partition } = this.#at();
      for (const change of ["crash", "restart"] as const) {
        this.lines.push({ e: "replica", t: this.#t, partition, replica: REPLICA, change });
      }
      this.lines.push({ ...this.#offer(), chunks: step.chunks === undefined ? [] : [step.chunks] });
    } else {
      this.#save();
      this.lines.push({ ...this.#offer(), chunks: [], damage: "the last bit turned over" });
    }
    this.lines.push({ ...this.#at(), e: "observe", why: "drawn", bytes: NOTHING });
    if (this.saves) this.#save();
  }

  #entry(step: Parameters<typeof inputOf>[0]): void {
    this.#index = LogIndex(this.#index + 1n);
    if ("create" in step) this.#kinds.set(Number(this.#index), step.create);
    const written = inputOf(step, this.#kindOf);
    const bytes = written instanceof Uint8Array ? written : makeEntry(this.#index, written).bytes;
    const { input } = decodeEntry(this.#index, bytes);
    const { t, partition, index } = this.#at();
    const head = { e: "commit", t, partition, index, term: 1, origin: `entry ${index}`, input } as const;
    this.lines.push(written instanceof Uint8Array ? { ...head, bytes } : head);
    this.lines.push({ ...this.#at(), e: "apply", applied: APPLIED });
  }

  #save(): void {
    this.#snapshot += 1;
    this.lines.push({ ...this.#at(), e: "save", snapshot: this.#snapshot, bytes: NOTHING });
  }

  #offer() {
    const result = { kind: "restored" } as const;
    return { ...this.#at(), e: "restore", snapshot: this.#snapshot, why: "restart", result } as const;
  }

  #at() {
    return { t: this.#t, partition: 1, replica: REPLICA, index: this.#index } as const;
  }

  #kindOf = (service: number): string => this.#kinds.get(service) ?? "";
}
