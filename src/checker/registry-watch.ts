// Judges the runtime's registry of sessions: which moves its entries make, and that it knows in time which sessions ended.
// SPEC 4.
import { Heap } from "../base/heap.js";
import type { Session } from "../proto/atomix/runtime/v1/session.js";
import { SessionStatus_State as State } from "../proto/atomix/runtime/v1/session.js";
import type { RegistryLine, ReplicaLine } from "../trace/line.js";
import { agrees, legalMoves } from "./invariants/registries.js";
import type { Ledger } from "./ledger.js";
import type { Grave } from "./models/step.js";

const NAMES = ["NONE", "OPENING", "OPENED", "CLOSING", "CLOSED"];
const MAY_MOVE: ReadonlyMap<number, readonly number[]> = new Map([
  [State.NONE, [State.OPENING]],
  [State.OPENING, [State.OPENED, State.CLOSED]],
  [State.OPENED, [State.CLOSING, State.CLOSED]],
  [State.CLOSING, [State.CLOSED]],
  [State.CLOSED, []],
]);

const HOUR = 3_600_000_000;

interface Known {
  state: number;
  line: number;
  /** Virtual time of its last move. */
  t: number;
  readonly session: string;
  closedAt: number;
}

interface Check {
  readonly due: number;
  readonly partition: number;
  readonly session: string;
  readonly grave: Grave;
  /** The line of the session's end. */
  readonly line: number;
}

/** A replica, as somebody who would ask it finds it. */
interface Askable {
  answers: boolean;
  /** The index it stands at. */
  index: bigint;
}

/** What is known of a partition's ends of sessions. */
interface Ends {
  readonly replicas: Map<number, Askable>;
  /** Ends that no replica tells yet: it has not applied them, or can't be asked. */
  untold: Check[];
  /** Ends that one tells at least, without a break since their span began. */
  readonly told: Set<Check>;
}

export class RegistryWatch {
  readonly #ledger: Ledger;
  readonly #entries = new Map<string, Known>();
  // Names of the entries of a machine's session.
  readonly #bySession = new Map<string, Set<string>>();
  readonly #checks = new Heap<Check>((a, b) => a.due - b.due || a.line - b.line);
  readonly #ends = new Map<number, Ends>();
  #version = 0n;
  #lastLine = 0;
  // An entry that was compacted early: the next change must be its successor's opening.
  #early: { readonly id: string; readonly line: number } | null = null;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** The virtual time at which something is to be checked. */
  get nextDue(): number {
    return this.#checks.peek()?.due ?? Number.POSITIVE_INFINITY;
  }

  changed(line: RegistryLine, at: number): void {
    this.#ledger.of(legalMoves).judged++;
    const id = idOf(line.entry);
    const known = this.#entries.get(id);
    const to = line.entry.status?.state ?? State.NONE;
    const lines = known === undefined ? [at] : [known.line, at];
    const breaks = (says: string, expected: string, got: string): void =>
      this.#ledger.breaks(legalMoves, { says, expected, got }, lines, "registry");

    if (line.version !== this.#version + 1n) {
      breaks(`version ${line.version} came after ${this.#version}`, "the next version", "another version");
    }
    this.#version = line.version;
    if (this.#early !== null && (this.#early.id !== id || line.change !== "moved" || to !== State.OPENING)) {
      const finding = {
        says: "an entry was compacted within the hour",
        expected: "a new entry of that name",
        got: "none",
      };
      this.#ledger.breaks(legalMoves, finding, [this.#early.line, at], "registry");
    }
    this.#early = null;
    this.#lastLine = at;
    if (line.change === "compacted") {
      if (known?.state !== State.CLOSED)
        breaks("an entry was compacted that is not closed", "CLOSED", nameOf(known?.state));
      else if (line.t - known.closedAt < HOUR) this.#early = { id, line: at };
      this.#forget(id, known);
      return;
    }
    const from = known?.state ?? State.NONE;
    if (MAY_MOVE.get(from)?.includes(to) !== true) {
      breaks(`an entry went from ${nameOf(from)} to ${nameOf(to)}`, `a move from ${nameOf(from)}`, nameOf(to));
    }
    if (line.entry.meta?.version !== line.version) breaks("an entry names another version", "its version", "another");
    this.#know(id, line, to, at);
  }

  #know(id: string, line: RegistryLine, state: number, at: number): void {
    const session = line.session === undefined ? "" : `${line.partition}/${line.session}`;
    const known = this.#entries.get(id);
    const closedAt = state === State.CLOSED ? line.t : 0;
    if (known !== undefined && known.session === session) {
      known.state = state;
      known.line = at;
      known.t = line.t;
      known.closedAt = closedAt;
      return;
    }
    this.#forget(id, known);
    this.#entries.set(id, { state, line: at, t: line.t, session, closedAt });
    const names = this.#bySession.get(session);
    if (names === undefined) this.#bySession.set(session, new Set([id]));
    else names.add(id);
  }

  #forget(id: string, known: Known | undefined): void {
    if (known === undefined) return;
    this.#entries.delete(id);
    const names = this.#bySession.get(known.session);
    names?.delete(id);
    if (names?.size === 0) this.#bySession.delete(known.session);
  }

  /** A session ended in an entry that was committed now. Its span begins when a replica can tell of it. */
  ended(partition: number, grave: Grave, at: number): void {
    const session = `${partition}/${grave.id}`;
    this.#endsOf(partition).untold.push({ due: Number.POSITIVE_INFINITY, partition, session, grave, line: at });
  }

  /** A replica stands at another index now. The shadow is nobody's to ask. */
  stands(partition: number, replica: number, index: bigint, t: number): void {
    if (replica === 0) return;
    const ends = this.#endsOf(partition);
    const askable = askableOf(ends, replica);
    askable.index = index;
    if (ends.untold.length > 0 && askable.answers) this.#tell(ends, index, t);
  }

  /** A replica stops answering, or answers again. */
  replica({ partition, replica, change, t }: Pick<ReplicaLine, "partition" | "replica" | "change" | "t">): void {
    const ends = this.#endsOf(partition);
    const askable = askableOf(ends, replica);
    askable.answers = change === "restart" || change === "resume";
    if (change === "restart") askable.index = 0n;
    if (askable.answers) return this.#tell(ends, askable.index, t);
    let furthest = 0n;
    for (const { answers, index } of ends.replicas.values()) if (answers && index > furthest) furthest = index;
    for (const check of ends.told) {
      if (check.grave.index <= furthest) continue;
      ends.told.delete(check);
      ends.untold.push(check);
    }
  }

  // The ends up to `index` can be heard of from now on.
  #tell(ends: Ends, index: bigint, t: number): void {
    const still: Check[] = [];
    for (const check of ends.untold) {
      if (check.grave.index > index) still.push(check);
      else this.#await(ends, { ...check, due: t + intervalOf(check.grave) });
    }
    ends.untold = still;
  }

  #await(ends: Ends, check: Check): void {
    ends.told.add(check);
    this.#checks.push(check);
  }

  /** Time has come to `t`. */
  passed(t: number, at: number): void {
    for (let check = this.#checks.peek(); check !== undefined && check.due < t; check = this.#checks.peek()) {
      this.#checks.pop();
      const ends = this.#endsOf(check.partition);
      // Who could tell of it was gone meanwhile.
      if (!ends.told.delete(check)) continue;
      this.#judge(check, ends, at);
    }
  }

  #judge(check: Check, ends: Ends, at: number): void {
    for (const id of this.#bySession.get(check.session) ?? []) {
      const known = this.#entries.get(id) as Known;
      // A use of a session that was dead already: that has to be found out as well.
      const due = known.t + intervalOf(check.grave);
      if (due > check.due && known.state !== State.CLOSED) {
        this.#await(ends, { ...check, due });
        continue;
      }
      this.#ledger.of(agrees).judged++;
      if (known.state === State.CLOSED) continue;
      const says = `session ${check.grave.id} ${check.grave.how}, and its entry is still ${nameOf(known.state)}`;
      const finding = { says, expected: "CLOSED", got: nameOf(known.state) };
      this.#ledger.breaks(agrees, finding, [known.line, check.line, at], "registry");
    }
  }

  #endsOf(partition: number): Ends {
    let ends = this.#ends.get(partition);
    if (ends === undefined) {
      ends = { replicas: new Map(), untold: [], told: new Set() };
      this.#ends.set(partition, ends);
    }
    return ends;
  }

  finish(): void {
    if (this.#lastLine > 0) return;
    for (const property of [agrees, legalMoves]) this.#ledger.lacks(property, "the run had no registry");
  }
}

function askableOf({ replicas }: Ends, replica: number): Askable {
  let askable = replicas.get(replica);
  if (askable === undefined) replicas.set(replica, (askable = { answers: true, index: 0n }));
  return askable;
}

/** Between two keep-alives: a quarter of the time-out. Microseconds. */
const intervalOf = (grave: Grave): number => Math.max(1, Number(grave.timeout / 4000n));

const nameOf = (state: number | undefined): string => NAMES[state ?? 0] ?? "UNRECOGNIZED";

function idOf(entry: Session): string {
  const id = entry.meta?.id;
  return `${id?.primitive?.id ?? ""} / ${id?.name ?? ""}`;
}
