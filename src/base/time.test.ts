// Instants in words: exact, and beside the times of a trace.
import { expect, test } from "vitest";
import { instantInWords } from "./time.js";

test.each([
  [946_684_800_000_000_000n, "+0 s"],
  [946_684_804_319_154_458n, "+4.319154458 s"],
  [946_684_805_400_000_000n, "+5.4 s"],
  [946_684_799_500_000_000n, "-0.5 s"],
  [0n, "1970 + 0 s"],
  [12_000_000_001n, "1970 + 12.000000001 s"],
  [-1_000_000_000n, "1970 - 1 s"],
])("%d ns since 1970 is %s", (nanos, words) => {
  expect(instantInWords(nanos)).toBe(words);
});
