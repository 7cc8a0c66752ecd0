// Goes from states to all that can come next. A state is known by the letters that led to it. From each, every letter is
// applied to a machine that was never restored, and at every point of the way there to one that was restored at that point; all
// must answer and stand as the model says. It judges by yes and no: finding.ts has the judge say why.
import type { ModelRegistry } from "../checker/models/service.js";
import { type Touch, trapsInstalled, withTraps } from "../explore/traps.js";
import type { Applied, Entry, MachineKind, StateMachine } from "../protocol/machine.js";
import { sameBytes } from "../protocol/wire.js";
import type { Batch, Expanded } from "./batch.js";
import { History, type Suspect } from "./history.js";
import { Place } from "./place.js";
import { hashState, Seen, type StateHash } from "./seen.js";
import type { Subject } from "./subject.js";

/** More of one batch tell nothing new. */
const MOST_SUSPECTS = 200;
/** A size that cuts every part of a saved state. */
const CHUNKS = 7;

export class Expander {
  readonly #kind: MachineKind;
  readonly #history: History;
  readonly #place: Place;
  readonly #seen = new Seen();
  readonly #hash: StateHash = { low: 0, high: 0 };
  readonly #touches: Touch[] = [];
  // The states saved after each letter of the history at hand, from none on.
  readonly #saved: Uint8Array[] = [];
  // The last of them in small pieces, once that was asked for.
  #pieces: Uint8Array[] | undefined;
  #children: number[] = [];
  #hashes: number[] = [];
  #suspects: Suspect[] = [];
  #played = 0;
  #mirrored = 0;
  #restores = 0;
  #depth = -1;

  /** `place`: where it writes what it is at; one of its own where nobody watches. */
  constructor(
    kind: MachineKind,
    subject: Subject,
    { kinds, place = new Place() }: { readonly kinds?: ModelRegistry | undefined; readonly place?: Place } = {},
  ) {
    this.#kind = kind;
    this.#place = place;
    this.#history = new History(subject, kind.capabilities, kinds);
    kind.begin?.();
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

  #expandOne(letters: Uint8Array, last: boolean): void {
    const history = this.#history;
    const common = history.moveTo(letters);
    if (this.#saved.length > common + 1) this.#saved.length = common + 1;
    this.#pieces = undefined;
    if (!this.#survey()) return;
    const roles = history.hasRoles;
    for (let letter = 0; letter < history.alphabet; letter++) {
      if (!roles && history.roleOf(letter) === "B") this.#mirrored++;
      else this.#try(letter, last);
    }
  }

  // Plays the history on one machine, saving its state where it is not known; asks it, and offers it a damaged state.
  #survey(): boolean {
    const { letters, entries, prefix, queries, walk } = this.#history;
    let doing: Suspect["atLast"] = null;
    try {
      this.#place.here(letters, null);
      const machine = this.#kind.create();
      for (let at = 0; at < prefix; at++) machine.apply(entries[at] as Entry);
      for (let depth = 0; depth < letters.length; depth++) {
        if (depth >= this.#saved.length) this.#saved.push(machine.snapshot());
        machine.apply(entries[prefix + depth] as Entry);
      }
      const state = look(machine);
      if (letters.length >= this.#saved.length) this.#saved.push(machine.snapshot());
      // What a look or a snapshot changes shows in the log of a query, before which the machine is looked at once more.
      if (!sameBytes(state, look(machine))) return this.#suspect(null, null, 0);
      for (const [at, query] of queries.entries()) {
        doing = at;
        this.#place.here(letters, null, null, at);
        if (!walk.tells(query, machine.query(query))) return this.#suspect(null, null, at);
        if (!sameBytes(look(machine), state)) return this.#suspect(null, null, at);
      }
      doing = "damage";
      this.#place.here(letters, null, null, doing);
      const damaged = (this.#saved[letters.length] as Uint8Array).slice();
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
    const history = this.#history;
    const { walk, entries } = history;
    const step = history.push(letter);
    let good = true;
    try {
      this.#place.here(history.letters, null);
      const machine = this.#kind.create();
      const before = entries.length - 1;
      for (let at = 0; at < before; at++) machine.apply(entries[at] as Entry);
      const applied = machine.apply(entries[before] as Entry);
      const state = look(machine);
      if (!walk.answers(step, applied)) good = this.#suspect(null, null);
      // Of what the machine shows and of what the model holds: a wrong state may be a right one elsewhere.
      hashState(state, this.#hash, walk.fingerprint());
      const { low, high } = this.#hash;
      const fresh = this.#seen.add(low, high);
      if (good && fresh && !walk.shows(state)) good = this.#suspect(null, null);
      if (good && this.#touched()) good = this.#suspect(null, null);
      // One that is wrong may be wrong in another way, too, once it is restored.
      if (!this.#restored(applied, state)) good = false;
      if (good && fresh && last) good = this.#restoredLast(machine, state);
      if (good && fresh) {
        if (!last) for (const each of history.letters) this.#children.push(each);
        this.#hashes.push(low, high);
      }
    } catch {
      this.#suspect(null, null);
    }
    history.pop();
  }

  // The history at hand after a restore at each point of it: its last entry is answered as `applied` says, and comes to `state`.
  #restored(applied: Applied, state: Uint8Array): boolean {
    const { letters, entries, prefix, walk } = this.#history;
    const last = letters.length - 1;
    const end = entries.length - 1;
    for (let point = last; point >= 0; point--) {
      this.#restores++;
      // Of each state every second time in small pieces.
      const inPieces = point === last && (letters[last] as number) % 2 === 0;
      const chunks = inPieces ? CHUNKS : null;
      this.#place.here(letters, point, chunks);
      try {
        const machine = this.#kind.create();
        const saved = this.#saved[point] as Uint8Array;
        const { kind } = machine.restore(inPieces ? (this.#pieces ??= cut(saved, CHUNKS)) : [saved]);
        if (kind === "refused") return this.#suspect(point, chunks);
        for (let at = prefix + point; at < end; at++) machine.apply(entries[at] as Entry);
        if (!walk.alike(applied, machine.apply(entries[end] as Entry))) return this.#suspect(point, chunks);
        if (!sameBytes(state, look(machine))) return this.#suspect(point, chunks);
      } catch {
        return this.#suspect(point, chunks);
      }
      if (this.#touched()) return this.#suspect(point, chunks);
    }
    return true;
  }

  // Where nobody goes on, the state at the end is still one that a machine comes back from.
  #restoredLast(machine: StateMachine, state: Uint8Array): boolean {
    const end = this.#history.letters.length;
    this.#place.here(this.#history.letters, end);
    try {
      const saved = machine.observe === undefined ? state : machine.snapshot();
      const restored = this.#kind.create();
      if (restored.restore([saved]).kind === "refused") return this.#suspect(end, null);
      if (!sameBytes(state, look(restored))) return this.#suspect(end, null);
    } catch {
      return this.#suspect(end, null);
    }
    return !this.#touched() || this.#suspect(end, null);
  }

  #touched(): boolean {
    if (this.#touches.length === 0) return false;
    this.#touches.length = 0;
    return true;
  }

  #suspect(restoredAt: number | null, chunks: number | null, atLast: Suspect["atLast"] = null): false {
    if (this.#suspects.length < MOST_SUSPECTS) {
      this.#suspects.push({ letters: [...this.#history.letters], restoredAt, chunks, atLast });
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
