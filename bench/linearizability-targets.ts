// The figures of the linearizability bench beside what the project set out to reach, as parts of Porcupine's time on the
// same histories. `node dist/bench/linearizability-targets.js` prints it.
import { fileURLToPath } from "node:url";
import type { LinearizabilityFigure } from "./linearizability.js";
import { generatedFigures, geometricMean, recordedFigures } from "./linearizability.js";

/** One line: what was to be reached, and what is. */
export interface Target {
  readonly what: string;
  readonly figure: number;
  readonly most: number;
}

/** What was to be reached, from the figures of both benches. */
export function targets(
  recorded: readonly LinearizabilityFigure[],
  generated: readonly LinearizabilityFigure[],
): Target[] {
  const known = (pattern: RegExp): LinearizabilityFigure[] =>
    recorded.filter(({ name, porcupine }) => pattern.test(name) && porcupine !== null);
  const most = (pattern: RegExp): number => Math.max(...known(pattern).map((one) => one.median / (one.porcupine ?? 1)));
  const sum = (of: (one: LinearizabilityFigure) => number): number =>
    known(/etcd/).reduce((total, one) => total + of(one), 0);
  const slowest = (pattern: RegExp): number =>
    Math.max(...generated.filter(({ name }) => pattern.test(name)).map(({ median }) => median / 1000));
  return [
    { what: "etcd logs, geometric mean", figure: geometricMean(known(/etcd/), "porcupine") ?? NaN, most: 0.2 },
    { what: "etcd logs, sum", figure: sum((one) => one.median) / sum((one) => one.porcupine ?? 0), most: 0.005 },
    { what: "etcd logs, worst", figure: most(/etcd/), most: 1 },
    { what: "kv of 1 and 10 clients, worst", figure: most(/\/c\d\d-/), most: 0.4 },
    { what: "kv of 5000 operations, worst", figure: most(/kv_/), most: 0.15 },
    { what: "counters and cas, 10 to 20 clients, worst", figure: most(/reg_c[12]0|ctr_c12/), most: 0.05 },
    { what: "5000 operations, distinct values, worst, ms", figure: slowest(/distinct values/), most: 1 },
    { what: "register of 1 000 000 operations, ms", figure: slowest(/1 000 000/), most: 1000 },
  ];
}

/** The table, as Markdown. */
export function targetsTable(lines: readonly Target[]): string {
  const rows = lines.map(({ what, figure, most }) => {
    const digits = most >= 1000 ? 0 : most < 0.01 ? 5 : 3;
    return `| ${what} | ${most} | ${figure.toFixed(digits)} | ${figure <= most ? "yes" : "no"} |`;
  });
  return ["| what | at most | is | met |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${targetsTable(targets(recordedFigures(false), generatedFigures(false)))}\n`);
}
