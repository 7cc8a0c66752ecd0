// Moments of virtual time as people write them.
import { describe, expect, test } from "vitest";
import { Micros } from "../base/time.js";
import { formatMoment, formatSeconds, parseMoment } from "./moment.js";

describe("a moment", () => {
  test.each([
    ["+0", 0],
    ["+90", 90_000_000],
    ["+1.5", 1_500_000],
    ["+1.5s", 1_500_000],
    ["+0.000001", 1],
    ["2000-01-01T00:00:00Z", 0],
    ["2000-01-01T00:01:00.25Z", 60_250_000],
    ["2000-01-01T02:00:00+02:00", 0],
    ["1999-12-31T23:00:00-01:30", 1_800_000_000],
    // 2000 is a leap year: 31 + 29 days come before the first of March.
    ["2000-03-01T00:00:00Z", 60 * 86_400_000_000],
  ])("%s is %d µs", (text, micros) => {
    expect(parseMoment(text)).toBe(micros);
  });

  test.each([
    "",
    "90",
    "-5",
    "+",
    "+1.",
    "+1e3",
    "noon",
    "2000-01-01",
    "2000-01-01T00:00:00",
    "2000-02-30T00:00:00Z",
    "2000-01-01T24:00:00Z",
    "2000-01-01T00:00:00+24:00",
    "+1.0000001",
  ])("%j is none, and the message says what would be one", (text) => {
    expect(() => parseMoment(text)).toThrow(`"${text}" is no moment of virtual time.`);
    expect(() => parseMoment(text)).toThrow(expect.objectContaining({ todo: expect.stringContaining("+12.5") }));
  });

  test("before the start of virtual time is refused, with the start", () => {
    expect(() => parseMoment("1999-12-31T23:59:59Z")).toThrow("before virtual time starts, 2000-01-01T00:00:00Z");
  });

  test.each([
    [0, "2000-01-01T00:00:00Z", "0"],
    [12_500_000, "2000-01-01T00:00:12.500Z", "12.5"],
    [60_000_001, "2000-01-01T00:01:00.000001Z", "60.000001"],
  ])("%d µs is written as ISO 8601 and as seconds", (micros, iso, seconds) => {
    expect(formatMoment(Micros(micros))).toBe(iso);
    expect(formatSeconds(Micros(micros))).toBe(seconds);
  });
});
