// One machine's side of a play: the calls that lines record, made of machines of one kind. Says what came of each call, also
// where the machine broke, and what it touched that it must not. It compares nothing.
import { UsageError } from "../base/usage-error.js";
import { type Touch, withTraps } from "../explore/traps.js";
import { MachineBroke, UnfitError } from "../protocol/machine-errors.js";
import type { Applied, Entry, MachineKind, QueryAnswer, Restored, StateMachine } from "../protocol/machine.js";
import { entryOf } from "../replay/as-log.js";
import type { BrokeLine, EventLine, RestoreLine } from "../trace/line.js";

/** What came of a call. */
export type Outcome = { readonly touched: readonly string[] } & (
  | { readonly did: "apply"; readonly applied: Applied; readonly entry: Entry }
  | { readonly did: "answer"; readonly answer: QueryAnswer }
  | { readonly did: "observe" | "save"; readonly bytes: Uint8Array }
  | { readonly did: "restore"; readonly result: Restored; readonly given: readonly Uint8Array[] }
  | { readonly did: "broke"; readonly how: BrokeLine["how"]; readonly message: string }
);

/** A machine, and how it stands trial. */
export interface Side {
  readonly machine: MachineKind;
  /** Whether its code runs in this process, where traps can hear what it touches. */
  readonly inThisProcess: boolean;
}

interface Saved {
  /** As the run that is played wrote it, and as this machine did. */
  readonly recorded: Uint8Array;
  readonly own: Uint8Array;
}

/** The replicas of one play. */
export class Player {
  readonly #kind: MachineKind;
  readonly #trapped: boolean;
  readonly #machines = new Map<string, StateMachine>();
  readonly #broken = new Set<string>();
  readonly #entries = new Map<string, Entry>();
  readonly #saved = new Map<string, Saved>();

  constructor({ machine, inThisProcess }: Side) {
    this.#kind = machine;
    this.#trapped = inThisProcess;
    machine.begin?.();
  }

  /** Makes the call that a line records; undefined where it records none, or where the replica broke before. A damaged state
   *  without its bytes is the machine's own with its last bit turned over. */
  play(line: EventLine): Outcome | undefined {
    switch (line.e) {
      case "commit":
        this.#entries.set(`${line.partition}:${line.index}`, entryOf(line));
        return undefined;
      case "replica":
        if (line.change === "crash") {
          this.#machines.delete(nameOf(line));
          this.#broken.delete(nameOf(line));
        }
        return undefined;
      case "apply": {
        const entry = this.#entryAt(line);
        return this.#call(line, (machine) => ({ did: "apply", applied: machine.apply(entry), entry }));
      }
      case "answer":
        return this.#call(line, (machine) => ({ did: "answer", answer: machine.query(line.input) }));
      case "observe":
        return this.#call(line, (machine) => ({ did: "observe", bytes: lookAt(machine) }));
      case "save": {
        const { bytes: recorded, partition, snapshot } = line;
        return this.#call(line, (machine) => {
          const own = machine.snapshot();
          this.#saved.set(`${partition}.${snapshot}`, { recorded, own });
          return { did: "save", bytes: own };
        });
      }
      case "restore": {
        const chunks = this.#chunks(line);
        return this.#call(line, (machine) => ({
          did: "restore",
          result: machine.restore(chunks),
          given: chunks,
        }));
      }
      default:
        return undefined;
    }
  }

  /** What the judge would see of a replica; undefined where it broke. */
  look(at: Place): Uint8Array | undefined {
    const outcome = this.#call(at, (machine) => ({ did: "observe", bytes: lookAt(machine) }));
    return outcome?.did === "observe" ? outcome.bytes : undefined;
  }

  /** A fresh machine of its kind that takes over a saved state, and what came of that. */
  carry(bytes: Uint8Array): { readonly outcome: Outcome; readonly machine: Carried } {
    const trapped = this.#trapped;
    const machine = this.#kind.create();
    const given = [bytes];
    const outcome = guarded(trapped, () => ({ did: "restore", result: machine.restore(given), given }));
    const carried: Carried = {
      apply: (entry) => guarded(trapped, () => ({ did: "apply", applied: machine.apply(entry), entry })),
      look: () => guarded(trapped, () => ({ did: "observe", bytes: lookAt(machine) })),
    };
    return { outcome, machine: carried };
  }

  #entryAt({ partition, index }: { readonly partition: number; readonly index: bigint }): Entry {
    const entry = this.#entries.get(`${partition}:${index}`);
    if (entry === undefined) throw new UsageError(`entry ${partition}:${index} was never committed`);
    return entry;
  }

  #call(at: Place, make: (machine: StateMachine) => Made): Outcome | undefined {
    const name = nameOf(at);
    if (this.#broken.has(name)) return undefined;
    const outcome = guarded(this.#trapped, () => {
      let machine = this.#machines.get(name);
      if (machine === undefined) {
        machine = this.#kind.create();
        this.#machines.set(name, machine);
      }
      return make(machine);
    });
    if (outcome.did === "broke") this.#broken.add(name);
    return outcome;
  }

  // Its own saved state, cut as the recorded one was; or, damaged, with the same done to it.
  #chunks(line: RestoreLine): Uint8Array[] {
    const saved = this.#saved.get(`${line.partition}.${line.snapshot}`);
    if (line.damage !== undefined) {
      if (line.bytes === undefined) return [lastBitTurned(saved?.own ?? new Uint8Array(1))];
      return cut(saved === undefined ? line.bytes : damagedLike(saved, line.bytes), line.chunks);
    }
    const bytes = saved?.own ?? line.bytes;
    if (bytes === undefined) throw new UsageError(`snapshot ${line.partition}.${line.snapshot} was never saved`);
    return cut(bytes, line.chunks);
  }
}

/** A machine that went on from another one's state. */
export interface Carried {
  apply(entry: Entry): Outcome;
  look(): Outcome;
}

interface Place {
  readonly partition: number;
  readonly replica: number;
}

type Made = WithoutTouches<Outcome>;
type WithoutTouches<Each> = Each extends unknown ? Omit<Each, "touched"> : never;

function nameOf({ partition, replica }: Place): string {
  return `${partition}.${replica}`;
}

function lookAt(machine: StateMachine): Uint8Array {
  return machine.observe?.() ?? machine.snapshot();
}

const NOTHING: readonly string[] = [];

function guarded(trapped: boolean, make: () => Made): Outcome {
  const touches: string[] = [];
  const note = ({ source }: Touch): void => {
    if (touches.length < MOST_TOUCHES) touches.push(source);
  };
  try {
    const made = trapped ? withTraps(note, make) : make();
    return { ...made, touched: touches.length === 0 ? NOTHING : touches } as Outcome;
  } catch (error) {
    if (error instanceof UsageError || error instanceof UnfitError) throw error;
    const how = error instanceof MachineBroke ? error.how : "threw";
    return { did: "broke", how, message: error instanceof Error ? error.message : String(error), touched: touches };
  }
}

/** One entry may touch a clock in a loop: more than this says nothing new. */
const MOST_TOUCHES = 4;

/** The sizes in turn, again and again, until nothing is left; no sizes: in one piece. */
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const useful = sizes.filter((size) => size > 0);
  if (useful.length === 0) return [bytes];
  for (let from = 0, at = 0; from < bytes.length; at++) {
    const size = useful[at % useful.length] as number;
    chunks.push(bytes.subarray(from, from + size));
    from += size;
  }
  return chunks;
}

/** What was done to the recorded state, done to the machine's own: bits turned over, a part cut off, bytes too many. */
function damagedLike({ recorded, own }: Saved, damaged: Uint8Array): Uint8Array {
  if (own.length === recorded.length && own.every((byte, at) => byte === recorded[at])) return damaged;
  if (damaged.length < recorded.length) {
    return own.slice(0, Math.min(own.length - 1, Math.floor((own.length * damaged.length) / recorded.length)));
  }
  const bytes = new Uint8Array(own.length + damaged.length - recorded.length);
  bytes.set(own);
  const first = recorded.findIndex((byte, at) => byte !== damaged[at]);
  // From the end, where it lies nearer there: what is at the end of the one is at the end of the other.
  const shift = first > recorded.length / 2 ? own.length - recorded.length : 0;
  for (let at = Math.max(0, first); at < recorded.length; at++) {
    const turned = (recorded[at] as number) ^ (damaged[at] as number);
    const to = at + shift;
    if (turned !== 0 && to < own.length) bytes[to] = (bytes[to] as number) ^ turned;
  }
  const same = bytes.length === own.length && own.every((byte, at) => byte === bytes[at]);
  return same ? lastBitTurned(own) : bytes;
}

function lastBitTurned(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const last = copy.length - 1;
  if (last >= 0) copy[last] = (copy[last] as number) ^ 1;
  return copy;
}
