// Delta debugging finds what can't go, in few trials, always the same.
import { describe, expect, test } from "vitest";
import { ddmin } from "./ddmin.js";

/** Drives the search with a question; answers what is left and how often it was asked. */
function search<Item>(items: readonly Item[], fails: (kept: readonly Item[]) => boolean): [readonly Item[], number] {
  const steps = ddmin(items);
  let asked = 0;
  let step = steps.next();
  while (step.done !== true) {
    asked += 1;
    step = steps.next(fails(step.value));
  }
  return [step.value, asked];
}

const hundred = Array.from({ length: 100 }, (_, i) => i);

describe("ddmin", () => {
  test("keeps the items that a failure needs, in their order", () => {
    const [kept] = search(hundred, (list) => list.includes(17) && list.includes(80) && list.includes(81));
    expect(kept).toEqual([17, 80, 81]);
  });

  test("takes away everything in one trial where nothing is needed", () => {
    expect(search(hundred, () => true)).toEqual([[], 1]);
  });

  test("leaves everything where everything is needed", () => {
    const [kept] = search([1, 2, 3], (list) => list.length === 3);
    expect(kept).toEqual([1, 2, 3]);
  });

  test("is left with a list of which no single item can go", () => {
    // Fails with any three of the items: which three stay is the search's business, that it is three is not.
    const [kept] = search(hundred, (list) => list.length >= 3);
    expect(kept).toHaveLength(3);
  });

  test("needs far fewer trials than there are items for one culprit", () => {
    const [kept, asked] = search(hundred, (list) => list.includes(42));
    expect(kept).toEqual([42]);
    expect(asked).toBeLessThan(40);
  });

  test("asks nothing of an empty list", () => {
    expect(search([], () => true)).toEqual([[], 0]);
  });
});
