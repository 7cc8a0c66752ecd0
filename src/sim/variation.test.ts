// Varied seeds: what they hold, that they draw the same plan each time, and that every such plan can be read and played.
import { expect, it } from "vitest";
import { defaultScenario as scenario } from "./default-scenario.laws.js";
import { draw } from "./drawing.js";
import { readPlan } from "./plan.js";
import { lineageOf, MOST_VARIATIONS, variedSeed } from "./variation.js";

const chain = (base: bigint, ...numbers: number[]): bigint =>
  numbers.reduce((seed, each) => variedSeed(seed, each) as bigint, base);

it("a varied seed holds its base and what was varied, in its order", () => {
  expect(lineageOf(chain(17n, 3, 65_535, 0))).toEqual({ base: 17n, variations: [3, 65_535, 0] });
  expect(lineageOf(17n)).toBeUndefined();
  // A commit hash of 40 digits is a seed like any other.
  expect(lineageOf((1n << 160n) - 1n)).toBeUndefined();
  expect(variedSeed(1n << 64n, 1)).toBeUndefined();
});

it("no more variations fit than fit", () => {
  const full = chain(1n, ...Array.from({ length: MOST_VARIATIONS }, (_, at) => at));
  expect(lineageOf(full)?.variations).toHaveLength(MOST_VARIATIONS);
  expect(variedSeed(full, 7)).toBeUndefined();
});

it("a varied seed draws one plan, another than its base, that a reader takes", () => {
  for (let number = 0; number < 40; number++) {
    const seed = chain(5n, number, number + 1);
    const plan = draw(scenario, seed);
    expect(draw(scenario, seed)).toEqual(plan);
    expect(readPlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    expect(plan).not.toEqual(draw(scenario, 5n));
    expect(new Set(plan.faults.map(({ id }) => id)).size).toBe(plan.faults.length);
  }
});
