// Integer hashes: tens of nanoseconds, 32 bits, the same on every engine. For draws and digests, never against an adversary.

/** One round of murmur3's 32-bit hash: folds `word` into `hash`. Order matters. */
export function fold(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let h = hash ^ Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

/** Spreads every bit over the whole word: murmur3's last step. The result is unsigned. */
export function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A text's hash, by its UTF-16 units. Unsigned. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return finish(h ^ text.length);
}

/** FNV-1a, 32 bits, of a text's UTF-8 bytes; of texts in ASCII only. Which partition a service lives in. SPEC 3. */
export function fnv1a32(ascii: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < ascii.length; i++) h = Math.imul(h ^ (ascii.charCodeAt(i) & 0x7f), 0x01000193);
  return h >>> 0;
}
