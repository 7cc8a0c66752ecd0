import fc from "fast-check";
import { expect, test } from "vitest";
import {
  base64Length,
  decodeBase64,
  decodeBase64Bytes,
  encodeBase64,
  encodeBase64Into,
  type Alphabet,
} from "./base64.js";

const alphabets: readonly (readonly [Alphabet, BufferEncoding])[] = [
  ["standard", "base64"],
  ["url", "base64url"],
];

test.each(alphabets)("base64, %s: as Node has it, and back", (alphabet, encoding) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const written = encodeBase64(bytes, alphabet);
      expect(written.replaceAll("=", "")).toBe(Buffer.from(bytes).toString(encoding).replaceAll("=", ""));
      expect(written.length % 4).toBe(0);
      expect(decodeBase64(written, alphabet)).toEqual(Uint8Array.from(bytes));
    }),
  );
});

test.each(alphabets)("base64, %s: in ASCII, in the middle of other bytes, it is the same, and back", (alphabet) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(5), (bytes, at) => {
      const text = encodeBase64(bytes, alphabet);
      expect(base64Length(bytes.length)).toBe(text.length);
      const into = new Uint8Array(at + text.length + 3).fill(0x41);
      const end = encodeBase64Into(bytes, alphabet, into, at);
      expect(end).toBe(at + text.length);
      expect(Buffer.from(into).toString("latin1")).toBe(`${"A".repeat(at)}${text}AAA`);
      expect(decodeBase64Bytes(into, at, end, alphabet)).toEqual(Uint8Array.from(bytes));
    }),
  );
});

// \u0080 is the first one that no table has.
const strange = [
  "A",
  "AA",
  "AAA",
  "A===",
  "====",
  "AA=A",
  "A A=",
  "AB==",
  "AAB=",
  "ÿÿÿÿ",
  "\u0080AAA",
  "AAA\u0080",
  "AAA=AAAA",
];

test.each(strange)("base64: %s was never written by the encoder, and is refused", (text) => {
  expect(decodeBase64(text, "standard")).toBeUndefined();
  expect(decodeBase64Bytes(Buffer.from(text, "latin1"), 0, text.length, "standard")).toBeUndefined();
});

test("base64: nothing stands for nothing, whatever stands before it", () => {
  expect(decodeBase64("", "url")).toEqual(new Uint8Array(0));
  expect(decodeBase64Bytes(Buffer.from("=="), 2, 2, "url")).toEqual(new Uint8Array(0));
});
