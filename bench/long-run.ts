// One run of a million entries: what it needs, and whether its last entries cost more than its first.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../src/explore/package.js";
import { type Figure, figureOf } from "./figure.js";
import type { LongRun } from "./long-run-once.js";

/** While the first of them are applied the code is compiled: those say nothing about length. */
const COMPILING = 1;

/** Plays it in a process of its own. */
export function longRunFigures(): Figure[] {
  const file = join(packageRoot, "dist", "bench", "long-run-once.js");
  const { stdout, status } = spawnSync(process.execPath, [file], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`the long run ended with code ${status}`);
  const run = JSON.parse(stdout) as LongRun;
  if (run.broken) throw new Error("the real machine was called wrong");
  const warm = run.stretches.slice(COMPILING);
  const tenth = Math.max(1, Math.round(warm.length / 10));
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [first, last] = [mean(warm.slice(0, tenth)), mean(warm.slice(-tenth))];
  return [
    figureOf("long run: entries", "1", [run.entries]),
    figureOf("long run: on the clock", "s", [run.seconds]),
    figureOf("long run: an entry, everything judged", "µs", run.stretches),
    figureOf("long run: ratio of an entry at the end to one at the start", "×", [last / first]),
    figureOf("long run: memory of the process at most", "MiB", [run.memory]),
  ];
}
