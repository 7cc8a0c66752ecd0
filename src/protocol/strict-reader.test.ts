// What the quick reader reads, and what it calls odd and leaves to the generated decoder. Bytes by hand from the encoding's
// definition; that whole messages are read as generated stands in entry.test.ts and fsm/snapshot-codec.test.ts.
import { describe, expect, test, vi } from "vitest";
import { byLength, StrictReader } from "./strict-reader.js";

const of = (...bytes: number[]): StrictReader => new StrictReader(Uint8Array.from(bytes));
const letters = (count: number): number[] => Array.from({ length: count }, () => 0x61);

/** Where a reader gave up there is nothing more to read. */
function expectOdd(reader: StrictReader): void {
  expect(reader.odd).toBe(true);
  expect(reader.finished()).toBe(false);
  expect(reader.more()).toBe(false);
}

describe("integers", () => {
  test.each([
    [[0x01], 1n],
    [[0x7f], 127n],
    [[0x80, 0x01], 128n],
    [[0xff, 0x01], 255n],
    [[0x80, 0x02], 256n],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], 2n ** 49n - 1n],
  ])("%s is read", (bytes, value) => {
    const reader = of(...bytes);
    expect(reader.uint64()).toBe(value);
    expect(reader.finished()).toBe(true);
    expect(of(...bytes).uint()).toBe(Number(value));
    expect(of(...bytes).uint64OrZero()).toBe(value);
  });

  test.each([
    ["a default", [0x00]],
    ["one that is longer than it need be", [0x81, 0x00]],
    ["one of more than 49 bits", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ["one that is cut short", [0x80]],
    ["nothing", []],
  ])("%s is odd", (_, bytes) => {
    const reader = of(...bytes);
    reader.uint64();
    expectOdd(reader);
  });

  test("0 may stand where it is asked for", () => {
    const reader = of(0);
    expect(reader.uint64OrZero()).toBe(0n);
    expect(reader.finished()).toBe(true);
  });

  test("an int32 ends at 2^31 - 1: what is above it is odd", () => {
    const most = of(0xff, 0xff, 0xff, 0xff, 0x07);
    expect(most.int32()).toBe(2 ** 31 - 1);
    expect(most.finished()).toBe(true);
    const more = of(0x80, 0x80, 0x80, 0x80, 0x08);
    more.int32();
    expectOdd(more);
  });
});

describe("messages", () => {
  test("a field is stepped over where it is the next one, and nothing happens where it is not", () => {
    const reader = of(0x10, 5);
    expect(reader.next(0x08)).toBe(false);
    expect(reader.next(0x10)).toBe(true);
    expect(reader.uint()).toBe(5);
    expect(reader.next(0x10)).toBe(false);
    expect(reader.finished()).toBe(true);
  });

  test("a message ends where its length says: a field behind it belongs to the outer one", () => {
    const reader = of(2, 0x08, 7, 0x08, 9);
    const outer = reader.enter();
    expect(reader.next(0x08)).toBe(true);
    expect(reader.uint()).toBe(7);
    expect(reader.more()).toBe(false);
    expect(reader.next(0x08)).toBe(false);
    reader.leave(outer);
    expect(reader.more()).toBe(true);
    expect(reader.next(0x08)).toBe(true);
    expect(reader.uint()).toBe(9);
    expect(reader.finished()).toBe(true);
  });

  test("a number does not go on behind the end of its message", () => {
    const reader = of(1, 0x80, 0x01);
    reader.enter();
    reader.uint();
    expectOdd(reader);
  });

  test("nor does one begin there", () => {
    const reader = of(1, 0x08, 7);
    reader.enter();
    expect(reader.next(0x08)).toBe(true);
    reader.uint();
    expectOdd(reader);
  });

  test("a message that is longer than the one around it is odd", () => {
    const reader = of(3, 0x08, 7);
    reader.enter();
    expectOdd(reader);
    const whole = of(2, 0x08, 7);
    whole.enter();
    expect(whole.odd).toBe(false);
  });

  test("a message in which something was not read is odd", () => {
    const reader = of(2, 0x08, 7);
    reader.leave(reader.enter());
    expectOdd(reader);
  });

  test("what was odd stays odd, though the rest is read to its end", () => {
    const reader = of(2, 0x08, 7);
    const outer = reader.enter();
    reader.odd = true;
    expect(reader.next(0x08)).toBe(true);
    reader.uint();
    reader.leave(outer);
    expectOdd(reader);
  });
});

describe("bytes", () => {
  test("are read as they stand, up to the end", () => {
    const reader = of(3, 1, 2, 3);
    expect(reader.bytes()).toEqual(Uint8Array.of(1, 2, 3));
    expect(reader.finished()).toBe(true);
  });

  test("of which too few are there are odd, and none are given", () => {
    const reader = of(4, 1, 2, 3);
    expect(reader.bytes()).toEqual(new Uint8Array(0));
    expectOdd(reader);
  });

  test("that were read before, last or before the last, are given again: no new view is made", () => {
    const reader = of(2, 1, 2, 2, 3, 4, 2, 1, 2, 2, 3, 4, 2, 3, 4, 2, 1, 3, 2, 3, 4, 1, 1);
    const [one, two, three, four, five, six, seven, eight] = Array.from({ length: 8 }, () => reader.bytes());
    expect(one).toEqual(Uint8Array.of(1, 2));
    expect(two).toEqual(Uint8Array.of(3, 4));
    expect(three).toBe(one);
    expect(four).toBe(two);
    expect(five).toBe(two);
    expect(six).toEqual(Uint8Array.of(1, 3));
    expect(seven).toBe(two);
    expect(eight).toEqual(Uint8Array.of(1));
    expect(reader.finished()).toBe(true);
  });

  test("of more than 64 are not compared: that would cost more than a view", () => {
    const reader = of(64, ...letters(64), 64, ...letters(64), 65, ...letters(65), 65, ...letters(65));
    const [one, two, three, four] = [reader.bytes(), reader.bytes(), reader.bytes(), reader.bytes()];
    expect(two).toBe(one);
    expect(four).toEqual(three);
    expect(four).not.toBe(three);
  });
});

describe("strings", () => {
  const known = byLength(["Get", "Put", "Size"]);

  test("are read as they stand, whether one is known or not", () => {
    const reader = of(3, 0x50, 0x75, 0x74, 3, 0x50, 0x75, 0x7a, 1, 0x7f);
    expect([reader.string(known), reader.string(known), reader.string()]).toEqual(["Put", "Puz", "\u007f"]);
    expect(reader.finished()).toBe(true);
  });

  test("that are known are not made anew", () => {
    const reader = of(3, 0x47, 0x65, 0x74, 3, 0x50, 0x75, 0x74, 3, 0x50, 0x75, 0x7a);
    const made = vi.spyOn(String, "fromCharCode");
    const strings: string[] = [];
    const times = [0, 1, 2].map(() => {
      strings.push(reader.string(known));
      return made.mock.calls.length;
    });
    made.mockRestore();
    expect(strings).toEqual(["Get", "Put", "Puz"]);
    expect(times).toEqual([0, 0, 1]);
  });

  test("beyond ASCII are odd", () => {
    const reader = of(2, 0xc2, 0x80);
    expect(reader.string()).toBe("");
    expectOdd(reader);
    const first = of(1, 0x80);
    first.string();
    expectOdd(first);
  });

  test("that are cut short are odd, also where what there is would begin a known one", () => {
    const reader = of(3, 0x50, 0x75);
    expect(reader.string(known)).toBe("");
    expectOdd(reader);
  });

  test("up to 1024 letters are read, longer ones are odd", () => {
    const longest = of(0x80, 0x08, ...letters(1024));
    expect(longest.string()).toBe("a".repeat(1024));
    expect(longest.finished()).toBe(true);
    const longer = of(0x81, 0x08, ...letters(1025));
    expect(longer.string()).toBe("");
    expectOdd(longer);
  });

  test("stand by their length in a table, each once", () => {
    expect(byLength(["Get", "Size", "Put", "Get"])).toEqual([
      undefined,
      undefined,
      undefined,
      ["Get", "Put"],
      ["Size"],
    ]);
  });
});
