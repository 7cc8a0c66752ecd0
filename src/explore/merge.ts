// One report out of those of several shards: the one that a single run over all the seeds would have written, but for the
// time it took. Shards that are missing are named, so that what is not there is never taken for a pass.
import { UsageError } from "../base/usage-error.js";
import {
  answers,
  properties,
  type ReportedFailure,
  type ReportedProperty,
  type RunReport,
  type SeedCounts,
  sorted,
} from "./report.js";
import { parseSeed, parseShard } from "./seeds.js";
import { addCounts, type Counts, type PropertyTally } from "./tally.js";

/** A report, and the name of the file that it came from. */
export interface NamedReport {
  readonly name: string;
  readonly report: RunReport;
}

/** What two shards of one run have in common. */
const HEAD = ["version", "commit", "fsm", "bug", "profile", "scenario"] as const;

/** Adds shards up. One whole report stays what it is. */
export function mergeReports(named: readonly NamedReport[]): RunReport {
  const [one] = named;
  if (one === undefined) throw new UsageError("there is nothing to merge", "Name the JSON reports of the shards.");
  if (named.length === 1 && one.report.shard === undefined) return one.report;
  const { reports, missing } = inOrder(named);
  const head = one.report;
  const reached = sorted(summed(reports.map((each) => each.reached)));
  const interrupted = reports.some((each) => each.interrupted);
  return {
    tool: head.tool,
    version: head.version,
    commit: head.commit,
    fsm: head.fsm,
    bug: head.bug,
    profile: head.profile,
    scenario: head.scenario,
    seeds: seedsOf(reports),
    ...(missing.length === 0 ? {} : { missing }),
    ...(interrupted ? { interrupted: true as const } : {}),
    // Whole microseconds add up exactly.
    virtualSeconds: sum(reports, (each) => Math.round(each.virtualSeconds * 1_000_000)) / 1_000_000,
    wallSeconds: Math.max(...reports.map((each) => each.wallSeconds)),
    entriesApplied: sum(reports, (each) => each.entriesApplied),
    events: sum(reports, (each) => each.events),
    properties: propertiesOf(reports),
    faults: sorted(summed(reports.map((each) => each.faults))),
    counts: {
      lines: sum(reports, ({ counts }) => counts.lines),
      bytesEncoded: sum(reports, ({ counts }) => counts.bytesEncoded),
    },
    reached,
    unreached: unreachedBy(reports, reached),
    reachedBy: sorted(summed(reports.map((each) => each.reachedBy))),
    failures: failuresOf(reports),
    ...answers(reports.flatMap((each) => each.unanswered ?? [])),
  };
}

/** The reports by shard, each there once and of the same run; and the shards that are not there. */
function inOrder(named: readonly NamedReport[]): { reports: RunReport[]; missing: string[] } {
  const first = named[0] as NamedReport;
  const found = new Map<number, NamedReport>();
  const { of } = shardOf(first);
  for (const each of named) {
    sameRun(first, each);
    const { index } = shardOf(each);
    const other = found.get(index);
    if (other !== undefined) throw new UsageError(`${other.name} and ${each.name} are both shard ${index}/${of}`);
    found.set(index, each);
  }
  const all = Array.from({ length: of }, (_, at) => at + 1);
  return {
    reports: all.flatMap((index) => found.get(index)?.report ?? []),
    missing: all.filter((index) => !found.has(index)).map((index) => `${index}/${of}`),
  };
}

function shardOf({ name, report }: NamedReport): { index: number; of: number } {
  if (report.shard !== undefined) return parseShard(report.shard);
  throw new UsageError(
    `${name} is of a whole run, not of a shard`,
    "Merge what `run --shard i/n --format json` printed.",
  );
}

function sameRun(first: NamedReport, other: NamedReport): void {
  for (const field of HEAD) differ(field, first.report[field], other.report[field]);
  differ("first seed", first.report.seeds.first, other.report.seeds.first);
  differ("number of shards", shardOf(first).of, shardOf(other).of);

  function differ(what: string, one: unknown, two: unknown): void {
    if (one === two) return;
    const said = `its ${what} is ${String(two)}, and ${String(one)} in ${first.name}`;
    throw new UsageError(`${other.name} is of another run: ${said}`, "Merge the shards of one run.");
  }
}

function seedsOf(reports: readonly RunReport[]): SeedCounts {
  const total = (field: Exclude<keyof SeedCounts, "first" | "varied">): number =>
    sum(reports, ({ seeds }) => seeds[field]);
  return {
    first: (reports[0] as RunReport).seeds.first,
    requested: total("requested"),
    run: total("run"),
    passed: total("passed"),
    failed: total("failed"),
    undecided: total("undecided"),
  };
}

function propertiesOf(reports: readonly RunReport[]): Record<string, ReportedProperty> {
  const counts: Record<string, PropertyTally> = {};
  const reasons: Record<string, string> = {};
  for (const report of reports) {
    for (const [name, { reason, ...each }] of Object.entries(report.properties)) {
      const so = (counts[name] ??= { judged: 0, broken: 0, undecided: 0, notJudged: 0 });
      so.judged += each.judged;
      so.broken += each.broken;
      so.undecided += each.undecided;
      so.notJudged += each.notJudged;
      const other = reasons[name];
      if (reason !== undefined && (other === undefined || reason < other)) reasons[name] = reason;
    }
  }
  return properties(counts, reasons);
}

/** One for each fingerprint: that of the seed that shows it soonest, with the seeds of all. What is only kept from before stands first. */
function failuresOf(reports: readonly RunReport[]): ReportedFailure[] {
  const byFingerprint = new Map<string, ReportedFailure>();
  const seeds = new Map<string, number>();
  for (const failure of reports.flatMap((each) => each.failures)) {
    const other = byFingerprint.get(failure.fingerprint);
    const soonest = other === undefined || standsFor(failure, other) ? failure : other;
    byFingerprint.set(failure.fingerprint, soonest);
    seeds.set(failure.fingerprint, failure.seeds + (seeds.get(failure.fingerprint) ?? 0));
  }
  const all = [...byFingerprint.values()].map((one) => ({ ...one, seeds: seeds.get(one.fingerprint) ?? 0 }));
  const kept = all.filter((one) => one.seeds === 0);
  const fresh = all.filter((one) => one.seeds > 0);
  // One seed may show two failures, both in one shard, whose order stays.
  return [...kept, ...fresh.sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0))];
}

/** Whether the first of two failures with one fingerprint stands for both. */
function standsFor(a: ReportedFailure, b: ReportedFailure): boolean {
  if (a.seeds === 0 || b.seeds === 0) return a.seeds > b.seeds;
  const [soon = Number.POSITIVE_INFINITY, later = Number.POSITIVE_INFINITY] = [a.after, b.after];
  return soon === later ? before(a, b) : soon < later;
}

/** Whether the first of two failures stands first in the report. */
function before(a: ReportedFailure, b: ReportedFailure): boolean {
  return a.seeds > 0 && b.seeds > 0 ? parseSeed(a.seed) < parseSeed(b.seed) : a.seeds > b.seeds;
}

/** What every shard with any seeds lacks: a milestone that the scenario rarely comes by is in no shard's list. */
function unreachedBy(reports: readonly RunReport[], reached: Readonly<Counts>): string[] {
  return Object.keys(reached).filter((name) =>
    reports.every((each) => !(name in each.reached) || each.unreached.includes(name)),
  );
}

function summed(all: readonly Readonly<Counts>[]): Counts {
  const sums: Counts = {};
  for (const counts of all) addCounts(sums, counts);
  return sums;
}

function sum(reports: readonly RunReport[], of: (report: RunReport) => number): number {
  return reports.reduce((so, report) => so + of(report), 0);
}
