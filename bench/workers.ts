// What a second worker is worth, and what the machine under it would let it be worth: two processes that know nothing of each
// other share its caches, its memory and its clock rate just as two workers do.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../src/explore/package.js";
import { type Figure, figureOf } from "./figure.js";

const ROUNDS = 3;
/** Enough for what a worker compiles at its start to count for little. */
const SEEDS = 1000;

/** On the clock: seeds a second of `run` with one worker and with two, and of two runs of one worker at once. */
export async function workerFigures(progress: (done: string) => void): Promise<Figure[]> {
  const one: number[] = [];
  const two: number[] = [];
  const apart: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    one.push(await rateOf([run(1, 0, SEEDS)]));
    two.push(await rateOf([run(2, 0, SEEDS)]));
    apart.push(await rateOf([run(1, 0, SEEDS / 2), run(1, SEEDS / 2, SEEDS / 2)]));
    progress(`round ${round + 1} of ${ROUNDS}`);
  }
  const ratio = (values: readonly number[]): number[] => values.map((value, at) => value / (one[at] as number));
  return [
    figureOf("workers: seeds with one", "1/s", one),
    figureOf("workers: seeds with two", "1/s", two),
    figureOf("workers: seeds with two processes of one each", "1/s", apart),
    figureOf("ratio: two workers to one", "×", ratio(two)),
    figureOf("ratio: two processes to one, what the processor allows", "×", ratio(apart)),
  ];
}

function run(jobs: number, first: number, seeds: number): readonly string[] {
  return ["run", "--no-ledger", "--jobs", `${jobs}`, "--first-seed", `${first}`, "--seeds", `${seeds}`];
}

async function rateOf(commands: readonly (readonly string[])[]): Promise<number> {
  const main = join(packageRoot, "dist", "src", "cli", "main.js");
  const begin = performance.now();
  await Promise.all(
    commands.map((args) => {
      return new Promise<void>((done, fail) => {
        const child = spawn(process.execPath, [main, ...args], { stdio: "ignore" });
        child.on("error", fail);
        child.on("exit", (code) => (code === 0 ? done() : fail(new Error(`\`${args.join(" ")}\` ended with ${code}`))));
      });
    }),
  );
  return SEEDS / ((performance.now() - begin) / 1000);
}
