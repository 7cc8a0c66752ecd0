// The judge's own reader of a keep-alive's filter, and its own hash. SPEC 2.6. Shares nothing with the one on trial.
import { MAX_UINT64 } from "../../protocol/words.js";

/** Which numbers a keep-alive says are open. */
export interface OpenNumbers {
  has(number: bigint): boolean;
}

const SHAPE = /^\{"m":([1-9][0-9]*),"k":([1-9][0-9]*),"b":"([A-Za-z0-9_-]*)(={0,2})"\}$/;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const NOTHING_OPEN = '{"m":1,"k":9223372036854775808,"b":"AAAAAAAAAAA="}';
const NOTHING: OpenNumbers = { has: () => false };

/** What the filter holds; null where it is INVALID. */
export function readFilter(bytes: Uint8Array): OpenNumbers | null {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  if (text === NOTHING_OPEN) return NOTHING;
  const parts = SHAPE.exec(text);
  if (parts === null) return null;
  const m = BigInt(parts[1] as string);
  const k = BigInt(parts[2] as string);
  if (m > MAX_UINT64 || k > MAX_UINT64) return null;
  const b = fromBase64(parts[3] as string, (parts[4] as string).length);
  if (b === null || b.length < 8) return null;
  let length = 0n;
  for (let i = 0; i < 8; i++) length = (length << 8n) | BigInt(b[i] as number);
  if (BigInt(b.length) !== 8n + 8n * ((length + 63n) / 64n)) return null;
  const empty = b.every((byte, at) => at < 8 || byte === 0);
  if (empty) return NOTHING;
  if (k > 64n) return null;
  const bits = Number(length);
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

const VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < LETTERS.length; i++) VALUES[LETTERS.charCodeAt(i)] = i;

function fromBase64(letters: string, padding: number): Uint8Array | null {
  if ((letters.length + padding) % 4 !== 0 || letters.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((letters.length * 6) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < letters.length; i++) {
    held = (held << 6) | (VALUES[letters.charCodeAt(i)] as number);
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
