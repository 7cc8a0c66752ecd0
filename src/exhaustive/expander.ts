// Goes from states to all that can come next. A state is known by the letters that led to it. From each, every letter is
// applied to a machine that was never restored, and to machines that were restored at points of the way there; all must answer
// and stand as the model says. It judges by yes and no: finding.ts has the judge say why.
import type { ModelRegistry } from "../checker/models/service.js";
import { Walk } from "../checker/walk.js";
import { type Touch, trapsInstalled, withTraps } from "../explore/traps.js";
import { fromNanos, Nanos } from "../base/time.js";
import type { CommandInput, QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { decodeEntry, makeEntry } from "../protocol/entry.js";
import type { Applied, Entry, MachineKind, StateMachine } from "../protocol/machine.js";
import { sameBytes } from "../protocol/wire.js";
import { LogIndex } from "../protocol/words.js";
import { inputOf, isEntry, type LogStep, queryOf } from "../shrink/log-steps.js";
import { spanInWords } from "../shrink/span-words.js";
import { hashState, Seen, type StateHash } from "./seen.js";
import { type Letter, prefixOf, SERVICE, type Subject } from "./subject.js";

/** What is expanded in one go: states of one depth, by the letters that led to them, one byte a letter. */
export interface Batch {
  /** In the order in which batches are to be folded. */
  readonly at: number;
  readonly depth: number;
  readonly paths: Uint8Array;
  /** Whether what comes next is the end of every history. */
  readonly last: boolean;
}

/** A history to which the machine did not answer, or stand, as it must. */
export interface Suspect {
  readonly letters: readonly number[];
  /** After how many letters a fresh machine went on from the saved state; null: it was never restored. */
  readonly restoredAt: number | null;
  readonly chunks: number | null;
  /** What is done to it at the end: a query by its place among the subject's, or a damaged state offered; null: nothing. */
  readonly atLast: number | "damage" | null;
}

export interface Expanded {
  readonly at: number;
  /** Letters of what was reached and not seen in this batch before, and the states' hashes: two words each. */
  readonly paths: Uint8Array;
  readonly hashes: Uint32Array;
  /** Letters applied to states. */
  readonly played: number;
  /** Letters left out, as those of the other session stand for them. */
  readonly mirrored: number;
  readonly restores: number;
  readonly suspects: readonly Suspect[];
}

/** Which restores a letter at a depth is tried after: all of its history, or only the last few. */
export interface RestorePoints {
  /** Histories of at most so many entries are restored at every point. */
  readonly everyUpTo: number;
  /** Longer ones at the last so many points. */
  readonly last: number;
}

/** More of one batch tell nothing new. */
const MOST_SUSPECTS = 200;
/** A size that cuts every part of a saved state. */
const CHUNKS = 7;

export class Expander {
  readonly #kind: MachineKind;
  readonly #subject: Subject;
  readonly #points: RestorePoints;
  readonly #walk: Walk;
  readonly #inners: readonly (CommandInput["input"] | Uint8Array)[];
  readonly #queries: readonly QueryInput[];
  readonly #seen = new Seen();
  readonly #hash: StateHash = { low: 0, high: 0 };
  readonly #touches: Touch[] = [];
  readonly #prefix: number;
  // The history at hand: its entries, prefix included; its letters; and the state saved after each letter, from none on.
  readonly #entries: Entry[] = [];
  readonly #letters: number[] = [];
  readonly #saved: Uint8Array[] = [];
  #children: number[] = [];
  #hashes: number[] = [];
  #suspects: Suspect[] = [];
  #played = 0;
  #mirrored = 0;
  #restores = 0;
  #depth = -1;

  constructor(kind: MachineKind, subject: Subject, points: RestorePoints, kinds?: ModelRegistry) {
    this.#kind = kind;
    this.#subject = subject;
    this.#points = points;
    this.#walk = new Walk(kind.capabilities, kinds);
    const kindOf = (service: number): string => (service === SERVICE ? subject.service : "");
    this.#queries = subject.queries.map((query) => queryOf(query, kindOf));
    this.#inners = subject.letters.map(({ step }) => {
      const input = inputOf(step, kindOf);
      return input instanceof Uint8Array ? input : input.input;
    });
    const prefix = prefixOf(subject).filter(isEntry);
    this.#prefix = prefix.length;
    kind.begin?.();
    for (const [at, step] of prefix.entries()) {
      const input = inputOf(step, kindOf) as CommandInput;
      this.#entries.push(makeEntry(LogIndex(BigInt(at + 1)), input));
      this.#walk.forth(input);
    }
  }

  /** What comes next of each of the batch's states. */
  expand(batch: Batch): Expanded {
    if (batch.depth !== this.#depth) this.#seen.clear();
    this.#depth = batch.depth;
    this.#children = [];
    this.#hashes = [];
    this.#suspects = [];
    this.#played = this.#mirrored = this.#restores = 0;
    const { depth, paths } = batch;
    const count = depth === 0 ? 1 : paths.length / depth;
    for (let i = 0; i < count; i++) {
      const letters = paths.subarray(i * depth, (i + 1) * depth);
      if (trapsInstalled())
        withTraps(
          (touch) => this.#touches.push(touch),
          () => this.#expandOne(letters, batch.last),
        );
      else this.#expandOne(letters, batch.last);
    }
    return {
      at: batch.at,
      paths: Uint8Array.from(this.#children),
      hashes: Uint32Array.from(this.#hashes),
      played: this.#played,
      mirrored: this.#mirrored,
      restores: this.#restores,
      suspects: this.#suspects,
    };
  }

  /** The log of a history. */
  logOf({ letters, restoredAt, chunks, atLast }: Suspect): LogStep[] {
    const restart: LogStep = chunks === null ? { restart: true } : { restart: true, chunks };
    this.#moveTo([]);
    const log: LogStep[] = [...prefixOf(this.#subject)];
    for (const [at, letter] of letters.entries()) {
      if (restoredAt === at) log.push(restart);
      const { after, step } = this.#subject.letters[letter] as Letter;
      log.push(after === undefined ? step : ({ at: spanInWords(this.#after(after)), ...step } as LogStep));
      this.#push(letter);
    }
    if (restoredAt === letters.length) log.push(restart);
    if (atLast === "damage") log.push({ damage: true });
    else if (atLast !== null) log.push(this.#subject.queries[atLast] as LogStep);
    return log;
  }

  // --- the history at hand

  #moveTo(letters: ArrayLike<number>): void {
    let common = 0;
    while (common < this.#letters.length && common < letters.length && this.#letters[common] === letters[common])
      common++;
    while (this.#letters.length > common) this.#pop();
    for (let at = common; at < letters.length; at++) this.#push(letters[at] as number);
  }

  #push(letter: number): void {
    const entry = this.#entryOf(letter);
    this.#entries.push(entry);
    this.#letters.push(letter);
    this.#walk.forth(entry.input);
  }

  #pop(): void {
    this.#entries.pop();
    this.#letters.pop();
    this.#walk.back();
    if (this.#saved.length > this.#letters.length + 1) this.#saved.length = this.#letters.length + 1;
  }

  #entryOf(letter: number): Entry {
    const index = LogIndex(BigInt(this.#entries.length + 1));
    const inner = this.#inners[letter];
    if (inner instanceof Uint8Array) return decodeEntry(index, inner);
    const { after } = this.#subject.letters[letter] as Letter;
    return makeEntry(index, { timestamp: after === undefined ? undefined : this.#after(after), input: inner });
  }

  #after(seconds: number): { seconds: bigint; nanos: number } {
    return fromNanos(Nanos(this.#walk.time + BigInt(seconds * 1e9)));
  }

  // --- one state

  #expandOne(letters: Uint8Array, last: boolean): void {
    this.#moveTo(letters);
    if (!this.#survey()) return;
    const roles = this.#letters.some((letter) => this.#subject.letters[letter]?.role !== null);
    for (let letter = 0; letter < this.#inners.length; letter++) {
      if (!roles && this.#subject.letters[letter]?.role === "B") this.#mirrored++;
      else this.#try(letter, last);
    }
  }

  // Plays the history on one machine, saving its state where it is not known; asks it, and offers it a damaged state.
  #survey(): boolean {
    let doing: Suspect["atLast"] = null;
    try {
      const machine = this.#kind.create();
      for (let at = 0; at < this.#prefix; at++) machine.apply(this.#entries[at] as Entry);
      for (let depth = 0; depth <= this.#letters.length; depth++) {
        if (depth > 0) machine.apply(this.#entries[this.#prefix + depth - 1] as Entry);
        if (depth >= this.#saved.length) this.#saved.push(machine.snapshot());
      }
      const state = look(machine);
      if (!sameBytes(state, look(machine))) return this.#suspect(null, null);
      for (const [at, query] of this.#queries.entries()) {
        doing = at;
        if (!this.#walk.tells(query, machine.query(query))) return this.#suspect(null, null, at);
        if (!sameBytes(look(machine), state)) return this.#suspect(null, null, at);
      }
      doing = "damage";
      const damaged = (this.#saved[this.#letters.length] as Uint8Array).slice();
      damaged[damaged.length - 1] = (damaged[damaged.length - 1] as number) ^ 1;
      if (machine.restore([damaged]).kind === "restored") return this.#suspect(null, null, "damage");
      if (!sameBytes(look(machine), state)) return this.#suspect(null, null, "damage");
    } catch {
      return this.#suspect(null, null, doing);
    }
    return !this.#touched() || this.#suspect(null, null);
  }

  #try(letter: number, last: boolean): void {
    this.#played++;
    const entry = this.#entryOf(letter);
    const step = this.#walk.forth(entry.input);
    this.#letters.push(letter);
    let applied: Applied;
    let state: Uint8Array;
    let good = true;
    try {
      const machine = this.#kind.create();
      for (const before of this.#entries) machine.apply(before);
      applied = machine.apply(entry);
      state = look(machine);
      if (!this.#walk.answers(step, applied)) good = this.#suspect(null, null);
      const { low, high } = this.#hashed(state);
      const fresh = this.#seen.add(low, high);
      if (good && fresh && !this.#walk.shows(state)) good = this.#suspect(null, null);
      if (good && this.#touched()) good = this.#suspect(null, null);
      if (good) good = this.#restored(entry, applied, state);
      if (good && fresh) {
        if (!last) for (const each of this.#letters) this.#children.push(each);
        this.#hashes.push(low, high);
      }
    } catch {
      this.#suspect(null, null);
    }
    this.#letters.pop();
    this.#walk.back();
  }

  // The same letter after restores at points of the history.
  #restored(entry: Entry, applied: Applied, state: Uint8Array): boolean {
    const depth = this.#letters.length - 1;
    const from = depth + 1 <= this.#points.everyUpTo ? 0 : Math.max(0, depth + 1 - this.#points.last);
    for (let point = depth; point >= from; point--) {
      this.#restores++;
      const saved = this.#saved[point] as Uint8Array;
      // Every second one in small pieces.
      const chunks = ((this.#letters[depth] as number) + depth + point) % 2 === 0 ? null : CHUNKS;
      try {
        const machine = this.#kind.create();
        if (machine.restore(chunks === null ? [saved] : cut(saved, chunks)).kind === "refused") {
          return this.#suspect(point, chunks);
        }
        for (let at = this.#prefix + point; at < this.#entries.length; at++) machine.apply(this.#entries[at] as Entry);
        if (!this.#walk.alike(applied, machine.apply(entry))) return this.#suspect(point, chunks);
        if (!sameBytes(state, look(machine))) return this.#suspect(point, chunks);
      } catch {
        return this.#suspect(point, chunks);
      }
      if (this.#touched()) return this.#suspect(point, chunks);
    }
    return true;
  }

  // Of what the machine shows and of what the model holds: a wrong state may be a right one elsewhere.
  #hashed(state: Uint8Array): StateHash {
    hashState(state, this.#hash, this.#walk.fingerprint());
    return this.#hash;
  }

  #touched(): boolean {
    if (this.#touches.length === 0) return false;
    this.#touches.length = 0;
    return true;
  }

  #suspect(restoredAt: number | null, chunks: number | null, atLast: Suspect["atLast"] = null): false {
    if (this.#suspects.length < MOST_SUSPECTS) {
      this.#suspects.push({ letters: [...this.#letters], restoredAt, chunks, atLast });
    }
    return false;
  }
}

function look(machine: StateMachine): Uint8Array {
  return machine.observe?.() ?? machine.snapshot();
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += size) chunks.push(bytes.subarray(from, from + size));
  return chunks;
}
