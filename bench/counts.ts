// Counts that no clock has a say in: events, lines and entries of the first seeds, bytes that machines encoded, judgements,
// configurations that the checker explored. What makes trials dearer shows here, on every machine. counts.json holds what they
// are to be; `npm run counts` writes it anew.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { check } from "../src/checker/linearizability/check.js";
import type { Operation } from "../src/checker/linearizability/history.js";
import type { Model } from "../src/checker/linearizability/model.js";
import { counter } from "../src/checker/linearizability/models/counter.js";
import { casRegister } from "../src/checker/linearizability/models/register.js";
import { Draws, generate, type Shape } from "../src/checker/linearizability/oracle/generate.js";
import { counters, registers } from "../src/checker/linearizability/oracle/subjects.js";
import { plainContestant } from "../src/explore/contestant.js";
import { packageRoot, version } from "../src/explore/package.js";
import { scenarioFrom } from "../src/explore/scenarios.js";
import { addTrial, emptyTally } from "../src/explore/tally.js";
import { runTrial } from "../src/explore/trial.js";
import { reference } from "../src/fsm/reference.js";

const SEEDS = 20;
const SHAPE: Shape = { clients: 8, operations: 2000, unknown: 2, failed: 2, lies: 0, eager: 30 };

/** Where the committed counts are. */
export const countsFile: string = join(packageRoot, "bench", "counts.json");

/** The counts as they are now. */
export function countsNow(): Record<string, number> {
  return { ...trialCounts(), ...checkerCounts() };
}

function trialCounts(): Record<string, number> {
  const scenario = scenarioFrom("default");
  const contestant = plainContestant(reference);
  const tally = emptyTally();
  for (let seed = 0n; seed < SEEDS; seed++) addTrial(tally, runTrial(scenario, seed, contestant, version()));
  const { entries, applied, events, lines, bytesEncoded, properties } = tally;
  const judged = Object.values(properties).reduce((sum, counts) => sum + counts.judged, 0);
  return { seeds: SEEDS, entries, applied, events, lines, bytesEncoded, judged };
}

function checkerCounts(): Record<string, number> {
  return {
    registerConfigurations: explored(casRegister, generate(registers(5, true), SHAPE, new Draws(1))),
    counterConfigurations: explored(counter, generate(counters(false, false), SHAPE, new Draws(1))),
  };
}

function explored<State, Input, Output>(model: Model<State, Input, Output>, history: readonly Operation[]): number {
  return check(model, history as readonly Operation<Input, Output>[]).configurations;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(countsFile, `${JSON.stringify(countsNow(), null, 2)}\n`);
  process.stdout.write(`wrote ${countsFile}\n`);
}
