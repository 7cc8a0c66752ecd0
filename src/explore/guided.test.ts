// A guided exploration, against a crew that only says what each seed reaches: its choices follow from what was reached, and not
// from who was quicker.
import { expect, it } from "vitest";
import { lineageOf } from "../sim/variation.js";
import type { BatchResult } from "./batch.js";
import type { Crew } from "./explorer.js";
import { exploreGuided } from "./guided.js";
import type { Batch } from "./seeds.js";
import { emptyTally } from "./tally.js";

/** Every seed reaches "any"; seeds below 5 one thing each of their own; variations of seed 3 reach one more. */
function namesOf(seed: bigint): string[] {
  const lineage = lineageOf(seed);
  if (lineage !== undefined) return lineage.base === 3n ? ["any", "deep"] : ["any"];
  return seed < 5n ? ["any", `own ${seed}`] : ["any"];
}

function crew(size: number, tried: bigint[], millis: (batch: Batch) => number): Crew {
  return {
    size,
    batchSize: 10,
    run: async (batch): Promise<BatchResult> => {
      await new Promise((resolve) => setTimeout(resolve, millis(batch)));
      tried.push(...batch.seeds);
      const reached = batch.seeds.map(namesOf);
      const nothing = { failed: [], undecided: [], digests: batch.seeds.map(String) };
      return { from: batch.from, tried: batch.seeds.length, tally: emptyTally(), ...nothing, reached };
    },
    close: async () => undefined,
  };
}

const range = { first: 0n, count: 120, shard: { index: 1, of: 1 } };
const options = { range, bail: false, stop: () => false, varies: true, untilStable: undefined };

it("the same first seed makes the same choices, however many workers there are and whoever is quicker", async () => {
  const one: bigint[] = [];
  const two: bigint[] = [];
  const alone = await exploreGuided({ ...options, crew: crew(1, one, () => 0) });
  const both = await exploreGuided({ ...options, crew: crew(3, two, ({ from }) => (from % 20 === 0 ? 9 : 1)) });
  expect(both.digest).toBe(alone.digest);
  const byNumber = (a: bigint, b: bigint): number => (a < b ? -1 : 1);
  expect(two.toSorted(byNumber)).toEqual(one.toSorted(byNumber));
  expect(alone.tried).toBe(120);
  const variations = one.filter((seed) => lineageOf(seed) !== undefined);
  expect(alone.varied).toBe(variations.length);
  // What is not a variation is every seed from the first on.
  const fresh = one.filter((seed) => lineageOf(seed) === undefined).toSorted(byNumber);
  expect(fresh).toEqual(Array.from({ length: 120 - variations.length }, (_, at) => BigInt(at)));
  // "any", five of their own, and what variations of seed 3 reach.
  expect(alone.reachedInAll).toBe(7);
  expect(one.some((seed) => lineageOf(seed)?.base === 3n)).toBe(true);
});

it("stops when so many seeds in a row reached nothing new, varied or not", async () => {
  const tried: bigint[] = [];
  const open = { ...range, count: Number.POSITIVE_INFINITY };
  const { sinceNew, varied } = await exploreGuided({
    ...options,
    range: open,
    varies: false,
    untilStable: 50,
    crew: crew(1, tried, () => 0),
  });
  // Seeds 0 to 4 are new; a generation of 40 leaves 35 of the first; the second one is enough.
  expect(tried).toHaveLength(80);
  expect(sinceNew).toBe(75);
  expect(varied).toBeUndefined();
});
