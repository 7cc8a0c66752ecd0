// What a run says of itself while it goes on.
import { Writable } from "node:stream";
import { afterEach, expect, test, vi } from "vitest";
import { progressOn, told } from "./progress.js";

const range = { first: 0n, count: 500, shard: { index: 1, of: 1 } };
const progress = { tried: 120, total: 500, failed: 1, virtualMicros: 3_720_000_000 };

afterEach(() => vi.useRealTimers());

test("rate, seeds, virtual time, failures and the time left", () => {
  // 120 seeds in 4 s are 30 a second; 380 are left.
  const says = "120 of 500 seeds · 30 a second · 1 h 2 min of virtual time · 1 failed · 12.7 s left";
  expect(told(progress, 4000, undefined)).toBe(says);
});

test("with a time limit that comes first, the time until then", () => {
  expect(told(progress, 4000, 10_000)).toMatch(/ · 6\.0 s left$/);
  expect(told({ ...progress, total: Number.POSITIVE_INFINITY }, 4000, 10_000)).toMatch(
    /^120 seeds · .* · 6\.0 s left$/,
  );
});

test("without an end in sight nothing is said of one", () => {
  expect(told({ ...progress, total: Number.POSITIVE_INFINITY }, 4000, undefined)).toMatch(/ · 1 failed$/);
});

/** A stream that remembers what was written to it. */
function stream(isTTY: boolean): { stream: NodeJS.WriteStream; written: () => string } {
  let text = "";
  const writable = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  const cursor = { cursorTo: () => true, clearLine: () => true, clearScreenDown: () => true, columns: 200 };
  return { stream: Object.assign(writable, { isTTY, ...cursor }) as never, written: () => text };
}

test("where there is no terminal, a line every ten seconds and no control characters", () => {
  vi.useFakeTimers();
  const { stream: out, written } = stream(false);
  const shown = progressOn(out, "default", range, undefined);
  for (let second = 1; second <= 25; second++) {
    vi.advanceTimersByTime(1000);
    shown.show({ ...progress, tried: second });
  }
  shown.close();
  expect(written().split("\n")).toEqual([
    "default: 10 of 500 seeds · 1 a second · 1 h 2 min of virtual time · 1 failed · 8 min 10 s left",
    "default: 20 of 500 seeds · 1 a second · 1 h 2 min of virtual time · 1 failed · 8 min 0 s left",
    "",
  ]);
});

test("on a terminal, a bar with the same words", () => {
  vi.useFakeTimers();
  const { stream: out, written } = stream(true);
  const shown = progressOn(out, "default", range, undefined);
  vi.advanceTimersByTime(4000);
  shown.show(progress);
  vi.advanceTimersByTime(1000);
  shown.close();
  expect(written()).toContain("120 of 500 seeds · 30 a second");
});
