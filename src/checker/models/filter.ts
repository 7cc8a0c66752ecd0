// The judge's own reader of a keep-alive's filter, and its own hash. SPEC 2.6. Shares nothing with the one on trial.
import { MAX_UINT64 } from "../../protocol/words.js";

/** Which numbers a keep-alive says are open. */
export interface OpenNumbers {
  has(number: bigint): boolean;
}

const NOTHING: OpenNumbers = { has: () => false };

/** What the filter holds; null where it is INVALID. The shape is {"m":1,"k":1,"b":"…"}, to the byte. */
export function readFilter(bytes: Uint8Array): OpenNumbers | null {
  const afterM = skip(bytes, 0, '{"m":');
  const endM = endOfNumber(bytes, afterM);
  const afterK = skip(bytes, endM, ',"k":');
  const endK = endOfNumber(bytes, afterK);
  const afterB = skip(bytes, endK, ',"b":"');
  const endB = bytes.length - 2;
  if (afterB < 0 || endB < afterB || skip(bytes, endB, '"}') < 0) return null;
  const m = numberIn(bytes, afterM, endM);
  const k = numberIn(bytes, afterK, endK);
  if (m > MAX_UINT64 || k > MAX_UINT64) return null;
  const b = fromBase64(bytes, afterB, endB);
  if (b === null || b.length < 8) return null;
  let length = 0;
  for (let i = 0; i < 8; i++) length = length * 256 + (b[i] as number);
  // Beyond 2^53 it is no exact number any more, and longer than any array.
  if (b.length !== 8 + 8 * Math.ceil(length / 64)) return null;
  if (b.every((byte, at) => at < 8 || byte === 0)) return NOTHING;
  if (k > 64n) return null;
  const bits = length;
  const each = Number(k);
  const small = m <= 2_097_152n ? Number(m) : 0;
  const isSet = (at: number): boolean => at < bits && bitIsSet(b, at);
  if (small > 0 && each <= SUMS) {
    // Of a 64-bit sum modulo a small m: its halves', in doubles that hold every product.
    const rest = 2 ** 32 % small;
    return {
      has: (number) => {
        const sums = sumsOf(number);
        for (let i = 0; i < each; i++) {
          const high = (sums[2 * i] as number) % small;
          const low = (sums[2 * i + 1] as number) % small;
          if (!isSet((high * rest + low) % small)) return false;
        }
        return true;
      },
    };
  }
  return {
    has: (number) => {
      const h = hashesOf(number);
      for (let i = 0; i < each; i++) if (!isSet(Number(sumAt(h, i) % m))) return false;
      return true;
    },
  };
}

function bitIsSet(b: Uint8Array, bit: number): boolean {
  const word = 8 + 8 * Math.floor(bit / 64);
  const byte = word + 7 - Math.floor((bit % 64) / 8);
  return ((b[byte] as number) & (1 << (bit % 8))) !== 0;
}

// Where `text` ends in the bytes when it begins at `from`; -1 where it is not there, or `from` is -1.
function skip(bytes: Uint8Array, from: number, text: string): number {
  if (from < 0) return -1;
  for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text.charCodeAt(i)) return -1;
  return from + text.length;
}

// Digits, the first of them not 0; at most 20, which is all that a uint64 has.
function endOfNumber(bytes: Uint8Array, from: number): number {
  if (from < 0 || bytes[from] === 48) return -1;
  let at = from;
  while (at < bytes.length && (bytes[at] as number) >= 48 && (bytes[at] as number) <= 57) at++;
  return at === from || at - from > 20 ? -1 : at;
}

function numberIn(bytes: Uint8Array, from: number, to: number): bigint {
  let text = "";
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] as number);
  return BigInt(text);
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Int8Array(256).fill(-1);
for (let i = 0; i < LETTERS.length; i++) VALUES[LETTERS.charCodeAt(i)] = i;
const PAD = 61; // "="

function fromBase64(text: Uint8Array, from: number, end: number): Uint8Array | null {
  if ((end - from) % 4 !== 0) return null;
  let to = end;
  while (to > from && end - to < 2 && text[to - 1] === PAD) to--;
  const bytes = new Uint8Array(Math.floor(((to - from) * 6) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = from; i < to; i++) {
    const value = VALUES[text[i] as number] as number;
    if (value < 0) return null;
    held = (held << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = held >> bits;
    held &= (1 << bits) - 1;
  }
  return held === 0 ? bytes : null;
}

// Where a number's bits are, before the remainder: (h[i mod 2] + i * h[2 + ((i + i mod 2) mod 4) / 2]) mod 2^64.
function sumAt(h: readonly bigint[], i: number): bigint {
  const first = h[i % 2] as bigint;
  const second = h[2 + ((i + (i % 2)) % 4) / 2] as bigint;
  return BigInt.asUintN(64, first + BigInt(i) * second);
}

// The first sums of a number as halves of 32 bits, remembered: clients count from 1, and k is 5.
const SUMS = 5;
const remembered = new Map<bigint, Float64Array>();

function sumsOf(number: bigint): Float64Array {
  const known = remembered.get(number);
  if (known !== undefined) return known;
  if (remembered.size >= 100_000) remembered.clear();
  const h = hashesOf(number);
  const sums = new Float64Array(2 * SUMS);
  for (let i = 0; i < SUMS; i++) {
    const sum = sumAt(h, i);
    sums[2 * i] = Number(sum >> 32n);
    sums[2 * i + 1] = Number(sum & 0xffff_ffffn);
  }
  remembered.set(number, sums);
  return sums;
}

function hashesOf(number: bigint): readonly bigint[] {
  let word = 0n; // the key's eight bytes are big endian, the hash reads them little endian
  for (let i = 0n; i < 8n; i++) word = (word << 8n) | ((number >> (8n * i)) & 0xffn);
  return [...murmur3(word, 0n, 8n), ...murmur3(word, 1n, 9n)];
}

/** MurmurHash3 x64 128, seed 0, of a key shorter than a block: its first eight bytes, the rest, its length. */
export function murmur3(first: bigint, rest: bigint, length: bigint): readonly [bigint, bigint] {
  const c1 = 0x87c3_7b91_1142_53d5n;
  const c2 = 0x4cf5_ad43_2745_937fn;
  let h1 = u64(rotl(u64(first * c1), 31n) * c2) ^ length;
  let h2 = u64(rotl(u64(rest * c2), 33n) * c1) ^ length;
  h1 = u64(h1 + h2);
  h2 = u64(h2 + h1);
  h1 = mix(h1);
  h2 = mix(h2);
  h1 = u64(h1 + h2);
  h2 = u64(h2 + h1);
  return [h1, h2];
}

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotl = (value: bigint, by: bigint): bigint => u64(value << by) | (value >> (64n - by));

function mix(k: bigint): bigint {
  k = u64((k ^ (k >> 33n)) * 0xff51_afd7_ed55_8ccdn);
  k = u64((k ^ (k >> 33n)) * 0xc4ce_b9fe_1a85_ec53n);
  return k ^ (k >> 33n);
}
