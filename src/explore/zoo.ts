// What the hunts for the bugs of a zoo came to: a row a bug, as data, and the same read the other way round.
import type { Catch, Hunted } from "./hunt.js";

/** What is known of a bug before it is hunted. */
export interface Inmate {
  readonly name: string;
  readonly livesIn: string;
  readonly caughtBy: readonly string[];
}

export interface ZooRow {
  readonly name: string;
  readonly livesIn: string;
  /** Of the properties that were to break, those that did. */
  readonly caughtBy: readonly string[];
  /** Seeds until it was first caught: the median of all starts. null: it got away on one of them. */
  readonly seeds: number | null;
  /** The same, of the worst start. */
  readonly worst: number | null;
  /** Of the smallest run that breaks the claim; null where none was made small. */
  readonly operations: number | null;
  readonly faults: number | null;
  /** How long it took to make it small. Wall-clock seconds. */
  readonly shrinkSeconds: number | null;
  /** What else broke on the seeds that caught it. */
  readonly besides: readonly string[];
  /** Properties that broke where none of the named ones did. */
  readonly falseCauses: readonly string[];
  /** On how many starts it was hunted, and how many it got away on. */
  readonly starts: number;
  readonly escapes: number;
}

/** The row of a bug, by all its hunts. */
export function rowOf(inmate: Inmate, hunts: readonly Hunted[]): ZooRow {
  const catches = hunts.flatMap(({ caught }) => (caught === null ? [] : [caught]));
  const escapes = hunts.length - catches.length;
  const after = catches.map((each) => each.after).sort((a, b) => a - b);
  const shrunk = catches.filter(({ shrinkSeconds }) => shrinkSeconds !== undefined);
  const smallest = shrunk.toSorted((a, b) => a.operations - b.operations || a.faults - b.faults)[0];
  const among = (names: (one: Catch) => readonly string[]): ReadonlySet<string> => new Set(catches.flatMap(names));
  const by = among((one) => one.by);
  const caught = escapes === 0 && after.length > 0;
  return {
    name: inmate.name,
    livesIn: inmate.livesIn,
    caughtBy: inmate.caughtBy.filter((name) => by.has(name)),
    seeds: caught ? (after[(after.length - 1) >> 1] as number) : null,
    worst: caught ? (after.at(-1) as number) : null,
    operations: smallest?.operations ?? null,
    faults: smallest?.faults ?? null,
    shrinkSeconds: smallest?.shrinkSeconds ?? null,
    besides: [...among((one) => one.besides)].sort(),
    falseCauses: [...new Set(hunts.flatMap(({ falseCauses }) => Object.keys(falseCauses)))].sort(),
    starts: hunts.length,
    escapes,
  };
}

/** A property and the bugs that break it. */
export interface Bite {
  readonly property: string;
  /** By bugs that are known to break it. */
  readonly named: readonly string[];
  /** By bugs that are known to break another one, and broke this one too. */
  readonly besides: readonly string[];
}

/** The table read the other way round, in the order of the properties. */
export function bites(rows: readonly ZooRow[], properties: readonly string[]): Bite[] {
  return properties.map((property) => ({
    property,
    named: rows.filter((row) => row.caughtBy.includes(property)).map((row) => row.name),
    besides: rows.filter((row) => row.besides.includes(property)).map((row) => row.name),
  }));
}
