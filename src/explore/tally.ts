// What many trials came to, as sums: plain data that crosses from a worker to the process that asked, and adds up in any order.
import type { Judgement } from "../checker/verdict.js";
import type { TrialResult } from "./trial.js";

export interface PropertyTally {
  judged: number;
  broken: number;
  undecided: number;
  notJudged: number;
}

export type Counts = Record<string, number>;

export interface Tally {
  seeds: number;
  /** Virtual time, in microseconds. */
  virtualMicros: number;
  entries: number;
  applied: number;
  events: number;
  lines: number;
  bytesEncoded: number;
  readonly properties: Record<string, PropertyTally>;
  /** What was missing, or which budget ran out, by property: of several reasons the first by alphabet, whoever adds up. */
  readonly reasons: Record<string, string>;
  readonly faults: Counts;
  /** Every milestone that there is, also with 0. */
  readonly reached: Counts;
  readonly reachedBy: Counts;
}

export function emptyTally(): Tally {
  return {
    seeds: 0,
    virtualMicros: 0,
    entries: 0,
    applied: 0,
    events: 0,
    lines: 0,
    bytesEncoded: 0,
    properties: {},
    reasons: {},
    faults: {},
    reached: {},
    reachedBy: {},
  };
}

/** Adds one trial. */
export function addTrial(tally: Tally, { judgement, played, lines, bytesEncoded }: TrialResult): void {
  tally.seeds += 1;
  tally.virtualMicros += played.virtualTime;
  tally.entries += played.entries;
  tally.applied += played.applied;
  tally.events += played.events;
  tally.lines += lines;
  tally.bytesEncoded += bytesEncoded;
  addProperties(tally, judgement);
  addCounts(tally.faults, played.faults);
  addCounts(tally.reached, played.milestones);
  addCounts(tally.reached, judgement.reached);
  addCounts(tally.reachedBy, played.reachedBy);
}

/** Adds another tally. */
export function addTally(tally: Tally, other: Tally): void {
  tally.seeds += other.seeds;
  tally.virtualMicros += other.virtualMicros;
  tally.entries += other.entries;
  tally.applied += other.applied;
  tally.events += other.events;
  tally.lines += other.lines;
  tally.bytesEncoded += other.bytesEncoded;
  for (const [name, counts] of Object.entries(other.properties)) addProperty(tally, name, counts);
  for (const [name, reason] of Object.entries(other.reasons)) addReason(tally, name, reason);
  addCounts(tally.faults, other.faults);
  addCounts(tally.reached, other.reached);
  addCounts(tally.reachedBy, other.reachedBy);
}

/** Adds what was judged of one property. */
export function addProperty(tally: Tally, name: string, counts: Readonly<PropertyTally>): void {
  const sum = (tally.properties[name] ??= { judged: 0, broken: 0, undecided: 0, notJudged: 0 });
  sum.judged += counts.judged;
  sum.broken += counts.broken;
  sum.undecided += counts.undecided;
  sum.notJudged += counts.notJudged;
}

function addProperties(tally: Tally, judgement: Judgement): void {
  for (const result of judgement.properties) {
    addProperty(tally, result.property, result);
    if (result.reason !== undefined) addReason(tally, result.property, result.reason);
  }
}

function addReason({ reasons }: Tally, name: string, reason: string): void {
  const other = reasons[name];
  if (other === undefined || reason < other) reasons[name] = reason;
}

/** Adds counts by name. */
export function addCounts(sums: Counts, counts: Readonly<Counts>): void {
  for (const name in counts) sums[name] = (sums[name] ?? 0) + (counts[name] as number);
}
