// The Bloom filter of open command numbers that a keep-alive carries, byte for byte as the Go library bits-and-blooms/bloom
// v3 writes it: {"m":13,"k":5,"b":"<base64url>"}. SPEC 2.6. Clients encode one, the machine decodes it; the judge has its own.
import { decodeBase64, encodeBase64 } from "./base64.js";
import { hashHalves, hashNumber, type HashWords } from "./murmur3.js";
import { MAX_UINT64 } from "./words.js";

export { hashNumber, type HashWords } from "./murmur3.js";

/** Which numbers a client says it holds open. Says yes to each of them, and to a few others. */
export interface InputFilter {
  /** Whether the number is in the filter. */
  has(number: bigint): boolean;
  /** The same for a number whose four words are known: hashNumber(number). */
  hasWords(words: HashWords): boolean;
}

// Doubles written out, so that no engine's logarithm has a say: -ln 0.05 / ln² 2 is taken in the order that Go takes it in.
const LN_P = -2.995732273553991; // ln 0.05, the rate of false positives
const LN_2 = 0.6931471805599453;
const LN_2_SQUARED = 0.4804530139182014;

const NOTHING_OPEN = '{"m":1,"k":9223372036854775808,"b":"AAAAAAAAAAA="}';
const MAX_LOCATIONS_PER_NUMBER = 64n;

/** The bytes of a filter that holds the numbers in `open`, made for `sizedFor` of them (never for fewer than there are). */
export function encodeInputFilter(open: Iterable<bigint>, sizedFor = 0): Uint8Array {
  const numbers = [...open];
  const n = Math.max(numbers.length, sizedFor);
  if (n === 0) return asciiBytes(NOTHING_OPEN);
  const m = Math.max(1, Math.ceil((-1 * n * LN_P) / LN_2_SQUARED));
  const k = Math.max(1, Math.ceil((LN_2 * m) / n));
  const b = new Uint8Array(8 + 8 * Math.ceil(m / 64));
  const view = new DataView(b.buffer);
  view.setBigUint64(0, BigInt(m));
  const words = new Uint32Array(8);
  for (const number of numbers) {
    hashHalves(Number(number >> 32n), Number(number & 0xffff_ffffn), words);
    for (let i = 0; i < k; i++) setBit(b, locationOf(words, i, m));
  }
  return asciiBytes(`{"m":${m},"k":${k},"b":"${encodeBase64(b, "url")}"}`);
}

/** The filter that `bytes` encode; undefined for all that is not exactly the shape that encodeInputFilter makes. */
export function decodeInputFilter(bytes: Uint8Array): InputFilter | undefined {
  const parts = /^\{"m":([1-9]\d{0,19}),"k":([1-9]\d{0,19}),"b":"([A-Za-z0-9_=-]*)"\}$/.exec(asciiText(bytes));
  if (parts === null) return undefined;
  const m = BigInt(parts[1] as string);
  const k = BigInt(parts[2] as string);
  if (m > MAX_UINT64 || k > MAX_UINT64) return undefined;
  const b = decodeBase64(parts[3] as string, "url");
  if (b === undefined || b.length < 8) return undefined;
  const length = new DataView(b.buffer).getBigUint64(0);
  const words = (length + 63n) / 64n;
  if (BigInt(b.length - 8) !== words * 8n) return undefined;
  if (b.every((byte, at) => at < 8 || byte === 0)) return { has: () => false, hasWords: () => false };
  if (k > MAX_LOCATIONS_PER_NUMBER) return undefined;
  return filterOf(m, Number(k), b, Number(length));
}

function filterOf(m: bigint, k: number, b: Uint8Array, length: number): InputFilter {
  // Up to 2^21 the remainder of a 64-bit location fits a double's 53 bits: that is every filter that a client makes.
  const small = m <= 2_097_152n ? Number(m) : 0;
  const hasWords = (words: HashWords): boolean => {
    for (let i = 0; i < k; i++) {
      const location = small > 0 ? locationOf(words, i, small) : bigLocationOf(words, i, m);
      if (location >= length || !hasBit(b, location)) return false;
    }
    return true;
  };
  return { has: (number) => hasWords(hashNumber(number)), hasWords };
}

// Location i is (h[i mod 2] + i * h[2 + ((i + i mod 2) mod 4) / 2]) mod 2^64, mod m. i < 64, m <= 2^21.
function locationOf(words: HashWords, i: number, m: number): number {
  const first = (i & 1) * 2;
  const second = 4 + ((i + (i & 1)) & 3);
  const low = (words[first + 1] as number) + i * (words[second + 1] as number);
  const carry = Math.floor(low / 2 ** 32);
  const high = ((words[first] as number) + i * (words[second] as number) + carry) % 2 ** 32;
  return ((high % m) * 2 ** 32 + (low % 2 ** 32)) % m;
}

// The same for any m. A location that no array can hold is beyond every length: the number it becomes is large enough.
function bigLocationOf(words: HashWords, i: number, m: bigint): number {
  const word = (at: number): bigint => (BigInt(words[at] as number) << 32n) | BigInt(words[at + 1] as number);
  const sum = word((i & 1) * 2) + BigInt(i) * word(4 + ((i + (i & 1)) & 3));
  return Number(BigInt.asUintN(64, sum) % m);
}

// Bit i is bit (i & 63) of the big-endian word i >> 6, behind the eight bytes of the length.
function byteOf(bit: number): number {
  return 8 + 8 * Math.floor(bit / 64) + 7 - Math.floor((bit % 64) / 8);
}

function setBit(b: Uint8Array, bit: number): void {
  const at = byteOf(bit);
  b[at] = (b[at] as number) | (1 << (bit % 8));
}

function hasBit(b: Uint8Array, bit: number): boolean {
  return ((b[byteOf(bit)] as number) & (1 << (bit % 8))) !== 0;
}

function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

// Bytes above 127 become letters that the filter's shape has no place for.
function asciiText(bytes: Uint8Array): string {
  const CHUNK = 4096;
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return text;
}
