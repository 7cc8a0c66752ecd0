// The registry of sessions, as far as it decides: from what is reported of a use to the changes of its entry, each with
// the registry's next version. Knows no clock and no caller; what callers may look at is directory.ts. SPEC 4.
import type { Micros } from "../base/time.js";
import type { Session, SessionId, SessionSpec } from "../proto/atomix/runtime/v1/session.js";
import { compareIds, idKey } from "./identity.js";
import { type Move, type Refused, refuse, type RegistryParts, registryParts, type Report, State } from "./states.js";

/**
 * Which of the uses under one name: a restarted client begins the next incarnation, a client that lost its session
 * goes on in another one. Both numbers only ever rise.
 */
export interface Life {
  readonly incarnation: number;
  /** The machine's session; undefined where the reporter does not know it. */
  readonly session: bigint | undefined;
}

/** One change of the registry. */
export interface Change {
  readonly change: "moved" | "compacted";
  /** The registry's version after the change. */
  readonly version: bigint;
  /** The entry after a move; of a compaction, as it was last. */
  readonly entry: Session;
  readonly life: Life;
}

/** What came of a report: changes, in order; or a reason why there are none. */
export type Outcome = { readonly kind: "changed"; readonly changes: readonly Change[] } | Refused;

interface Kept {
  readonly key: string;
  readonly life: Life;
  entry: Session;
  /** Its closing was reported before its opening was answered. */
  closesLater: boolean;
  /** When it became CLOSED. */
  closedAt: Micros | undefined;
}

/** A registry put together from `parts`. Time is passed in, and must not go back. */
export class Registry {
  readonly #parts: RegistryParts;
  readonly #kept = new Map<string, Kept>();
  /** CLOSED entries, those that are closed longest first; some of them may be gone already. */
  readonly #closed: Kept[] = [];
  #version = 0n;

  constructor(parts: RegistryParts = registryParts) {
    this.#parts = parts;
  }

  /** The number of changes so far. */
  get version(): bigint {
    return this.#version;
  }

  /** A use is asked for. An entry of an earlier use under the same name is closed, compacted, and gives way. */
  open(id: SessionId, life: Life, spec: SessionSpec, labels: Labels, now: Micros): Outcome {
    const key = idKey(id);
    const old = this.#kept.get(key);
    const changes: Change[] = [];
    if (old !== undefined) {
      const order = compareLives(life, old.life);
      if (order === 0) return refuse("this use was asked for before");
      if (order < 0) return refuse("a later use has taken its name");
      this.#take(old, this.#parts.replaced(stateOf(old)), now, { ended: "replaced" }, changes);
      changes.push(this.#compact(old));
    }
    const entry: Session = { meta: { id, version: 0n, labels: new Map() }, spec, status: { state: State.NONE } };
    const kept: Kept = { key, life, entry, closesLater: false, closedAt: undefined };
    this.#kept.set(key, kept);
    changes.push(this.#move(kept, State.OPENING, now, labels));
    return { kind: "changed", changes };
  }

  /** Something is reported of a use that was asked for. Late and repeated reports are refused, which is no error. */
  report(id: SessionId, life: Life, report: Report, labels: Labels, now: Micros): Outcome {
    const kept = this.#kept.get(idKey(id));
    if (kept === undefined) return refuse("no such entry");
    return this.#report(kept, life, report, labels, now);
  }

  /** Something is reported of the session that uses were made in: it holds for each of them, in list order. */
  reportAll(covers: (entry: Session) => boolean, life: Life, report: Report, labels: Labels, now: Micros): Change[] {
    const found = [...this.#kept.values()].filter((kept) => covers(kept.entry));
    found.sort((a, b) => compareIds(a.entry.meta?.id, b.entry.meta?.id));
    return found.flatMap((kept) => {
      const outcome = this.#report(kept, life, report, labels, now);
      return outcome.kind === "changed" ? outcome.changes : [];
    });
  }

  /** Takes away what has been CLOSED for long enough. */
  compact(now: Micros): readonly Change[] {
    // An hour's worth of them is waiting, and only the first few are due: the others are not looked at.
    let many = 0;
    for (let next = this.#closed[0]; next !== undefined && this.#isDue(next, now); next = this.#closed[many]) many++;
    if (many === 0) return NO_CHANGES;
    const due = this.#closed.splice(0, many);
    return due.filter((kept) => this.#kept.get(kept.key) === kept).map((kept) => this.#compact(kept));
  }

  #isDue(kept: Kept, now: Micros): boolean {
    return kept.closedAt !== undefined && this.#parts.compactable((now - kept.closedAt) as Micros);
  }

  #report(kept: Kept, life: Life, report: Report, labels: Labels, now: Micros): Outcome {
    if (compareLives(life, kept.life) !== 0) return refuse("the entry stands for another use under this name");
    const move = this.#parts.moves[report](stateOf(kept));
    if (move.kind === "refused") return move;
    const changes: Change[] = [];
    this.#take(kept, move, now, labels, changes);
    if (kept.closesLater && stateOf(kept) === State.OPENED) {
      kept.closesLater = false;
      this.#take(kept, this.#parts.moves.closing(State.OPENED), now, {}, changes);
    }
    return { kind: "changed", changes };
  }

  #take(kept: Kept, move: Move, now: Micros, labels: Labels, changes: Change[]): void {
    if (move.kind === "to") changes.push(this.#move(kept, move.state, now, labels));
    if (move.kind === "later") kept.closesLater = true;
  }

  #move(kept: Kept, state: State, now: Micros, labels: Labels): Change {
    this.#version += 1n;
    const { meta, spec } = kept.entry;
    const all = withLabels(meta?.labels ?? new Map(), labels);
    kept.entry = { meta: { id: meta?.id, version: this.#version, labels: all }, spec, status: { state } };
    if (state === State.CLOSED) {
      kept.closedAt = now;
      this.#closed.push(kept);
    }
    if (state === State.NONE) this.#kept.delete(kept.key);
    return { change: "moved", version: this.#version, entry: kept.entry, life: kept.life };
  }

  #compact(kept: Kept): Change {
    this.#version += 1n;
    this.#kept.delete(kept.key);
    return { change: "compacted", version: this.#version, entry: kept.entry, life: kept.life };
  }
}

/** Labels to be added, in the order of their keys, which are ASCII words; one that is there already stays as it is. */
export type Labels = Readonly<Record<string, string>>;

const NO_CHANGES: readonly Change[] = [];

function stateOf(kept: Kept): State {
  return kept.entry.status?.state ?? State.NONE;
}

// A reporter that does not know the session speaks of whichever one that incarnation uses.
function compareLives(a: Life, b: Life): number {
  if (a.incarnation !== b.incarnation) return a.incarnation - b.incarnation;
  if (a.session === undefined || b.session === undefined || a.session === b.session) return 0;
  return a.session < b.session ? -1 : 1;
}

// Both stand in the order of their keys, and so does what comes of them: equal entries are equal lines.
function withLabels(old: Map<string, string>, added: Labels): Map<string, string> {
  const names = Object.keys(added);
  if (names.length === 0) return old;
  const all = new Map<string, string>();
  let next = 0;
  for (const [name, value] of old) {
    for (; next < names.length && (names[next] as string) < name; next++) setLabel(all, added, names[next] as string);
    all.set(name, value);
  }
  for (; next < names.length; next++) setLabel(all, added, names[next] as string);
  return all;
}

function setLabel(all: Map<string, string>, added: Labels, name: string): void {
  all.set(name, added[name] as string);
}
