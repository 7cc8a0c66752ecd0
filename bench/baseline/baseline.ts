// The same work as one would do it without a simulator: fast-check draws lists of commands, its scheduler decides whose turn it
// is, and the same machine is held against the same model. Beside it, in the same process, what trials come to. It is given
// what is ours already – the model, the comparison – and has to draw, to schedule and to drive.
import fc from "fast-check";
import { bugs } from "../../bugs/index.js";
import type { Bug } from "../../bugs/bug.js";
import { plainContestant } from "../../src/explore/contestant.js";
import { version } from "../../src/explore/package.js";
import { scenarioFrom } from "../../src/explore/scenarios.js";
import { runTrial } from "../../src/explore/trial.js";
import { reference } from "../../src/fsm/reference.js";
import type { MachineKind } from "../../src/protocol/machine.js";
import { cpuSeconds, type Figure, figureOf } from "../figure.js";
import { Cluster } from "./cluster.js";
import { commandLists } from "./commands.js";

const ROUNDS = 3;
/** Of the processor, for each round of entries and for each bug. Seconds. */
const BUDGET = 2;

interface Spent {
  readonly found: boolean;
  readonly applied: number;
  readonly seconds: number;
}

/** Runs of the property until one fails, or the budget is spent. */
async function baselineOn(kind: MachineKind, seed: number): Promise<Spent> {
  let applied = 0;
  let found = false;
  const begin = process.cpuUsage();
  const property = fc.asyncProperty(fc.scheduler(), commandLists, async (scheduler, commands) => {
    const cluster = new Cluster(kind, scheduler);
    try {
      await fc.scheduledModelRun(
        scheduler,
        () => ({ model: { sessions: [], services: new Map() }, real: cluster }),
        commands,
      );
      cluster.finish();
    } finally {
      applied += cluster.applied;
    }
    if (cluster.wrong !== null) throw new Error(cluster.wrong);
  });
  const seconds = await cpuSeconds(async () => {
    for (let at = 0; !found && secondsSince(begin) < BUDGET; at++) {
      const { failed } = await fc.check(property, { numRuns: 10, seed: seed + at, endOnFailure: true });
      found = failed;
    }
  });
  return { found, applied, seconds };
}

/** Trials of one seed after the other until one fails, or the budget is spent. */
async function trialsOn(kind: MachineKind, from: bigint): Promise<Spent> {
  const scenario = scenarioFrom("default");
  const contestant = plainContestant(kind);
  let applied = 0;
  let found = false;
  const begin = process.cpuUsage();
  const seconds = await cpuSeconds(() => {
    for (let seed = from; !found && secondsSince(begin) < BUDGET; seed++) {
      const { judgement, played } = runTrial(scenario, seed, contestant, version());
      applied += played.applied;
      found = judgement.first !== null;
    }
  });
  return { found, applied, seconds };
}

function secondsSince(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

/** What both come to: entries applied and judged a second, and bugs of the zoo found a second. */
export async function baselineFigures(progress: (done: string) => void): Promise<Figure[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const trials = await trialsOn(reference, BigInt(round + 1) * 1000n);
    const commands = await baselineOn(reference, round + 1);
    if (trials.found || commands.found) throw new Error("the real machine was called wrong");
    if (round < 0) continue; // warm
    ours.push(trials.applied / trials.seconds);
    theirs.push(commands.applied / commands.seconds);
  }
  const hunted = bugs.filter((bug): bug is Bug & { machine: MachineKind } => bug.machine !== undefined);
  const sums = { ours: { found: 0, seconds: 0 }, theirs: { found: 0, seconds: 0 } };
  for (const { name, machine } of hunted) {
    const pair = { ours: await trialsOn(machine, 0n), theirs: await baselineOn(machine, 1) };
    for (const who of ["ours", "theirs"] as const) {
      sums[who].seconds += pair[who].seconds;
      if (pair[who].found) sums[who].found++;
    }
    progress(
      `${name}: ${pair.ours.found ? "caught" : "escaped"}, baseline ${pair.theirs.found ? "caught" : "escaped"}`,
    );
  }
  const rate = ({ found, seconds }: { found: number; seconds: number }): number => found / seconds;
  const ratios = ours.map((value, round) => value / (theirs[round] as number));
  return [
    figureOf("trials: entries applied and judged", "1/s", ours),
    figureOf("baseline: entries applied and judged", "1/s", theirs),
    figureOf("ratio: entries", "×", ratios),
    figureOf(`trials: bugs found of ${hunted.length} in the machine`, "1", [sums.ours.found]),
    figureOf(`baseline: bugs found of ${hunted.length} in the machine`, "1", [sums.theirs.found]),
    figureOf("trials: bugs found a second", "1/s", [rate(sums.ours)]),
    figureOf("baseline: bugs found a second", "1/s", [rate(sums.theirs)]),
    figureOf("ratio: bugs found a second", "×", [rate(sums.ours) / rate(sums.theirs)]),
  ];
}
