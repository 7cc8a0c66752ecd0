// A deadline that differs is said in the times of a trace.
import { expect, test } from "vitest";
import { entryDiffers } from "./timed-entry.js";

const value = new Uint8Array(0);
const mine = { value, version: 4n, deadline: null };
const theirs = { value, version: 4n, deadline: { seconds: 946_684_804n, nanos: 319_154_458 } };

test("an entry that should live, and is saved with a deadline", () => {
  expect(entryDiffers('key "a"', true, mine, theirs).map(({ says }) => says)).toEqual([
    'key "a" should never expire; the state says that it should expire at +4.319154458 s',
  ]);
});

test("an entry whose deadline is another", () => {
  const soon = { ...mine, deadline: 946_684_801_500_000_000n };
  expect(entryDiffers('key "a"', true, soon, { ...theirs, deadline: undefined }).map(({ says }) => says)).toEqual([
    'key "a" should expire at +1.5 s; the state says that it should never expire',
  ]);
});
