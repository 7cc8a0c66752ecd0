// Draws a plan from a scenario and a seed.
import { assert } from "../base/assert.js";
import type { Plan } from "./plan.js";
import type { Scenario } from "./scenario.js";

/** The plan of a seed: everything that is drawn before the run. The same scenario and seed give the same plan. */
export function draw(scenario: Scenario, seed: bigint): Plan {
  assert(scenario === undefined && seed < 0n, "drawing is being written");
  return undefined as never;
}
