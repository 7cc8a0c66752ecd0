// The suggestions for mistyped names.
import { expect, it } from "vitest";
import { didYouMean } from "./suggest.js";

it("a name with two neighbours swapped is found", () => {
  expect(didYouMean("purge-frogets", ["no-dedup", "purge-forgets"])).toBe('Did you mean "purge-forgets"?');
});

it("a missing letter is found, whatever the case", () => {
  expect(didYouMean("Defalt", ["default", "expiry-storm"])).toBe('Did you mean "default"?');
});

it("where nothing is near, everything is listed", () => {
  expect(didYouMean("xyzzy", ["default", "lock-convoy"])).toBe("There are: default, lock-convoy.");
});

it("of very many, the three nearest are named", () => {
  // All of up to three x are five edits away; the first of them come first.
  const many = Array.from({ length: 31 }, (_, at) => `purge-${"x".repeat(at)}`);
  expect(didYouMean("purgatory", many)).toBe("There are 31; the nearest: purge-, purge-x, purge-xx.");
});

it("where there is nothing, it says so", () => {
  expect(didYouMean("x", [])).toBe("There are none.");
});
