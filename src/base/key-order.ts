// Key order: strings by their UTF-8 bytes, which JavaScript's own order of UTF-16 units is not. SPEC 2.

/** Compares two strings by their UTF-8 bytes: negative, zero or positive, as for Array.prototype.sort. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

// UTF-16 puts surrogates (code points from U+10000) before U+E000..U+FFFF; UTF-8 puts them after.
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Compares two unsigned integers, as for Array.prototype.sort. */
export function compareUints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
