// The Bloom filter of open command numbers that a keep-alive carries, byte for byte as the Go library bits-and-blooms/bloom
// v3 writes it: {"m":13,"k":5,"b":"<base64url>"}. SPEC 2.6. Clients encode one, the machine decodes it; the judge has its own.
import { base64Length, decodeBase64Bytes, encodeBase64Into } from "./base64.js";
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

const M = ascii('{"m":');
const K = ascii(',"k":');
const B = ascii(',"b":"');
const END = ascii('"}');
const NOTHING_OPEN = ascii('{"m":1,"k":9223372036854775808,"b":"AAAAAAAAAAA="}');
const MAX_LOCATIONS_PER_NUMBER = 64;
const MAX_DIGITS = 20;
const EXACT_DIGITS = 15; // as many as a double holds whatever they are

/** The bytes of a filter that holds the numbers in `open`, made for `sizedFor` of them (never for fewer than there are). */
export function encodeInputFilter(open: Iterable<bigint>, sizedFor = 0): Uint8Array {
  const numbers = [...open];
  const n = Math.max(numbers.length, sizedFor);
  if (n === 0) return NOTHING_OPEN.slice();
  const m = Math.max(1, Math.ceil((-1 * n * LN_P) / LN_2_SQUARED));
  const k = Math.max(1, Math.ceil((LN_2 * m) / n));
  const b = new Uint8Array(8 + 8 * Math.ceil(m / 64));
  // The length, big endian. No array has room for one beyond 2^53.
  for (let at = 7, rest = m; at >= 0; at--, rest = Math.floor(rest / 256)) b[at] = rest % 256;
  const words = new Uint32Array(8);
  for (const number of numbers) {
    hashHalves(Number(number >> 32n), Number(number & 0xffff_ffffn), words);
    for (let i = 0; i < k; i++) setBit(b, locationOf(words, i, m));
  }
  const digits = digitsOf(m) + digitsOf(k);
  const bytes = new Uint8Array(M.length + K.length + B.length + END.length + digits + base64Length(b.length));
  let at = put(bytes, M, 0);
  at = putNumber(bytes, m, at);
  at = put(bytes, K, at);
  at = putNumber(bytes, k, at);
  at = put(bytes, B, at);
  at = encodeBase64Into(b, "url", bytes, at);
  put(bytes, END, at);
  return bytes;
}

/** The filter that `bytes` encode; undefined for all that is not exactly the shape that encodeInputFilter makes. */
export function decodeInputFilter(bytes: Uint8Array): InputFilter | undefined {
  const fromM = behind(bytes, M, 0);
  const toM = behindNumber(bytes, fromM);
  const fromK = behind(bytes, K, toM);
  const toK = behindNumber(bytes, fromK);
  const fromB = behind(bytes, B, toK);
  const toB = bytes.length - END.length;
  if (fromB < 0 || toB < fromB || behind(bytes, END, toB) < 0) return undefined;
  const m = numberAt(bytes, fromM, toM);
  const k = numberAt(bytes, fromK, toK);
  if (m > MAX_UINT64 || k > MAX_UINT64) return undefined;
  const b = decodeBase64Bytes(bytes, fromB, toB, "url");
  if (b === undefined || b.length < 8) return undefined;
  // Beyond 2^53 it is no exact number any more, and longer than any array.
  let length = 0;
  for (let i = 0; i < 8; i++) length = length * 256 + (b[i] as number);
  if (b.length - 8 !== Math.ceil(length / 64) * 8) return undefined;
  if (isZeroFrom(b, 8)) return HOLDS_NOTHING;
  if (k > MAX_LOCATIONS_PER_NUMBER) return undefined;
  return new BloomFilter(m, Number(k), b, length);
}

const HOLDS_NOTHING: InputFilter = { has: () => false, hasWords: () => false };

class BloomFilter implements InputFilter {
  // Up to 2^21 the remainder of a 64-bit location fits a double's 53 bits: that is every filter that a client makes.
  readonly #small: number;
  readonly #m: number | bigint;
  readonly #k: number;
  readonly #bits: Uint8Array;
  readonly #length: number;

  constructor(m: number | bigint, k: number, bits: Uint8Array, length: number) {
    this.#small = m <= 2_097_152 ? Number(m) : 0;
    this.#m = m;
    this.#k = k;
    this.#bits = bits;
    this.#length = length;
  }

  has(number: bigint): boolean {
    return this.hasWords(hashNumber(number));
  }

  hasWords(words: HashWords): boolean {
    const small = this.#small;
    for (let i = 0; i < this.#k; i++) {
      const location = small > 0 ? locationOf(words, i, small) : bigLocationOf(words, i, BigInt(this.#m));
      if (location >= this.#length || !hasBit(this.#bits, location)) return false;
    }
    return true;
  }
}

// Location i is (h[i mod 2] + i * h[2 + ((i + i mod 2) mod 4) / 2]) mod 2^64, mod m. i < 64, m <= 2^21.
function locationOf(words: HashWords, i: number, m: number): number {
  const first = (i & 1) * 2;
  const second = 4 + ((i + (i & 1)) & 3);
  const low = (words[first + 1] as number) + i * (words[second + 1] as number);
  const carry = Math.floor(low / 2 ** 32);
  const high = (words[first] as number) + i * (words[second] as number) + carry;
  if (m > 0xffff) return (((high >>> 0) % m) * 2 ** 32 + (low >>> 0)) % m;
  // By halves of a word, so that every remainder is one of 32-bit integers: those of doubles cost ten times as much.
  let rest = (high >>> 0) % m;
  rest = (((rest << 16) | ((low >>> 16) & 0xffff)) >>> 0) % m;
  return (((rest << 16) | (low & 0xffff)) >>> 0) % m;
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

function isZeroFrom(b: Uint8Array, from: number): boolean {
  for (let at = from; at < b.length; at++) if (b[at] !== 0) return false;
  return true;
}

// --- the text around the bits, read and written as bytes

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

// Where `text` ends in the bytes, if it stands at `at`; -1 where it does not, or `at` is -1.
function behind(bytes: Uint8Array, text: Uint8Array, at: number): number {
  if (at < 0) return -1;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return -1;
  return at + text.length;
}

const ZERO = 0x30;

// The same for a number above 0, without zeros in front, of as many digits as a uint64 may have.
function behindNumber(bytes: Uint8Array, from: number): number {
  if (from < 0 || bytes[from] === ZERO) return -1;
  let at = from;
  while (at < bytes.length && isDigit(bytes[at] as number)) at++;
  return at === from || at - from > MAX_DIGITS ? -1 : at;
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= ZERO + 9;

function numberAt(bytes: Uint8Array, from: number, to: number): number | bigint {
  if (to - from > EXACT_DIGITS) return BigInt(String.fromCharCode(...bytes.subarray(from, to)));
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + ((bytes[at] as number) - ZERO);
  return value;
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
  return digits;
}

function put(bytes: Uint8Array, text: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text[i] as number;
  return at + text.length;
}

function putNumber(bytes: Uint8Array, value: number, at: number): number {
  const end = at + digitsOf(value);
  for (let place = end - 1, rest = value; place >= at; place--, rest = Math.floor(rest / 10)) {
    bytes[place] = ZERO + (rest % 10);
  }
  return end;
}
