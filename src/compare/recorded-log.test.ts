// Recorded logs: length-delimited messages, there and back, and torn ones refused.
import { describe, expect, test } from "vitest";
import { readDelimited, writeDelimited } from "./recorded-log.js";

describe("a length-delimited file", () => {
  test("gives back what was written, empty messages and long ones too", () => {
    const entries = [Uint8Array.of(), Uint8Array.of(1, 2), new Uint8Array(300).fill(7)];
    const bytes = writeDelimited(entries);
    // 300 is 0b10_0101100: the low seven bits with a mark, then the rest.
    expect([...bytes.subarray(0, 6)]).toEqual([0, 2, 1, 2, 0xac, 0x02]);
    expect(readDelimited(bytes, "x.log").map((each) => [...each])).toEqual(entries.map((each) => [...each]));
  });

  test.each([
    [[5, 1], "x.log is torn: entry 1, at byte 0"],
    [[1, 9, 0x80], "x.log is torn: entry 2, at byte 2"],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], "x.log is torn: entry 1, at byte 0"],
  ])("says where it is torn: %j", (bytes, says) => {
    expect(() => readDelimited(Uint8Array.from(bytes), "x.log")).toThrow(says);
  });
});
