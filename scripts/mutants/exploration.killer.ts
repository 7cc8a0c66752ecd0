// Kills mutants by a short exploration: a few seeds of the default scenario. Not a test of npm test; `npm run mutants` runs it.
import { expect, it } from "vitest";
import { plainContestant } from "../../src/explore/contestant.js";
import { scenarioFrom } from "../../src/explore/scenarios.js";
import { runTrial } from "../../src/explore/trial.js";
import { reference } from "../../src/fsm/reference.js";

const contestant = plainContestant(reference);

it.each([0n, 1n, 2n, 3n])("seed %s", (seed) => {
  expect(runTrial(scenarioFrom("default"), seed, contestant, "0").judgement.first).toBeNull();
});
