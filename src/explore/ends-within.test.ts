// What never ends is stopped, what ends is not, and what it throws comes through.
import { expect, test } from "vitest";
import { endsWithin } from "./ends-within.js";

test("a loop for ever is stopped, also inside of another body that goes on", () => {
  let after = "";
  const ended = endsWithin(20_000, () => {
    const inner = endsWithin(20, () => {
      for (;;);
    });
    after = `inner ${inner}`;
  });
  expect(ended).toBe(true);
  expect(after).toBe("inner false");
});

test("what is thrown comes through, and leaves nothing behind", () => {
  expect(() =>
    endsWithin(1000, () => {
      throw new RangeError("mine");
    }),
  ).toThrow("mine");
  expect(Object.getOwnPropertySymbols(globalThis).map(String)).not.toContain("Symbol(multiraft-sim/body)");
});
