// The release gate: everything that is compared, and what came of it as data. Differences with one fingerprint are one; those
// that are accepted are counted; of the others each is made small. Who does the work is passed in.
import type { LogStep } from "../shrink/log-steps.js";
import type { Trace } from "../trace/file.js";
import type { Accepted } from "./accepted.js";
import type { Crew, FromComparer, Lost } from "./crew.js";
import { type Found, fingerprintOf, type Kind, KINDS } from "./difference.js";
import { type SmallResult, type Subject, subjectInWords, type UpgradeRef } from "./job.js";

/** A difference, over all plays. */
export interface Difference {
  readonly kind: Kind;
  readonly fingerprint: string;
  /** Why it is meant; null: nobody says so. */
  readonly accepted: string | null;
  /** In how many plays it was seen. */
  readonly plays: number;
  /** The first of them, and where in it: "2:17" is entry 17 of partition 2. Null where the first one is not kept. */
  readonly from: string | null;
  readonly entry: string | null;
  readonly baseline: string | null;
  readonly candidate: string | null;
  /** "not tried": there were enough others; null: no log of one machine shows it by itself. */
  readonly small: Smallest | "not tried" | null;
}

/** The smallest log that shows a difference. */
export interface Smallest {
  readonly words: readonly string[];
  readonly entries: number;
  readonly since: number | null;
  readonly steps: readonly LogStep[] | null;
  readonly trace: Trace;
  /** Properties that the one breaks and the other does not. */
  readonly properties: { readonly baseline: readonly string[]; readonly candidate: readonly string[] };
}

export interface GateOutcome {
  readonly differences: readonly Difference[];
  /** Accepted fingerprints that matched nothing. */
  readonly stale: readonly string[];
  readonly plays: number;
  readonly calls: number;
  /** How many plays of each sort. */
  readonly sorts: Readonly<Record<Subject["from"], number>>;
  /** What came to no answer, and why. */
  readonly lost: readonly string[];
  readonly interrupted: boolean;
}

export interface GateOptions {
  /** What is compared before upgrades are played. */
  readonly subjects: Iterable<Subject>;
  readonly upgrades: Iterable<Omit<UpgradeRef, "sameStates">>;
  readonly accepted: Accepted;
  readonly crew: Crew;
  /** Make at most so many differences small. */
  readonly mostSmall: number;
  /** Begin nothing more after the first play with a difference that is not accepted. */
  readonly bail: boolean;
  /** Asked before each play; true: begin no more. */
  readonly stop: () => boolean;
  readonly progress: (plays: number, differences: number) => void;
  /** Turns what a worker refused into what ends the run. */
  readonly refused: (said: Extract<FromComparer, { kind: "refused" }>) => Error;
}

/** Compares everything, then makes small what is not accepted. */
export async function runGate(options: GateOptions): Promise<GateOutcome> {
  const gate = new Gate(options);
  await gate.compare(options.subjects);
  // Where states differ already, replicas of one partition may.
  const sameStates = gate.sameStates;
  await gate.compare(mapped(options.upgrades, (each) => ({ ...each, sameStates })));
  await gate.makeSmall();
  return gate.outcome();
}

function* mapped<From, To>(items: Iterable<From>, change: (item: From) => To): Generator<To> {
  for (const item of items) yield change(item);
}

interface Seen {
  readonly kind: Kind;
  plays: number;
  first: { readonly subject: Subject; readonly found: Found; readonly order: number } | null;
  small: SmallResult | "not tried" | null;
}

class Gate {
  readonly #options: GateOptions;
  readonly #seen = new Map<string, Seen>();
  readonly #lost: string[] = [];
  readonly #sorts: Record<Subject["from"], number> = { seed: 0, trace: 0, log: 0, upgrade: 0, snapshot: 0, time: 0 };
  #order = 0;
  #plays = 0;
  #calls = 0;
  #interrupted = false;
  /** Nothing more makes sense: a machine can't stand trial. */
  #over = false;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get sameStates(): boolean {
    return ![...this.#seen.values()].some(({ kind }) => kind === "state" || kind === "snapshot bytes");
  }

  async compare(subjects: Iterable<Subject>): Promise<void> {
    const { crew, bail, stop } = this.#options;
    const left = subjects[Symbol.iterator]();
    const work = async (): Promise<void> => {
      for (;;) {
        if (this.#over || (bail && this.#open().length > 0)) return;
        if (stop()) {
          this.#interrupted = true;
          return;
        }
        const next = left.next();
        if (next.done === true) return;
        const order = this.#order++;
        this.#take(next.value, await crew.run({ kind: "compare", subject: next.value }), order);
      }
    };
    await Promise.all(Array.from({ length: crew.size }, work));
  }

  async makeSmall(): Promise<void> {
    const { crew, mostSmall, stop } = this.#options;
    const order = ({ first }: Seen): number => first?.order ?? 0;
    const open = this.#open().sort((a, b) => b.plays - a.plays || order(a) - order(b));
    const left = open.filter(firstOfItsProperty()).slice(0, mostSmall);
    const work = async (): Promise<void> => {
      for (let seen = left.shift(); seen !== undefined; seen = left.shift()) {
        // Each try would hang again.
        if (this.#over || seen.first === null || /\bhung$/.test(seen.first.found.how) || stop()) continue;
        const { subject, found } = seen.first;
        const said = await crew.run({ kind: "small", subject, found });
        if (said.kind === "small") seen.small = said.small ?? null;
        else this.#answer(subject, said);
      }
    };
    await Promise.all(Array.from({ length: crew.size }, work));
  }

  outcome(): GateOutcome {
    const { accepted } = this.#options;
    const kinds = Object.keys(KINDS);
    const differences = [...this.#seen]
      .map(([fingerprint, seen]) => differenceOf(fingerprint, seen, accepted.get(fingerprint) ?? null))
      .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.fingerprint < b.fingerprint ? -1 : 1));
    return {
      differences,
      stale: [...accepted.keys()].filter((fingerprint) => !this.#seen.has(fingerprint)),
      plays: this.#plays,
      calls: this.#calls,
      sorts: this.#sorts,
      lost: this.#lost,
      interrupted: this.#interrupted,
    };
  }

  #take(subject: Subject, said: FromComparer | Lost, order: number): void {
    const { progress, accepted } = this.#options;
    this.#plays += 1;
    this.#sorts[subject.from] += 1;
    if (said.kind !== "result") this.#answer(subject, said);
    else {
      const { result } = said;
      this.#calls += result.calls;
      for (const fingerprint of result.accepted.keys()) this.#count(fingerprint, null);
      for (const found of result.found) this.#count(found.fingerprint, { subject, found, order });
    }
    progress(this.#plays, [...this.#seen.keys()].filter((fingerprint) => !accepted.has(fingerprint)).length);
  }

  #count(fingerprint: string, first: Seen["first"]): void {
    const [kind] = fingerprint.split(" | ", 1) as [Kind];
    const seen: Seen = this.#seen.get(fingerprint) ?? { kind, plays: 0, first: null, small: "not tried" };
    seen.plays += 1;
    // Workers answer as they come: the first play is the one that was asked for first.
    if (first !== null && (seen.first === null || first.order < seen.first.order)) seen.first = first;
    this.#seen.set(fingerprint, seen);
  }

  #answer(subject: Subject, said: FromComparer | Lost): void {
    if (said.kind === "refused") {
      this.#over = true;
      throw this.#options.refused(said);
    }
    if (said.kind === "lost") this.#lostOne(subject, said);
  }

  #lostOne(subject: Subject, { reason, hung }: Lost): void {
    if (hung?.who === "candidate") {
      const how = "the candidate hung";
      const words = { baseline: "an answer", candidate: `hung at its call ${hung.call}` };
      const finding = { kind: "broke", about: "a call", how, ...words } as const;
      const found = { ...finding, fingerprint: fingerprintOf(finding), partition: 0, replica: 0, index: 0n, call: 0 };
      this.#count(found.fingerprint, { subject, found, order: Number.MAX_SAFE_INTEGER });
    } else this.#lost.push(`${subjectInWords(subject)}: ${reason}`);
  }

  #open(): Seen[] {
    const { accepted } = this.#options;
    return [...this.#seen].filter(([fingerprint]) => !accepted.has(fingerprint)).map(([, seen]) => seen);
  }
}

/** Of the failures of upgrades one for each property: the others mostly follow from it. */
function firstOfItsProperty(): (seen: Seen) => boolean {
  const properties = new Set<string>();
  return ({ kind, first }) => {
    if (kind !== "upgrade") return true;
    const [property = ""] = first?.found.about.split(" | ", 1) ?? [];
    return !properties.has(property) && properties.add(property).size <= MOST_SMALL_UPGRADES;
  };
}

const MOST_SMALL_UPGRADES = 4;

function differenceOf(fingerprint: string, { kind, plays, first, small }: Seen, accepted: string | null): Difference {
  const place = first === null || first.found.partition === 0 ? null : `${first.found.partition}:${first.found.index}`;
  const made = typeof small === "object" ? small : null;
  return {
    kind,
    fingerprint,
    accepted,
    plays,
    from: first === null ? null : subjectInWords(first.subject),
    entry: place,
    baseline: made?.baseline ?? first?.found.baseline ?? null,
    candidate: made?.candidate ?? first?.found.candidate ?? null,
    small: made === null ? (small as "not tried" | null) : { ...made, properties: made.telling },
  };
}
