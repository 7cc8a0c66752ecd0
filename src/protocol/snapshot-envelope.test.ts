// SPEC 2.5: the envelope.
import { describe, expect, test } from "vitest";
import { crc32, open, seal } from "./snapshot-envelope.js";

const payload = Uint8Array.from({ length: 23 }, (_, at) => at * 7);

describe("2.5 envelope", () => {
  test("2.5: its checksum is the CRC-32 of zip: 0xCBF43926 for the digits 1 to 9", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf4_3926);
  });

  test("2.5: what was sealed opens to the same payload, also to an empty one", () => {
    expect(open(seal(payload))).toEqual({ kind: "payload", payload });
    expect(open(seal(new Uint8Array(0)))).toEqual({ kind: "payload", payload: new Uint8Array(0) });
  });

  test("2.5: twenty bytes stand before the payload: magic, version, reserved, length, checksum", () => {
    expect([...seal(Uint8Array.of(0x31, 0x32, 0x33)).subarray(0, 16)]).toEqual([
      0x4d, 0x52, 0x53, 0x4e, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3,
    ]);
  });

  test("2.5: every single bit that is flipped is noticed", () => {
    const sealed = seal(payload);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const damaged = sealed.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(open(damaged).kind).toBe("refused");
    }
  });

  test("2.5: one that was cut anywhere, or has anything after it, is refused", () => {
    const sealed = seal(payload);
    for (let length = 0; length < sealed.length; length++)
      expect(open(sealed.subarray(0, length)).kind).toBe("refused");
    expect(open(Uint8Array.of(...sealed, 0)).kind).toBe("refused");
  });

  test("2.5: it opens where it stands in a larger buffer", () => {
    const sealed = seal(payload);
    const larger = new Uint8Array(sealed.length + 9);
    larger.set(sealed, 5);
    expect(open(larger.subarray(5, 5 + sealed.length))).toEqual({ kind: "payload", payload });
  });
});
