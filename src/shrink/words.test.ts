// What emitted tests are written in: spans, payloads and literals say exactly what the bytes say, or say that they can't.
import { runInThisContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { payloadFromWords, payloadInWords } from "./payload-words.js";
import { spanFromWords, spanInWords } from "./span-words.js";
import { inline, literal } from "./written.js";

describe("spans", () => {
  test.each([
    ["5s", 5n, 0],
    ["0.25s", 0n, 250_000_000],
    ["1.000000001s", 1n, 1],
    ["-2s", -2n, 0],
    ["-0.5s", 0n, -500_000_000],
  ] as const)("%s is read and written", (text, seconds, nanos) => {
    expect(spanFromWords(text)).toEqual({ seconds, nanos });
    expect(spanInWords({ seconds, nanos })).toBe(text);
  });

  test.each(["", "5", "five s", "1.0000000001s", "1,5s"])("%j is no span", (text) => {
    expect(spanFromWords(text)).toBeUndefined();
  });

  test("a span whose parts contradict each other has no words", () => {
    expect(spanInWords({ seconds: 1n, nanos: -1 })).toBeUndefined();
  });
});

describe("payloads", () => {
  // Field 1 "a", field 2 the byte 0x78, field 3 a Duration of 2 seconds.
  const put = Uint8Array.of(0x0a, 1, 0x61, 0x12, 1, 0x78, 0x1a, 2, 0x08, 2);

  test("a Put says its key, its value and its TTL", () => {
    expect(payloadInWords("map", "Put", put)).toEqual({ key: "a", value: "x", ttl: "2s" });
  });

  test("what was said gives the same bytes back", () => {
    expect(payloadFromWords("map", "Put", { key: "a", value: "x", ttl: "2s" })).toEqual(put);
    expect(payloadFromWords("counter", "Increment", { delta: -1 })).toEqual(
      Uint8Array.of(0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1),
    );
  });

  test("bytes that say nothing of the kind stay bytes", () => {
    expect(payloadInWords("map", "Put", Uint8Array.of(0xff, 0xff))).toEqual({ bytes: "//8=" });
    expect(payloadFromWords("map", "Put", { bytes: "//8=" })).toEqual(Uint8Array.of(0xff, 0xff));
    expect(payloadInWords("queue", "Push", Uint8Array.of(1))).toEqual({ bytes: "AQ==" });
  });

  test("a field that the operation does not have is refused by name", () => {
    expect(() => payloadFromWords("set", "Add", { key: "a" })).toThrow("Add of a set takes no key");
  });
});

describe("literals", () => {
  test("short values stand on one line, with bare keys", () => {
    expect(inline({ at: "0s", open: "5s", "a-b": [1, { x: undefined }] })).toBe(
      '{ at: "0s", open: "5s", "a-b": [1, {}] }',
    );
  });

  test("long numbers are grouped, long values are broken up", () => {
    expect(inline(1_500_000)).toBe("1_500_000");
    const long = { first: "x".repeat(60), second: "y".repeat(60) };
    expect(literal(long)).toBe(`{\n  first: "${"x".repeat(60)}",\n  second: "${"y".repeat(60)}",\n}`);
  });

  test("a literal means what was written", () => {
    const value = { plan: 1, list: [{ at: 2_000_000, text: 'a "b"' }], none: null, [`0x`]: -12_345 };
    expect(runInThisContext(`(${literal(value)})`)).toEqual(value);
  });
});
