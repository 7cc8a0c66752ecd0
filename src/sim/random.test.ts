import fc from "fast-check";
import { expect, test } from "vitest";
import { fnv1a32 } from "../base/hash.js";
import { addressOf, below, between, bitsAt, Dice, happens, Lane } from "./random.js";

test("random: a draw depends on its address alone, not on what was drawn before", () => {
  const before = bitsAt(1, addressOf("c1.0/op7/try1"), Lane.delay);
  for (let i = 0; i < 100; i++) bitsAt(1, addressOf(`c1.0/op${i}`), Lane.loss, i);
  expect(bitsAt(1, addressOf("c1.0/op7/try1"), Lane.delay)).toBe(before);
});

test("random: key, address, lane and attempt each change the draw", () => {
  const draws = [
    bitsAt(1, addressOf("a"), Lane.delay, 0),
    bitsAt(2, addressOf("a"), Lane.delay, 0),
    bitsAt(1, addressOf("b"), Lane.delay, 0),
    bitsAt(1, addressOf("a"), Lane.loss, 0),
    bitsAt(1, addressOf("a"), Lane.delay, 1),
  ];
  expect(new Set(draws).size).toBe(draws.length);
});

test("random: what is drawn lies within its bounds, both included", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), fc.nat(1000), fc.nat(1000), (bits, least, more) => {
      const drawn = between(bits, least, least + more);
      expect(drawn).toBeGreaterThanOrEqual(least);
      expect(drawn).toBeLessThanOrEqual(least + more);
    }),
  );
  expect([between(0, 3, 5), between(0xffff_ffff, 3, 5)]).toEqual([3, 5]);
  expect([below(0, 7), below(0xffff_ffff, 7)]).toEqual([0, 6]);
});

test("random: what happens 250 times in 1000 does so, near enough, over addresses that differ in one digit", () => {
  let many = 0;
  for (let i = 0; i < 10_000; i++) if (happens(bitsAt(7, addressOf(`c1.0/op${i}/try1`), Lane.loss), 250)) many++;
  // 2500 is expected; the standard deviation is 43.
  expect(Math.abs(many - 2500)).toBeLessThan(6 * 43);
});

test("random: lanes never share a number", () => {
  const numbers = Object.values(Lane);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test("random: dice of one seed fall alike, of another seed otherwise", () => {
  const throws = (seed: string): number[] => {
    const dice = new Dice(seed);
    return Array.from({ length: 20 }, () => dice.between(1, 6));
  };
  expect(throws("1/faults")).toEqual(throws("1/faults"));
  expect(throws("1/faults")).not.toEqual(throws("2/faults"));
});

test("hash: FNV-1a gives the published values", () => {
  // From the test vectors of the authors' page.
  expect(fnv1a32("")).toBe(0x811c9dc5);
  expect(fnv1a32("a")).toBe(0xe40c292c);
  expect(fnv1a32("foobar")).toBe(0xbf9cf968);
});
