// MurmurHash3 x64 128 with seed 0, of the two keys that an input filter hashes for a number: its eight big-endian bytes,
// and those followed by 0x01. SPEC 2.6. 64-bit words are kept as two unsigned halves: a keep-alive hashes every command that
// is remembered, and bigint arithmetic would cost thirty times as much.

/** Four words of 64 bits, high half first: h0 and h1 of the number's bytes, h2 and h3 of the same with 0x01 after them. */
export type HashWords = Uint32Array;

// The constants of the algorithm, in halves.
const C1_HI = 0x87c37b91;
const C1_LO = 0x114253d5;
const C2_HI = 0x4cf5ad43;
const C2_LO = 0x2745937f;
const F1_HI = 0xff51afd7;
const F1_LO = 0xed558ccd;
const F2_HI = 0xc4ceb9fe;
const F2_LO = 0x1a85ec53;

// The two halves of the last 64-bit result. Plain variables of this module, dead after every call.
let high = 0;
let low = 0;

// (aHi, aLo) * (bHi, bLo) mod 2^64 into (high, low).
function multiply(aHi: number, aLo: number, bHi: number, bLo: number): void {
  const a0 = aLo & 0xffff;
  const a1 = aLo >>> 16;
  const b0 = bLo & 0xffff;
  const b1 = bLo >>> 16;
  const p00 = a0 * b0;
  const p01 = a0 * b1 + (p00 >>> 16); // < 2^32, as (2^16-1)^2 + 2^16-1 is
  const p10 = a1 * b0 + (p01 & 0xffff);
  low = (((p10 & 0xffff) << 16) | (p00 & 0xffff)) >>> 0;
  const carry = a1 * b1 + (p01 >>> 16) + (p10 >>> 16);
  high = (carry + Math.imul(aHi, bLo) + Math.imul(aLo, bHi)) >>> 0;
}

// The finalisation mix of one word into (high, low).
function mix(hi: number, lo: number): void {
  multiply(hi, (lo ^ (hi >>> 1)) >>> 0, F1_HI, F1_LO);
  multiply(high, (low ^ (high >>> 1)) >>> 0, F2_HI, F2_LO);
  low = (low ^ (high >>> 1)) >>> 0;
}

function swapBytes(word: number): number {
  return ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24)) >>> 0;
}

// The tail word k2 of the longer key is 0x01 whatever the number: k2 = rotl64(1 * C2, 33) * C1.
multiply((C2_LO << 1) | (C2_HI >>> 31), (C2_HI << 1) | (C2_LO >>> 31), C1_HI, C1_LO);
const K2_HI = high;
const K2_LO = low;

// Both halves of the hash of a key of `length` bytes with tail words k1 and k2, to `words` from `at`.
function finish(words: HashWords, at: number, length: number, k1Hi: number, k1Lo: number, k2Hi: number, k2Lo: number) {
  // h1 = k1 ^ length, h2 = k2 ^ length; h1 += h2; h2 += h1.
  const x1 = (k1Lo ^ length) >>> 0;
  const x2 = (k2Lo ^ length) >>> 0;
  const h1Lo = x1 + x2;
  const h1Hi = (k1Hi + k2Hi + (h1Lo > 0xffff_ffff ? 1 : 0)) >>> 0;
  const h2Lo = x2 + (h1Lo >>> 0);
  const h2Hi = (k2Hi + h1Hi + (h2Lo > 0xffff_ffff ? 1 : 0)) >>> 0;
  mix(h1Hi, h1Lo >>> 0);
  const m1Hi = high;
  const m1Lo = low;
  mix(h2Hi, h2Lo >>> 0);
  const r1Lo = m1Lo + low;
  const r1Hi = (m1Hi + high + (r1Lo > 0xffff_ffff ? 1 : 0)) >>> 0;
  const r2Lo = low + (r1Lo >>> 0);
  words[at] = r1Hi;
  words[at + 1] = r1Lo;
  words[at + 2] = high + r1Hi + (r2Lo > 0xffff_ffff ? 1 : 0);
  words[at + 3] = r2Lo;
}

// Clients count from 1: most numbers are among these. Made when they are first asked for, and never changed.
const SMALL_NUMBERS = 256n;
const small: HashWords[] = [];

/** The four words of a command's number. Nobody changes them. */
export function hashNumber(number: bigint): HashWords {
  if (number < SMALL_NUMBERS) return (small[Number(number)] ??= hashHalves(0, Number(number), new Uint32Array(8)));
  const hi = Number(number >> 32n);
  const lo = Number(number & 0xffff_ffffn);
  return hashHalves(hi, lo, new Uint32Array(8));
}

/** The same for a number in halves, into `words`, which it returns. */
export function hashHalves(hi: number, lo: number, words: HashWords): HashWords {
  // The key's bytes are big endian, Murmur reads them little endian. k1 = rotl64(key * C1, 31) * C2.
  multiply(swapBytes(lo), swapBytes(hi), C1_HI, C1_LO);
  multiply((high << 31) | (low >>> 1), (low << 31) | (high >>> 1), C2_HI, C2_LO);
  const k1Hi = high;
  const k1Lo = low;
  finish(words, 0, 8, k1Hi, k1Lo, 0, 0);
  finish(words, 4, 9, k1Hi, k1Lo, K2_HI, K2_LO);
  return words;
}
