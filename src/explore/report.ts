// What a run came to, as data: the object that `run --format json` prints, and that every other face of the report is made
// from. Its shape is a promise to users' scripts.
import type { Witness } from "../checker/verdict.js";
import type { Scenario } from "../sim/scenario.js";
import type { Assignment } from "./batch.js";
import { type Exploration, type FailureGroup, grouped } from "./explorer.js";
import { SAME_SEED } from "./same-seed.js";
import { formatSeed, seedsInShard } from "./seeds.js";
import type { Counts, PropertyTally } from "./tally.js";

export interface RunReport {
  readonly tool: string;
  readonly version: string;
  readonly commit: string | null;
  readonly fsm: string;
  readonly bug: string | null;
  readonly profile: string;
  readonly scenario: string;
  readonly seeds: {
    readonly first: string;
    readonly requested: number;
    readonly run: number;
    readonly passed: number;
    readonly failed: number;
    readonly undecided: number;
  };
  readonly virtualSeconds: number;
  readonly wallSeconds: number;
  readonly entriesApplied: number;
  readonly events: number;
  readonly properties: Readonly<Record<string, PropertyTally>>;
  readonly faults: Readonly<Counts>;
  readonly counts: { readonly lines: number; readonly bytesEncoded: number };
  readonly reached: Readonly<Counts>;
  readonly unreached: readonly string[];
  readonly reachedBy: Readonly<Counts>;
  readonly failures: readonly ReportedFailure[];
}

export interface ReportedFailure {
  readonly seed: string;
  readonly property: string;
  readonly fingerprint: string;
  readonly seeds: number;
  /** Path of the recorded trace; null where none could be recorded. */
  readonly trace: string | null;
  readonly reproduce: string;
  /** Why it is known and open; absent: it is not known. */
  readonly known?: string;
}

/** A failure with what a person wants to see of it. */
export interface Failure {
  readonly group: FailureGroup;
  readonly witness: Witness;
  readonly trace: string | null;
  /** The witness's lines as text, each with its number. */
  readonly lines: readonly string[];
  readonly reproduce: string;
  readonly known?: string;
}

/** What else stands in a report's head. */
export interface ReportHead {
  readonly tool: string;
  readonly commit: string | null;
  readonly profile: string;
  readonly wallSeconds: number;
}

/** Puts a report together. */
export function reportOf(
  { scenario, contestant, version }: Omit<Assignment, "bail" | "twiceEvery">,
  exploration: Exploration,
  failures: readonly Failure[],
  head: ReportHead,
): RunReport {
  const { tally, range, tried } = exploration;
  const failed = new Set(exploration.failed.map((one) => one.seed));
  const undecided = new Set(exploration.undecided.map((one) => one.seed).filter((seed) => !failed.has(seed)));
  const total = seedsInShard(range);
  return {
    tool: head.tool,
    version,
    commit: head.commit,
    fsm: contestant.fsm,
    bug: contestant.bug,
    profile: head.profile,
    scenario: scenario.name,
    seeds: {
      first: formatSeed(range.first),
      requested: Number.isFinite(total) ? total : tried,
      run: tried,
      passed: tried - failed.size - undecided.size,
      failed: failed.size,
      undecided: undecided.size,
    },
    virtualSeconds: Math.round(tally.virtualMicros / 1_000_000),
    wallSeconds: Math.round(head.wallSeconds * 100) / 100,
    entriesApplied: tally.applied,
    events: tally.events,
    properties: tally.properties,
    faults: sorted(tally.faults),
    counts: { lines: tally.lines, bytesEncoded: tally.bytesEncoded },
    reached: sorted(tally.reached),
    unreached: unreached(exploration, scenario),
    reachedBy: sorted(tally.reachedBy),
    failures: failures.map(({ group, trace, reproduce, known }) => ({
      seed: formatSeed(group.first.seed),
      property: group.first.witness.property,
      fingerprint: group.first.fingerprint,
      seeds: group.seeds,
      trace,
      reproduce,
      ...(known === undefined ? {} : { known }),
    })),
  };
}

/** The milestones that no seed came by, without those that the scenario says it rarely comes by. */
function unreached({ tally }: Exploration, { rarely }: Scenario): string[] {
  return Object.keys(tally.reached)
    .filter((name) => tally.reached[name] === 0 && rarely?.includes(name) !== true)
    .sort();
}

/** The properties that never had anything to judge. */
export function neverJudged({ tally }: Exploration): string[] {
  return Object.entries(tally.properties)
    .filter(([name, counts]) => counts.judged === 0 && counts.broken === 0 && name !== SAME_SEED)
    .map(([name]) => name);
}

/** The failures of an exploration, known ones too. */
export function failureGroups(exploration: Exploration): FailureGroup[] {
  return grouped(exploration.failed);
}

function sorted(counts: Readonly<Counts>): Counts {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
