// What the quick writer writes, byte by byte: fields by hand from the encoding's definition, and buffers that have to grow.
// That whole snapshots come out as the generated encoder writes them stands in fsm/snapshot-codec.test.ts.
import { describe, expect, test } from "vitest";
import { StrictWriter } from "./strict-writer.js";

const FIELD_1_VARINT = 0x08;
const FIELD_1 = 0x0a;
const MEGABYTE = 1 << 20;

/** What `write` writes, without free bytes in front. */
function written(write: (writer: StrictWriter) => void): number[] {
  const writer = new StrictWriter();
  write(writer);
  return [...writer.finish()];
}

describe("strings", () => {
  test.each([
    ["the last of one byte", "\u007f", [0x7f]],
    ["the first of two", "\u0080", [0xc2, 0x80]],
    ["the last of two", "\u07ff", [0xdf, 0xbf]],
    ["the first of three", "\u0800", [0xe0, 0xa0, 0x80]],
    ["the last before the surrogates", "\ud7ff", [0xed, 0x9f, 0xbf]],
    ["the first behind them", "\ue000", [0xee, 0x80, 0x80]],
    ["the last of three", "\uffff", [0xef, 0xbf, 0xbf]],
    ["the first of four", "\u{10000}", [0xf0, 0x90, 0x80, 0x80]],
    ["the last of four", "\u{10ffff}", [0xf4, 0x8f, 0xbf, 0xbf]],
    ["the first surrogate, alone", "\ud800", [0xef, 0xbf, 0xbd]],
    ["the last surrogate, alone", "\udfff", [0xef, 0xbf, 0xbd]],
  ])("%s is written as UTF-8, and the letter behind it is not lost", (_, letter, utf8) => {
    const bytes = [0x61, ...utf8, 0x62];
    expect(written((writer) => writer.string(FIELD_1, `a${letter}b`))).toEqual([0x0a, bytes.length, ...bytes]);
  });

  test("one of 127 bytes has a length of one byte, one of 128 of two, one of 16384 of three", () => {
    const head = (length: number): number[] =>
      written((writer) => writer.string(FIELD_1, "x".repeat(length))).slice(0, -length);
    expect(head(127)).toEqual([0x0a, 0x7f]);
    expect(head(128)).toEqual([0x0a, 0x80, 0x01]);
    expect(head(16_384)).toEqual([0x0a, 0x80, 0x80, 0x01]);
  });
});

describe("integers", () => {
  test.each([
    [1n, [0x01]],
    [127n, [0x7f]],
    [128n, [0x80, 0x01]],
    [2n ** 31n - 1n, [0xff, 0xff, 0xff, 0xff, 0x07]],
    [2n ** 31n, [0x80, 0x80, 0x80, 0x80, 0x08]],
    [2n ** 64n - 1n, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ])("%s is seven bits a byte, the lowest first", (value, bytes) => {
    expect(written((writer) => writer.uint64(FIELD_1_VARINT, value))).toEqual([0x08, ...bytes]);
    expect(written((writer) => writer.packed(FIELD_1, [value, 5n]))).toEqual([0x0a, bytes.length + 1, ...bytes, 5]);
  });

  test("a small one is written the same way", () => {
    expect(written((writer) => writer.uint32(FIELD_1_VARINT, 300))).toEqual([0x08, 0xac, 0x02]);
  });
});

test("what says nothing is left out", () => {
  expect(
    written((writer) => {
      writer.uint64(FIELD_1_VARINT, 0n);
      writer.uint32(FIELD_1_VARINT, 0);
      writer.bytes(FIELD_1, new Uint8Array(0));
      writer.string(FIELD_1, "");
      writer.packed(FIELD_1, []);
    }),
  ).toEqual([]);
});

test("a message has its length in front, also an empty one, and one in another one", () => {
  expect(
    written((writer) => {
      const outer = writer.enter(FIELD_1);
      writer.leave(writer.enter(FIELD_1));
      writer.uint32(FIELD_1_VARINT, 7);
      writer.leave(outer);
    }),
  ).toEqual([0x0a, 4, 0x0a, 0, 0x08, 7]);
});

// No writer begins with room for so much: a kept buffer has a megabyte at most.
describe("a buffer that is too small grows, and nothing in it is lost", () => {
  test("for bytes", () => {
    const value = new Uint8Array(2 * MEGABYTE).fill(7);
    const writer = new StrictWriter();
    writer.uint32(FIELD_1_VARINT, 5);
    writer.bytes(FIELD_1, value);
    const bytes = writer.finish();
    expect(bytes.length).toBe(2 + 5 + value.length);
    expect([...bytes.subarray(0, 7)]).toEqual([0x08, 5, 0x0a, 0x80, 0x80, 0x80, 0x01]);
    expect(bytes.subarray(7).every((byte) => byte === 7)).toBe(true);
  });

  test("for a string of letters that take three bytes each", () => {
    const writer = new StrictWriter();
    writer.string(FIELD_1, "€".repeat(MEGABYTE));
    const bytes = writer.finish();
    expect(bytes.length).toBe(1 + 4 + 3 * MEGABYTE);
    expect([...bytes.subarray(-6)]).toEqual([0xe2, 0x82, 0xac, 0xe2, 0x82, 0xac]);
  });

  test("for a packed list", () => {
    const writer = new StrictWriter();
    writer.packed(
      FIELD_1,
      Array.from({ length: MEGABYTE }, () => 300n),
    );
    const bytes = writer.finish();
    expect(bytes.length).toBe(1 + 4 + 2 * MEGABYTE);
    expect([...bytes.subarray(-2)]).toEqual([0xac, 0x02]);
  });

  test("for one small field after the other", () => {
    const writer = new StrictWriter();
    for (let i = 0; i < 300_000; i++) {
      const outer = writer.enter(FIELD_1);
      writer.uint64(FIELD_1_VARINT, 1n);
      writer.leave(outer);
    }
    const bytes = writer.finish();
    expect(bytes.length).toBe(4 * 300_000);
    expect([...bytes.subarray(-4)]).toEqual([0x0a, 2, 0x08, 1]);
  });
});

test("free bytes in front are zeros, whatever the buffer held before, and however many they are", () => {
  const before = new StrictWriter();
  before.bytes(FIELD_1, new Uint8Array(2000).fill(0xff));
  before.finish();
  const writer = new StrictWriter(20);
  writer.uint32(FIELD_1_VARINT, 5);
  expect([...writer.finish()]).toEqual([...new Uint8Array(20), 0x08, 5]);
  // More than a buffer that was kept has, and more than a new one.
  const free = new StrictWriter(2 * MEGABYTE).finish();
  expect(free.length).toBe(2 * MEGABYTE);
  expect(free.every((byte) => byte === 0)).toBe(true);
});

test("what a writer gave stays as it is when the next one writes", () => {
  const one = new StrictWriter();
  one.string(FIELD_1, "one");
  const bytes = one.finish();
  const two = new StrictWriter();
  two.string(FIELD_1, "two");
  two.finish();
  expect([...bytes]).toEqual([0x0a, 3, 0x6f, 0x6e, 0x65]);
});
