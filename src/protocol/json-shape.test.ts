// Canonical JSON, value by value: what is written, what is read back, and what no one writes is refused with its place named.
import { describe, expect, test } from "vitest";
import { UsageError } from "../base/usage-error.js";
import {
  bool,
  bytes,
  duration,
  enumeration,
  type Json,
  mapOf,
  message,
  oneof,
  repeated,
  type Shape,
  string,
  timestamp,
  uint64,
} from "./json-shape.js";

const colour = enumeration({ RED: 0, GREEN: 1 });

// What it is, its default, another value and how that is written, and JSON that it never writes.
const shapes: readonly (readonly [string, Shape, unknown, unknown, Json, readonly Json[]])[] = [
  ["a truth value", bool, false, true, true, ["true", 1, null, []]],
  ["a text", string, "", "ä", "ä", [1, true, null, ["a"]]],
  [
    "an integer",
    uint64,
    0n,
    2n ** 64n - 1n,
    "18446744073709551615",
    [1, "", "01", "x1", "1x", "1.0", "-1", "-0", "18446744073709551616"],
  ],
  ["bytes", bytes, new Uint8Array(0), Uint8Array.of(251, 255), "+/8=", [5, "+/8", "-_8=", null]],
  [
    "an instant",
    timestamp,
    undefined,
    { seconds: 1n, nanos: 0 },
    "1970-01-01T00:00:01Z",
    [1, null, "1970-01-01", "now", ["1970-01-01T00:00:01Z"]],
  ],
  [
    "a span",
    duration,
    undefined,
    { seconds: 1n, nanos: 500_000_000 },
    "1.500s",
    [1.5, null, "1.5s", "1.500", ["1.500s"]],
  ],
  ["a name", colour, 0, 1, "GREEN", ["BLUE", "toString", 1.5, true, null, ["GREEN"]]],
  ["a list", repeated(uint64), [], [1n, 2n], ["1", "2"], ["1", { 0: "1" }, [1]]],
  [
    "a map",
    mapOf(uint64, string),
    new Map(),
    new Map([[1n, "a"]]),
    { 1: "a" },
    [["a"], null, "a", 7, { x: "a" }, { 1: 2 }],
  ],
  [
    "a message",
    message({ on: bool, name: string }),
    undefined,
    { on: true, name: "" },
    { on: true },
    [null, "on", true, [], { off: true }, { on: "true" }],
  ],
];

describe.each(shapes)("%s", (_, shape, fallback, value, json, wrong) => {
  test("is written and read back", () => {
    expect(shape.to(value)).toEqual(json);
    expect(shape.from(json, "here")).toEqual(value);
  });

  test("is left out where it says nothing, and then stands for that", () => {
    expect(shape.isDefault(fallback)).toBe(true);
    expect(shape.isDefault(value)).toBe(false);
    expect(shape.absent()).toEqual(fallback);
  });

  test("is refused in other words, which are named", () => {
    for (const one of wrong) {
      expect(() => shape.from(one, "here"), JSON.stringify(one)).toThrow(UsageError);
      expect(() => shape.from(one, "here"), JSON.stringify(one)).toThrow(/^here.*: (expected|no such field)/);
    }
  });
});

test("a number that has no name stands as itself", () => {
  expect(colour.to(7)).toBe(7);
  expect(colour.from(7, "here")).toBe(7);
});

test("what holds one value without canonical JSON has none either", () => {
  const never = { seconds: 2n ** 60n, nanos: 0 };
  const good = { seconds: 0n, nanos: 0 };
  expect(repeated(timestamp).to([good, never])).toBeUndefined();
  expect(repeated(timestamp).to([never])).toBeUndefined();
  expect(
    mapOf(string, timestamp).to(
      new Map([
        ["a", good],
        ["b", never],
      ]),
    ),
  ).toBeUndefined();
  expect(message({ at: timestamp }).to({ at: never })).toBeUndefined();
  expect(message({ at: oneof({ instant: timestamp }) }).to({ at: { $case: "instant", value: never } })).toBeUndefined();
});
