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

it("where there is nothing, it says so", () => {
  expect(didYouMean("x", [])).toBe("There are none.");
});
