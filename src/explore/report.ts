// What a run came to, as data: the object that `run --format json` prints, and that every other face of the report is made
// from. Its shape is a promise to users' scripts: schemas/report.schema.json.
import { catalogue } from "../checker/catalogue.js";
import type { Scenario } from "../sim/scenario.js";
import type { Task } from "./batch.js";
import type { Exploration } from "./explorer.js";
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
  readonly seeds: SeedCounts;
  /** "2/5": the second of five shares of the seeds; absent: all of them. */
  readonly shard?: string;
  /** Of a merged report: the shares that it lacks; absent: none. */
  readonly missing?: readonly string[];
  /** Someone ended it early; absent: nobody did. */
  readonly interrupted?: true;
  /** Exact to the microsecond, so that sums of it are. */
  readonly virtualSeconds: number;
  /** Of a merged report: of the share that took longest. */
  readonly wallSeconds: number;
  readonly entriesApplied: number;
  readonly events: number;
  readonly properties: Readonly<Record<string, ReportedProperty>>;
  readonly faults: Readonly<Counts>;
  readonly counts: { readonly lines: number; readonly bytesEncoded: number };
  readonly reached: Readonly<Counts>;
  readonly unreached: readonly string[];
  readonly reachedBy: Readonly<Counts>;
  readonly failures: readonly ReportedFailure[];
  /** Seeds without an answer, at most {@link MOST_UNANSWERED}; absent: each has one. */
  readonly unanswered?: readonly UnansweredSeed[];
}

export interface SeedCounts {
  /** The first of the run, over all its shards. */
  readonly first: string;
  readonly requested: number;
  readonly run: number;
  /** Of a guided run: how many of those were variations of others, so that the rest are the seeds from the first one on. */
  readonly varied?: number;
  readonly passed: number;
  readonly failed: number;
  readonly undecided: number;
}

export interface ReportedProperty extends Readonly<PropertyTally> {
  /** Of a property that never had anything to judge: what was missing. */
  readonly reason?: string;
}

export interface ReportedFailure {
  /** The seed that shows it soonest; of several, the first. */
  readonly seed: string;
  readonly property: string;
  readonly fingerprint: string;
  /** On how many seeds; 0: it is kept from an earlier run, still there, and none of these seeds shows it. */
  readonly seeds: number;
  /** After how many lines of that seed's run it shows; absent: no line shows it, or it is kept from an earlier run. */
  readonly after?: number;
  /** Path of the recorded trace; null where none could be recorded. */
  readonly trace: string | null;
  readonly reproduce: string;
  /** What was seen, in words. */
  readonly says: string;
  /** The lines of the trace that show it, in words, each with its number. */
  readonly lines: readonly string[];
  /** Why it is known and open; absent: it is not known. */
  readonly known?: string;
  /** The smallest run that fails alike; absent: nobody made it small. */
  readonly small?: SmallRun;
  /** Path of the picture of the smallest run, or where there is none of the recorded trace. */
  readonly picture?: string;
}

/** What became of a failure that was made small. */
export interface SmallRun {
  readonly trace: string;
  /** Path of the test that fails as it does. */
  readonly test: string;
  readonly operations: number;
  readonly faults: number;
  /** Whether nothing more goes; false: there was no time to try. */
  readonly finished: boolean;
}

export interface UnansweredSeed {
  readonly seed: string;
  readonly reason: string;
  /** Our own bug: the harness asserted something that is not so. */
  readonly ours?: true;
  readonly reproduce: string;
}

/** What else stands in a report. */
export interface ReportHead {
  readonly tool: string;
  readonly commit: string | null;
  readonly profile: string;
  readonly wallSeconds: number;
  readonly interrupted: boolean;
  /** The line that shows a seed again. */
  readonly reproduce: (seed: bigint) => string;
}

/** A night of a machine that never answers must not end in a report that nobody can open. */
export const MOST_UNANSWERED = 100;

/** Puts a report together. */
export function reportOf(
  { scenario, contestant, version }: Task,
  { tally, range, tried, varied, ...found }: Exploration,
  failures: readonly ReportedFailure[],
  head: ReportHead,
): RunReport {
  const failed = new Set(found.failed.map((one) => one.seed));
  const undecided = new Set(found.undecided.map((one) => one.seed).filter((seed) => !failed.has(seed)));
  const total = seedsInShard(range);
  const { index, of } = range.shard;
  const reached = sorted(tally.reached);
  const unanswered = found.undecided.map(({ seed, ...why }) => ({
    seed: formatSeed(seed),
    ...why,
    reproduce: head.reproduce(seed),
  }));
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
      ...(varied === undefined ? {} : { varied }),
      passed: tried - failed.size - undecided.size,
      failed: failed.size,
      undecided: undecided.size,
    },
    ...(of === 1 ? {} : { shard: `${index}/${of}` }),
    ...(head.interrupted ? { interrupted: true as const } : {}),
    virtualSeconds: tally.virtualMicros / 1_000_000,
    wallSeconds: Math.round(head.wallSeconds * 100) / 100,
    entriesApplied: tally.applied,
    events: tally.events,
    properties: properties(tally.properties, tally.reasons),
    faults: sorted(tally.faults),
    counts: { lines: tally.lines, bytesEncoded: tally.bytesEncoded },
    reached,
    unreached: unreached(reached, scenario),
    reachedBy: sorted(tally.reachedBy),
    failures,
    ...answers(unanswered),
  };
}

/** The properties in the order of the catalogue, each with the reason where it never had anything to judge. */
export function properties(
  counts: Readonly<Record<string, PropertyTally>>,
  reasons: Readonly<Record<string, string>>,
): Record<string, ReportedProperty> {
  const listed = catalogue.map(({ name }) => name);
  const names = [
    ...listed.filter((name) => counts[name]),
    ...Object.keys(counts).filter((name) => !listed.includes(name)),
  ];
  return Object.fromEntries(
    names.map((name) => {
      const { judged, broken, undecided, notJudged } = counts[name] as PropertyTally;
      const reason = judged === 0 ? reasons[name] : undefined;
      return [name, { judged, broken, undecided, notJudged, ...(reason === undefined ? {} : { reason }) }];
    }),
  );
}

/** The field for seeds without an answer: our own bugs first, then by seed, and not too many. */
export function answers(unanswered: readonly UnansweredSeed[]): Pick<RunReport, "unanswered"> {
  if (unanswered.length === 0) return {};
  const inOrder = unanswered
    .map((one) => ({ one, seed: BigInt(one.seed) }))
    .sort((a, b) => Number(b.one.ours === true) - Number(a.one.ours === true) || (a.seed < b.seed ? -1 : 1));
  return { unanswered: inOrder.slice(0, MOST_UNANSWERED).map(({ one }) => one) };
}

/** The milestones that no seed came by, in the order of `reached`, without those that the scenario rarely comes by. */
function unreached(reached: Readonly<Counts>, { rarely }: Scenario): string[] {
  return Object.keys(reached).filter((name) => reached[name] === 0 && rarely?.includes(name) !== true);
}

/** The properties that never had anything to judge; that no seed was played twice says nothing of the machine. */
export function neverJudged(report: RunReport): string[] {
  return Object.entries(report.properties)
    .filter(([name, { judged, broken }]) => judged === 0 && broken === 0 && name !== SAME_SEED)
    .map(([name]) => name);
}

/** Counts with their names in order. */
export function sorted(counts: Readonly<Counts>): Counts {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
