// SPEC 2.5: what a service saved is read back strictly.
import { expect, test } from "vitest";
import { LockState } from "../../proto/multiraft_sim/lock/v1/lock.js";
import { loadDeadline, readState } from "./saved-state.js";
import type { Loading } from "./service.js";

const loading = {
  check(condition: boolean, message: string) {
    if (!condition) throw new Error(message);
  },
} as Loading;

const saved = LockState.encode({ holder: { sessionId: 1n, token: 5n }, waiters: [] }).finish();

test("2.5: what is read is what was saved", () => {
  expect(readState(LockState, saved, loading).holder).toEqual({ sessionId: 1n, token: 5n });
});

test.each([
  ["that do not decode", [0x0a, 0x7f]],
  // Field 15, a number: nobody knows it, and it would be lost.
  ["with a field more", [...saved, 0x78, 1]],
  ["with a field less than they say", [...saved].slice(0, -1)],
  // The holder's token as 5 in two bytes.
  ["that say it in more bytes than it takes", [0x0a, 5, 0x08, 1, 0x10, 0x85, 0]],
])("2.5: bytes %s are refused", (_, bytes) => {
  expect(() => readState(LockState, Uint8Array.from(bytes), loading)).toThrow("a service's data");
});

test.each([
  [0n, 0, 0n],
  [1n, 999_999_999, 1_999_999_999n],
])("2.5: a deadline of %s s and %s ns is one", (seconds, nanos, expected) => {
  expect(loadDeadline({ seconds, nanos }, loading)).toBe(expected);
});

test.each([
  [-1n, 0],
  [-1n, 999_999_999],
  [1n, -1],
  [1n, 1_000_000_000],
])("2.5: a deadline of %s s and %s ns is refused", (seconds, nanos) => {
  expect(() => loadDeadline({ seconds, nanos }, loading)).toThrow("a deadline is before the epoch");
});
