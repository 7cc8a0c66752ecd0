import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64, encodeBase64, type Alphabet } from "./base64.js";

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

test.each(["A", "AA", "AAA", "A===", "====", "AA=A", "A A=", "AB==", "AAB=", "ÿÿÿÿ", "AAA=AAAA"])(
  "base64: %s was never written by the encoder, and is refused",
  (text) => {
    expect(decodeBase64(text, "standard")).toBeUndefined();
  },
);
