// SPEC 2.5: the envelope.
import { describe, expect, test } from "vitest";
import { crc32, open, seal } from "./snapshot-envelope.js";

const payload = Uint8Array.from({ length: 23 }, (_, at) => at * 7);

describe("2.5 envelope", () => {
  test("2.5: its checksum is the CRC-32 of zip: 0xCBF43926 for the digits 1 to 9", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf4_3926);
  });

  test("2.5: the checksum of a part is that of what stands there, wherever it begins and however long it is", () => {
    // A byte a step, as the definition has it.
    const plain = (bytes: Uint8Array): number => {
      let crc = 0xffff_ffff;
      for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc % 2 === 0 ? 0 : 0xedb8_8320);
      }
      return ~crc >>> 0;
    };
    expect(plain(new TextEncoder().encode("123456789"))).toBe(0xcbf4_3926);
    for (let end = 0; end <= payload.length; end++) {
      for (let start = 0; start <= end; start++) {
        expect(crc32(payload.subarray(0, end), start)).toBe(plain(payload.subarray(start, end)));
      }
    }
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

  test("2.5: a length that is not the payload's is said, also one that no array has", () => {
    const sealed = seal(Uint8Array.of(1, 2, 3));
    expect(open(Uint8Array.of(...sealed, 0))).toEqual({
      kind: "refused",
      message: "the envelope says 3 bytes, and holds 4",
    });
    sealed.fill(0xff, 8, 16);
    expect(open(sealed)).toEqual({
      kind: "refused",
      message: "the envelope says 18446744073709551615 bytes, and holds 3",
    });
  });

  test("2.5: it opens where it stands in a larger buffer", () => {
    const sealed = seal(payload);
    const larger = new Uint8Array(sealed.length + 9);
    larger.set(sealed, 5);
    expect(open(larger.subarray(5, 5 + sealed.length))).toEqual({ kind: "payload", payload });
  });
});
