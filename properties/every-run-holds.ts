// The wrapper of all properties about whole runs. fast-check draws scenarios and seeds; its own shrinking is off, because it
// takes any failure for the same one. Ours makes the failing run small, and one report says everything: seed, path, trace,
// and the smallest test.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import {
  type Contestant,
  draw,
  type MachineKind,
  plainContestant,
  saveTrace,
  type Scenario,
  Shrinker,
  simulate,
  smallestOf,
  targetOf,
  testOf,
} from "../src/index.js";
import { scenarios, seeds } from "./arbitraries.js";

export interface RunsOptions {
  readonly numRuns?: number;
  /** To see a reported failure again: both stand in its report. */
  readonly seed?: number;
  readonly path?: string;
  readonly scenarios?: fc.Arbitrary<Scenario>;
  /** Where trace and test of a failure go. */
  readonly folder?: string;
}

/** Draws scenarios and seeds, plays them all, and throws one report about the first run in which a claim is broken. */
export function everyRunHolds(accused: MachineKind | Contestant, options: RunsOptions = {}): void {
  const contestant = "create" in accused ? plainContestant(accused) : accused;
  const { scenarios: drawn = scenarios(), folder = join(".multiraft-sim", "small"), ...parameters } = options;
  const holds = fc.property(
    drawn,
    seeds(),
    (scenario, seed) => simulate(scenario, contestant, seed).judgement.first === null,
  );
  const { failed, counterexample, counterexamplePath, seed, numRuns } = fc.check(holds, {
    numRuns: 25,
    ...parameters,
    endOnFailure: true,
  });
  if (!failed || counterexample === null) return;
  const where = `{ seed: ${seed}, path: ${JSON.stringify(counterexamplePath)} } after ${numRuns} runs`;
  throw new Error(reportOf(contestant, ...counterexample, where, folder));
}

function reportOf(contestant: Contestant, scenario: Scenario, seed: bigint, where: string, folder: string): string {
  const plan = draw(scenario, seed);
  const target = targetOf(contestant, plan);
  const shrinker = new Shrinker(target, plan);
  for (const _ of shrinker.run());
  const smallest = smallestOf(target, shrinker);
  const { after } = smallest.shrunk;
  const name = join(folder, `${smallest.witness.property.replaceAll("/", "-")}-${seed}`);
  const test = testOf(smallest, { fsm: contestant.fsm, bug: null }, `seed ${seed} of a drawn scenario`);
  mkdirSync(folder, { recursive: true });
  saveTrace(`${name}.jsonl`, smallest.trace);
  writeFileSync(`${name}.test.ts`, test);
  return [
    `${smallest.fingerprint}`,
    smallest.witness.says,
    `smallest  ${after.operations} operations, ${after.faults} faults`,
    `trace     ${name}.jsonl`,
    `test      ${name}.test.ts`,
    `again     everyRunHolds(machine, ${where})`,
    ``,
    test,
  ].join("\n");
}
