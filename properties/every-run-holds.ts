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
  reference,
  saveTrace,
  type Scenario,
  Shrinker,
  simulate,
  smallestOf,
  targetOf,
  testOf,
} from "../src/index.js";
import { kindOfSpec } from "../src/adapter/spec.js";
import { scenarios, seeds } from "./arbitraries.js";

export interface RunsOptions {
  /** How many runs are played. Without: 25, which see 52 of the 64 bugs that the zoo has for the machine; 100 see 61. */
  readonly numRuns?: number;
  /** What the runs are drawn from; a fixed one plays the same runs every time. Without: another one every time. */
  readonly seed?: number;
  /** To see a reported failure again: it stands in its report, beside the seed. */
  readonly path?: string;
  readonly scenarios?: fc.Arbitrary<Scenario>;
  /** Where trace and test of a failure go. */
  readonly folder?: string;
}

/**
 * Draws scenarios and seeds, plays them all, and throws one report about the first run in which a claim is broken. Of a module
 * that `contestantFrom` loaded, the report's test names the module; of a machine given as a value it has an import to fill in.
 *
 *     everyRunHolds(await contestantFrom("./my-fsm.ts", import.meta.url), { seed: 7, numRuns: 100 });
 */
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
  const again = `{ seed: ${seed}, path: ${JSON.stringify(counterexamplePath)} }`;
  throw new Error(reportOf(contestant, ...counterexample, { again, folder, after: numRuns }));
}

interface Where {
  /** The options that show the failure again, as source text. */
  readonly again: string;
  readonly folder: string;
  /** How many runs it took. */
  readonly after: number;
}

/** How a test names it; null: as a value, nothing says where it stands. What is made of parts has no other name either. */
function nameOf({ fsm, machine, ...rest }: Contestant): string | null {
  const named = kindOfSpec(fsm);
  if (named === "module" || named === "process") return fsm;
  const more = [rest.parts, rest.registry, rest.roles, rest.models, rest.properties];
  return machine === reference && more.every((each) => each === undefined) ? "reference" : null;
}

function reportOf(
  contestant: Contestant,
  scenario: Scenario,
  seed: bigint,
  { again, folder, after: runs }: Where,
): string {
  const plan = draw(scenario, seed, contestant);
  const target = targetOf(contestant, plan);
  const shrinker = new Shrinker(target, plan);
  for (const _ of shrinker.run());
  const smallest = smallestOf(target, shrinker);
  const { after } = smallest.shrunk;
  const name = join(folder, `${smallest.witness.property.replaceAll("/", "-")}-${seed}`);
  const accused = { fsm: nameOf(contestant), bug: null };
  const test = testOf(smallest, accused, `seed ${seed} of a drawn scenario`, `${name}.test.ts`);
  mkdirSync(folder, { recursive: true });
  saveTrace(`${name}.jsonl`, smallest.trace);
  writeFileSync(`${name}.test.ts`, test);
  return [
    `${smallest.fingerprint}`,
    smallest.witness.says,
    `smallest  ${after.operations} operations, ${after.faults} faults`,
    `trace     ${name}.jsonl`,
    `test      ${name}.test.ts`,
    `again     everyRunHolds(machine, ${again})`,
    `          found in run ${runs}; with \`scenarios\` of your own, they have to be given again, too`,
    ``,
    test,
  ].join("\n");
}
