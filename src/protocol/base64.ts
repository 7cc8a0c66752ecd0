// Base64 in its two alphabets, padded, over plain byte arrays. Decoding is strict: one text a byte string, no other.

const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export type Alphabet = "standard" | "url";
const codes: Record<Alphabet, Uint8Array> = { standard: codesOf(STANDARD), url: codesOf(URL_SAFE) };
const letters: Record<Alphabet, string> = { standard: STANDARD, url: URL_SAFE };
const values: Record<Alphabet, Int8Array> = { standard: valuesOf(STANDARD), url: valuesOf(URL_SAFE) };

function valuesOf(alphabet: string): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let i = 0; i < alphabet.length; i++) table[alphabet.charCodeAt(i)] = i;
  return table;
}

function codesOf(alphabet: string): Uint8Array {
  return Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));
}

const PADDING = 0x3d; // "="

/** How many letters, padding included, stand for so many bytes. */
export function base64Length(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

/** Writes the text that stands for `bytes` into `into`, in ASCII from `at` on. Returns where it ends. */
export function encodeBase64Into(bytes: Uint8Array, alphabet: Alphabet, into: Uint8Array, at: number): number {
  const code = codes[alphabet];
  let to = at;
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    into[to] = code[word >> 18] as number;
    into[to + 1] = code[(word >> 12) & 63] as number;
    into[to + 2] = left > 1 ? (code[(word >> 6) & 63] as number) : PADDING;
    into[to + 3] = left > 2 ? (code[word & 63] as number) : PADDING;
    to += 4;
  }
  return to;
}

/** What decodeBase64 makes of the text that stands in `ascii` from `from` to `to`. */
export function decodeBase64Bytes(
  ascii: Uint8Array,
  from: number,
  to: number,
  alphabet: Alphabet,
): Uint8Array | undefined {
  const length = to - from;
  if (length % 4 !== 0) return undefined;
  const padding = length === 0 || ascii[to - 1] !== PADDING ? 0 : ascii[to - 2] === PADDING ? 2 : 1;
  const value = values[alphabet];
  const bytes = new Uint8Array((length / 4) * 3 - padding);
  let at = 0;
  let held = 0;
  let bits = 0;
  for (let i = from; i < to - padding; i++) {
    const code = ascii[i] as number;
    const six = code < 128 ? (value[code] as number) : -1;
    if (six < 0) return undefined;
    held = (held << 6) | six;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = held >> bits;
    held &= (1 << bits) - 1;
  }
  // What the padding cuts off must be zero, else two texts would stand for the same bytes.
  return held === 0 ? bytes : undefined;
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
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
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
