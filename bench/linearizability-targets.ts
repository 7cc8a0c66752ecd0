// The figures of the linearizability bench beside what the project set out to reach, as parts of Porcupine's time on the
// same histories where that is known. `node dist/bench/linearizability-targets.js` prints it; with a
// pattern, only what histories of such a name say ("kv", "etcd", "distinct", "reg_c|ctr", "1 000 000").
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { LinearizabilityFigure } from "./linearizability.js";
import { generatedFigures, geometricMean, recordedFigures } from "./linearizability.js";

/** One line: what was to be reached, and what is. */
export interface Target {
  readonly what: string;
  readonly most: number;
  /** From the least of the times of each history. */
  readonly figure: number;
  /** From their medians: how quiet the machine was. */
  readonly median: number;
}

type Time = "least" | "median";
/** Microseconds of Porcupine's search, transcribed to Go, on histories for which no time of its own is known: the least of twenty. */
const BUSY_KV = 115_571;
const LONG_KV = 146_133;

/** What was to be reached, from the figures of both benches. */
export function targets(
  recorded: readonly LinearizabilityFigure[],
  generated: readonly LinearizabilityFigure[],
): Target[] {
  const known = (pattern: RegExp): readonly LinearizabilityFigure[] =>
    recorded.filter(({ name, porcupine }) => pattern.test(name) && porcupine !== null);
  const made = (pattern: RegExp): readonly LinearizabilityFigure[] =>
    generated.filter(({ name }) => pattern.test(name));
  // -Infinity where nothing was measured.
  const most = (ratios: readonly number[]): number => Math.max(...ratios);
  const worst = (pattern: RegExp) => (time: Time) =>
    most(known(pattern).map((one) => one[time] / (one.porcupine ?? NaN)));
  const slowest = (pattern: RegExp) => (time: Time) => most(made(pattern).map((one) => one[time] / 1000));
  const target = (what: string, atMost: number, of: (time: Time) => number): Target => {
    return { what, most: atMost, figure: of("least"), median: of("median") };
  };
  const sum = (of: (one: LinearizabilityFigure) => number): number =>
    known(/etcd/).reduce((total, one) => total + of(one), 0);
  const long = made(/kv of distinct values/).filter(({ operations }) => operations === 50_000);
  return [
    target("etcd logs, geometric mean", 0.2, (time) => geometricMean(known(/etcd/), "porcupine", time) ?? NaN),
    target("etcd logs, sum", 0.005, (time) => sum((one) => one[time]) / sum((one) => one.porcupine ?? 0)),
    target("etcd logs, worst", 1, worst(/etcd/)),
    target("kv of 1 and 10 clients, worst", 0.4, worst(/\/c\d\d-/)),
    target("kv of 50 clients, worst, of the oracle's time ¹", 0.05, (time) =>
      most(made(/50 clients/).map((one) => one[time] / (one.oracle ?? Infinity))),
    ),
    target("kv of 50 busy clients ²", 0.05, (time) => most(made(/50 busy/).map((one) => one[time] / BUSY_KV))),
    target("kv of 5000 operations, worst", 0.15, worst(/kv_/)),
    target("kv of 50 000 operations ²", 0.15, (time) => most(long.map((one) => one[time] / LONG_KV))),
    target("counters and cas, 10 to 20 clients, worst", 0.05, worst(/reg_c[12]0|ctr_c12/)),
    target("5000 operations, distinct values, worst, ms", 1, slowest(/^(queue|register) of distinct values/)),
    target("register of 1 000 000 operations, ms", 1000, slowest(/1 000 000/)),
  ];
}

/** The table, as Markdown. */
export function targetsTable(lines: readonly Target[]): string {
  const rows = lines.map(({ what, figure, median, most }) => {
    const digits = most >= 1000 ? 0 : most < 0.01 ? 5 : 3;
    const met = figure <= most ? "yes" : "no";
    return `| ${what} | ${most} | ${figure.toFixed(digits)} | ${median.toFixed(digits)} | ${met} |`;
  });
  return [
    "| what | at most | is | median | met |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    "¹ No time of Porcupine's is known for these; the oracle is the plain search of the papers, in the same process.",
    "",
    "² Of the time of Porcupine's search, transcribed to Go, which was measured once.",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const only = new RegExp(process.argv[2] ?? ".");
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
  const lines = targets(recordedFigures({ only, oracle: false }), generatedFigures({ only }));
  process.stdout.write(`${machine}\n\n${targetsTable(lines.filter(({ figure }) => figure > 0))}\n`);
}
