import { expect, it } from "vitest";
import { hashState, Seen } from "./seen.js";

it("a hash is seen once, however many there are", () => {
  const seen = new Seen();
  const numbers = Array.from({ length: 20_000 }, (_, at) => at);
  expect(numbers.every((number) => seen.add(number, 7))).toBe(true);
  expect(numbers.some((number) => seen.add(number, 7))).toBe(false);
  expect(seen.add(0, 8)).toBe(true);
  expect(seen.size).toBe(20_001);
});

it("a state's hash depends on every byte, on their number, and on what stands beside them", () => {
  const hash = (bytes: readonly number[], beside = 0): string => {
    const into = { low: 0, high: 0 };
    hashState(Uint8Array.from(bytes), into, beside);
    return `${into.low}/${into.high}`;
  };
  const all = [hash([]), hash([0]), hash([0, 0]), hash([0, 0, 0, 0]), hash([0, 0, 0, 1]), hash([0, 0, 0, 0, 1])];
  expect(new Set([...all, hash([], 1), hash([0, 0, 0, 0], 1)]).size).toBe(8);
  expect(hash([1, 2, 3, 4, 5])).toBe(hash([1, 2, 3, 4, 5]));
});
