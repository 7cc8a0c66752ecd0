import { describe, expect, it } from "vitest";
import { lineageOf } from "../sim/variation.js";
import { Guide } from "./guide.js";

const bases = (seeds: readonly bigint[]): (bigint | string)[] =>
  seeds.map((seed) => {
    const lineage = lineageOf(seed);
    return lineage === undefined ? seed : `${lineage.base}+${lineage.variations.join("+")}`;
  });

describe("guide", () => {
  it("without anything kept, seeds come one after the other", () => {
    expect(new Guide(7n, true).next(4)).toEqual([7n, 8n, 9n, 10n]);
  });

  it("what reached the rarest is varied, in turn with fresh seeds, and less the more often it was", () => {
    const guide = new Guide(0n, true);
    expect(guide.learn(0n, ["common"])).toBe(true);
    expect(guide.learn(1n, ["common"])).toBe(false);
    expect(guide.learn(2n, ["common", "rare"])).toBe(true);
    // Worth of 2: 1/3 + 1, then halved; of 0: 1/3.
    expect(bases(guide.next(6))).toEqual([0n, "2+0", 1n, "2+1", 2n, "2+2"]);
    // 2 was varied three times and is worth a quarter of 4/3, as much as 0, which was kept first.
    expect(bases(guide.next(2))).toEqual([3n, "0+0"]);
  });

  it("counts the seeds since the last that reached something new", () => {
    const guide = new Guide(0n, false);
    for (const names of [["a"], ["a"], ["a", "b"], ["b"], []]) guide.learn(0n, names);
    expect(guide.sinceNew).toBe(2);
    expect(guide.reached).toBe(2);
    expect(guide.next(2)).toEqual([0n, 1n]);
  });
});
