// Base64 in its two alphabets, padded, over plain byte arrays. Decoding is strict: one text a byte string, no other.

const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export type Alphabet = "standard" | "url";
const letters: Record<Alphabet, string> = { standard: STANDARD, url: URL_SAFE };
const values: Record<Alphabet, Int8Array> = { standard: valuesOf(STANDARD), url: valuesOf(URL_SAFE) };

function valuesOf(alphabet: string): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let i = 0; i < alphabet.length; i++) table[alphabet.charCodeAt(i)] = i;
  return table;
}

/** The text that stands for `bytes`, padded with "=". */
export function encodeBase64(bytes: Uint8Array, alphabet: Alphabet): string {
  const letter = letters[alphabet];
  let text = "";
  let i = 0;
  for (; i + 2 < bytes.length; i += 3) {
    const word = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    text += `${letter[word >> 18]}${letter[(word >> 12) & 63]}${letter[(word >> 6) & 63]}${letter[word & 63]}`;
  }
  if (i + 1 === bytes.length) {
    const word = bytes[i] as number;
    text += `${letter[word >> 2]}${letter[(word << 4) & 63]}==`;
  } else if (i + 2 === bytes.length) {
    const word = ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
    text += `${letter[word >> 10]}${letter[(word >> 4) & 63]}${letter[(word << 2) & 63]}=`;
  }
  return text;
}

/** The bytes that `text` stands for; undefined where encodeBase64 would never have made it. */
export function decodeBase64(text: string, alphabet: Alphabet): Uint8Array | undefined {
  const { length } = text;
  if (length % 4 !== 0) return undefined;
  const padding = length === 0 || text[length - 1] !== "=" ? 0 : text[length - 2] === "=" ? 2 : 1;
  const value = values[alphabet];
  const bytes = new Uint8Array((length / 4) * 3 - padding);
  let at = 0;
  let word = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    const six = i >= length - padding ? 0 : code < 128 ? (value[code] as number) : -1;
    if (six < 0) return undefined;
    word = (word << 6) | six;
    if (i % 4 !== 3) continue;
    for (let shift = 16; shift >= 0; shift -= 8) {
      const byte = (word >> shift) & 255;
      if (at < bytes.length) bytes[at++] = byte;
      // What the padding cuts off must be zero, else two texts would stand for the same bytes.
      else if (byte !== 0) return undefined;
    }
    word = 0;
  }
  return bytes;
}
