// Shards added up are the run that they are shards of.
import { describe, expect, it, test } from "vitest";
import { mergeReports, type NamedReport } from "./merge.js";
import { reportFrom } from "./report-reader.js";
import { version } from "./package.js";
import { MOST_UNANSWERED, type ReportedFailure, type RunReport } from "./report.js";

/** What one seed brings; a shard's report is the sum over its seeds. */
interface Seed {
  readonly at: number;
  readonly failures: readonly string[];
  readonly faults: number;
  readonly micros: number;
  readonly unanswered?: "undecided" | "ours";
}

// Seeds 10 to 17: two kinds of failure, one seed with both, one without an answer, one our own bug.
const seeds: readonly Seed[] = [
  { at: 10, failures: [], faults: 3, micros: 1_000_001 },
  { at: 11, failures: ["late"], faults: 0, micros: 2_000_002 },
  { at: 12, failures: ["early", "late"], faults: 1, micros: 3 },
  { at: 13, failures: [], faults: 4, micros: 300_000, unanswered: "undecided" },
  { at: 14, failures: ["early"], faults: 0, micros: 100_000 },
  { at: 15, failures: [], faults: 0, micros: 200_000 },
  { at: 16, failures: [], faults: 0, micros: 100_000, unanswered: "ours" },
  { at: 17, failures: ["rare"], faults: 0, micros: 100_000 },
];

/** After how many lines a seed fails: the soonest is not the first. */
const after = (seed: number): number => (seed === 14 ? 50 : 100);

function failureOf(fingerprint: string, seed: number, on: number): ReportedFailure {
  const reproduce = `run --seed ${seed}`;
  const text = { property: "lock/fifo", fingerprint, reproduce, says: `${fingerprint} on ${seed}` };
  return { ...text, seed: String(seed), seeds: on, ...(on > 0 && { after: after(seed) }), trace: null, lines: [] };
}

function reportOn(mine: readonly Seed[], shard?: string, kept: readonly string[] = []): RunReport {
  const fingerprints = [...new Set(mine.flatMap(({ failures }) => failures))];
  const fresh = fingerprints.map((each) => {
    const on = mine.filter(({ failures }) => failures.includes(each));
    const [soonest] = on.map(({ at }) => at).sort((a, b) => after(a) - after(b) || a - b);
    return failureOf(each, soonest ?? 0, on.length);
  });
  fresh.sort((a, b) => Number(a.seed) - Number(b.seed));
  const old = kept.filter((each) => !fingerprints.includes(each)).map((each) => failureOf(each, 999, 0));
  const open = mine.filter(({ unanswered }) => unanswered !== undefined);
  const unanswered = [
    ...open.filter((one) => one.unanswered === "ours"),
    ...open.filter((one) => one.unanswered !== "ours"),
  ];
  const failed = mine.filter(({ failures }) => failures.length > 0).length;
  const faults = mine.reduce((sum, each) => sum + each.faults, 0);
  const judged = mine.filter(({ at }) => at % 2 === 0).length;
  return {
    ...{ tool: "multiraft-sim", version: version(), commit: null, fsm: "reference", bug: null },
    ...{ profile: "default", scenario: "default" },
    seeds: {
      first: "10",
      requested: mine.length,
      run: mine.length,
      passed: mine.length - failed - open.length,
      failed,
      undecided: open.length,
    },
    ...(shard === undefined ? {} : { shard }),
    virtualSeconds: mine.reduce((sum, { micros }) => sum + micros, 0) / 1_000_000,
    wallSeconds: mine.length / 2,
    entriesApplied: mine.length * 10,
    events: mine.length * 20,
    properties: {
      "lock/fifo": {
        ...{ judged, broken: failed, undecided: 0, notJudged: mine.length - judged },
        // A shard in which it was not judged says why; the whole run judged it.
        ...(judged === 0 ? { reason: "no lock" } : {}),
      },
    },
    faults: { "message-loss": faults },
    counts: { lines: mine.length, bytesEncoded: 0 },
    reached: { "a tie": 0, "b full": faults },
    unreached: faults === 0 ? ["a tie", "b full"] : ["a tie"],
    reachedBy: faults === 0 ? {} : { "loss × open": faults },
    failures: [...old, ...fresh],
    ...(unanswered.length === 0
      ? {}
      : {
          unanswered: unanswered.map((one) => ({
            ...{ seed: String(one.at), reason: "no time" },
            ...(one.unanswered === "ours" ? { ours: true as const } : {}),
            reproduce: `run --seed ${one.at}`,
          })),
        }),
  };
}

function shards(of: number, kept: readonly string[] = []): NamedReport[] {
  return Array.from({ length: of }, (_, index) => ({
    name: `${index + 1}.json`,
    report: reportOn(
      seeds.filter((_each, place) => place % of === index),
      `${index + 1}/${of}`,
      kept,
    ),
  }));
}

/** But for the time: the longest of shards that run side by side. */
function bytes(report: RunReport): string {
  return JSON.stringify({ ...report, wallSeconds: 0 }, null, 2);
}

describe("merging", () => {
  it.each([2, 3, 4, 8])("%i shards give the bytes of the run that they are shards of, in whatever order", (of) => {
    const named = shards(of);
    const whole = bytes(reportOn(seeds));
    expect(bytes(mergeReports(named))).toBe(whole);
    expect(bytes(mergeReports([...named].reverse()))).toBe(whole);
  });

  it("a failure that is kept from before is one failure, and gives way to one that came up", () => {
    const merged = mergeReports(shards(2, ["rare", "old"]));
    expect(bytes(merged)).toBe(bytes(reportOn(seeds, undefined, ["rare", "old"])));
    expect(merged.failures.map(({ fingerprint, seeds: on }) => [fingerprint, on])).toEqual([
      ["old", 0],
      ["late", 2],
      ["early", 2],
      ["rare", 1],
    ]);
  });

  it("the time is that of the shard that took longest", () => {
    // Three, three and two seeds, half a second each.
    expect(mergeReports(shards(3)).wallSeconds).toBe(1.5);
  });

  it("names the shards that are not there", () => {
    const [first, , third] = shards(4);
    expect(mergeReports([third!, first!]).missing).toEqual(["2/4", "4/4"]);
    expect(mergeReports(shards(4))).not.toHaveProperty("missing");
  });

  it("one whole report is itself", () => {
    const report = reportOn(seeds);
    expect(mergeReports([{ name: "all.json", report }])).toBe(report);
  });

  it("an interruption of one is one of all", () => {
    const [one, two] = shards(2);
    const cut = { name: "2.json", report: { ...two!.report, interrupted: true as const } };
    expect(mergeReports([one!, cut]).interrupted).toBe(true);
  });

  it(`keeps ${MOST_UNANSWERED} seeds without an answer, our own bugs before the others`, () => {
    const many = Array.from({ length: 240 }, (_, at) => ({
      ...{ at: at + 10, failures: [], faults: 0, micros: 0 },
      unanswered: at === 239 ? ("ours" as const) : ("undecided" as const),
    }));
    const named = [0, 1].map((half) => ({
      name: `${half}`,
      report: reportOn(
        many.filter(({ at }) => at % 2 === half),
        `${half + 1}/2`,
      ),
    }));
    const { unanswered = [] } = mergeReports(named);
    expect(unanswered).toHaveLength(100);
    expect(unanswered.slice(0, 3).map(({ seed }) => seed)).toEqual(["249", "10", "11"]);
  });

  test.each([
    [
      "the same shard twice",
      () => [shards(2)[0]!, { ...shards(2)[0]!, name: "b.json" }],
      "1.json and b.json are both shard 1/2",
    ],
    ["a whole run", () => [shards(2)[0]!, { name: "all.json", report: reportOn(seeds) }], "all.json is of a whole run"],
    ["shards of other shares", () => [shards(2)[0]!, shards(3)[1]!], "its number of shards is 3, and 2 in 1.json"],
    ["nothing", () => [], "there is nothing to merge"],
    [
      "other seeds",
      () => {
        const [one, two] = shards(2);
        const { report } = two!;
        return [one!, { name: "2.json", report: { ...report, seeds: { ...report.seeds, first: "11" } } }];
      },
      "2.json is of another run: its first seed is 11, and 10 in 1.json",
    ],
    [
      "another machine",
      () => [shards(2)[0]!, { name: "2.json", report: { ...shards(2)[1]!.report, fsm: "./mine.ts" } }],
      "2.json is of another run: its fsm is ./mine.ts, and reference in 1.json",
    ],
  ])("refuses %s", (_, named, says) => {
    expect(() => mergeReports(named())).toThrow(says);
  });
});

describe("reading a report", () => {
  const good = reportOn(seeds, "1/2");

  it("takes what was written", () => {
    expect(reportFrom(JSON.parse(JSON.stringify(good)))).toEqual(good);
  });

  test.each([
    [{ ...good, tool: "other" }, "the document: not a report of multiraft-sim"],
    [{ ...good, version: "9.9.9" }, "it was written by version 9.9.9"],
    [{ ...good, seeds: { ...good.seeds, run: "8" } }, "seeds.run: not an integer"],
    [{ ...good, shard: "3/2" }, '"3/2" is not a shard'],
    [{ ...good, properties: { x: { judged: 1 } } }, "properties.x.broken: not an integer"],
    [{ ...good, faults: { loss: -1 } }, "faults.loss: -1 is not between"],
    [{ ...good, failures: [{ seed: "1" }] }, "failures[0].property: not a string"],
    [{ ...good, virtualSeconds: null }, "virtualSeconds: not a number from 0 on"],
    [[], "the document: not an object"],
    [null, "the document: not an object"],
  ])("says by path what is wrong: %#", (json, says) => {
    expect(() => reportFrom(json)).toThrow(says);
  });
});
