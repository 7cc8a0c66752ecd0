// Instants and spans as text: the calendar by hand-checked dates, the ranges, and that no two texts say the same.
import { describe, expect, test } from "vitest";
import { durationFromText, durationToText, timestampFromText, timestampToText } from "./instant-text.js";

describe("instants", () => {
  test.each([
    ["1970-01-01T00:00:00Z", 0n, 0],
    ["1969-12-31T23:59:59Z", -1n, 0],
    ["2000-02-29T12:34:56.789Z", 951_827_696n, 789_000_000],
    ["1900-03-01T00:00:00.000001Z", -2_203_891_200n, 1000],
    // The last days of eras of 4, 100 and 400 years, which end with February.
    ["2000-02-29T00:00:00Z", 951_782_400n, 0],
    ["2400-02-29T00:00:00Z", 13_574_563_200n, 0],
    ["2100-02-28T23:59:59.000000001Z", 4_107_542_399n, 1],
    ["0001-01-01T00:00:00Z", -62_135_596_800n, 0],
    ["9999-12-31T23:59:59.999999999Z", 253_402_300_799n, 999_999_999],
  ])("%s", (text, seconds, nanos) => {
    expect(timestampToText({ seconds, nanos })).toBe(text);
    expect(timestampFromText(text)).toEqual({ seconds, nanos });
  });

  test.each([
    "x1970-01-01T00:00:00Z",
    "1970-01-01T00:00:00Zx",
    "1970-01-01T00:00:00",
    "1970-02-29T00:00:00Z",
    "1970-01-01T24:00:00Z",
    "1970-01-01T00:00:60Z",
    "1970-01-01T00:00:00.0Z",
    "1970-01-01T00:00:00.000Z",
    "0000-12-31T00:00:00Z",
    "",
  ])("%s is none", (text) => {
    expect(timestampFromText(text)).toBeUndefined();
  });

  test("beyond the years 1 to 9999 there is no text", () => {
    expect(timestampToText({ seconds: -62_135_596_801n, nanos: 0 })).toBeUndefined();
    expect(timestampToText({ seconds: 253_402_300_800n, nanos: 0 })).toBeUndefined();
  });
});

describe("spans", () => {
  test.each([
    ["0s", 0n, 0],
    ["1.500s", 1n, 500_000_000],
    ["0.000001s", 0n, 1000],
    ["-0.000000001s", 0n, -1],
    ["-1s", -1n, 0],
    ["-2.250s", -2n, -250_000_000],
    ["315576000000s", 315_576_000_000n, 0],
  ])("%s", (text, seconds, nanos) => {
    expect(durationToText({ seconds, nanos })).toBe(text);
    expect(durationFromText(text)).toEqual({ seconds, nanos });
  });

  test.each(["", "s", "1", "x1s", "1sx", "01s", "1.5s", "1.500000s", "1.abcdefs", "-0s", "315576000001s", "1.0s"])(
    "%s is none",
    (text) => {
      expect(durationFromText(text)).toBeUndefined();
    },
  );

  test("beyond ten thousand years there is no text", () => {
    expect(durationToText({ seconds: 315_576_000_001n, nanos: 0 })).toBeUndefined();
    expect(durationToText({ seconds: -315_576_000_001n, nanos: 0 })).toBeUndefined();
  });
});
