// Labels get shorter by whole words, and keep what tells them apart.
import { expect, test } from "vitest";
import { fitted } from "./fitted.js";

test.each([
  ["Acquire #1 lock-1", 17, "Acquire #1 lock-1"],
  ["Acquire #1 lock-1", 16, "Acquire #1"],
  ["Acquire #1 lock-1", 9, "Acquire"],
  ["Acquire #1 lock-1", 6, "Acqui…"],
  ["Acquire #1 lock-1", 1, ""],
  ["session 34 · waiting: 3", 23, "session 34 · waiting: 3"],
  ["session 34 · waiting: 3", 22, "session 34"],
  ["session 34 · waiting: 3", 9, "34"],
  ["session 34", 2, "34"],
  ["session 340", 2, ""],
])("%j in %i letters is %j", (text, most, short) => {
  expect(fitted(text, most)).toBe(short);
});
