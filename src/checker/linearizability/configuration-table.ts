// Which configurations the search has been in. A configuration is exact integers: the next return that must be met, the
// state, the open operations that must still be linearized (owed) and those that may be (free); all else follows from these.
//
// A configuration is dominated by one at the same return, in the same state, that owes the same and is free to do all that
// it is free to do: whatever completes it completes the other one too. So only its like and better ones need be looked up.
// Entries of equal (return, state, owed) stand in one bucket's chain; other keys that share the bucket are told apart.

const INITIAL_BUCKETS = 256;
const KEPT_ENTRIES = 4_000_000;

/** A hash table of configurations in two flat arrays, cleared and used again for every partition. */
export class ConfigurationTable {
  private words = 1;
  private stride = 5;
  // Only the first mask + 1 buckets are in use; a large table of a partition before does not have to be emptied.
  private heads = new Int32Array(INITIAL_BUCKETS).fill(-1);
  private mask = INITIAL_BUCKETS - 1;
  private entries = new Int32Array(1024);
  private used = 0;

  /** Forgets everything. `words`: of 32 slots each, of a set of open operations. */
  clear(words: number): void {
    this.words = words;
    this.stride = 3 + 2 * words;
    this.used = 0;
    if (this.entries.length > KEPT_ENTRIES) {
      this.entries = new Int32Array(1024);
      this.heads = new Int32Array(INITIAL_BUCKETS);
    }
    this.mask = INITIAL_BUCKETS - 1;
    this.heads.fill(-1, 0, INITIAL_BUCKETS);
  }

  /** What it takes. */
  get bytes(): number {
    return 4 * (this.heads.length + this.entries.length);
  }

  /** Whether this configuration, or one that dominates it, was added before; else it is added. */
  seen(frontier: number, state: number, owed: Int32Array, free: Int32Array): boolean {
    const { words, stride } = this;
    const bucket = hash(frontier, state, owed, 0, words) & this.mask;
    const entries = this.entries;
    search: for (let at = this.heads[bucket] as number; at >= 0; at = entries[at] as number) {
      if (entries[at + 1] !== frontier || entries[at + 2] !== state) continue;
      for (let w = 0; w < words; w++) {
        if (entries[at + 3 + w] !== owed[w]) continue search;
        const mine = free[w] as number;
        if (((entries[at + 3 + words + w] as number) & mine) !== mine) continue search;
      }
      return true;
    }
    this.add(bucket, frontier, state, owed, free);
    if (this.used > 2 * (this.mask + 1) * stride) this.grow();
    return false;
  }

  private add(bucket: number, frontier: number, state: number, owed: Int32Array, free: Int32Array): void {
    const { words, stride } = this;
    if (this.used + stride > this.entries.length) {
      const larger = new Int32Array(2 * this.entries.length + stride);
      larger.set(this.entries);
      this.entries = larger;
    }
    const at = this.used;
    const entries = this.entries;
    entries[at] = this.heads[bucket] as number;
    entries[at + 1] = frontier;
    entries[at + 2] = state;
    for (let w = 0; w < words; w++) {
      entries[at + 3 + w] = owed[w] as number;
      entries[at + 3 + words + w] = free[w] as number;
    }
    this.heads[bucket] = at;
    this.used += stride;
  }

  private grow(): void {
    const { entries, stride, words } = this;
    const buckets = 4 * (this.mask + 1);
    if (this.heads.length < buckets) this.heads = new Int32Array(buckets);
    this.heads.fill(-1, 0, buckets);
    this.mask = buckets - 1;
    for (let at = 0; at < this.used; at += stride) {
      const frontier = entries[at + 1] as number;
      const bucket = hash(frontier, entries[at + 2] as number, entries, at + 3, words) & this.mask;
      entries[at] = this.heads[bucket] as number;
      this.heads[bucket] = at;
    }
  }
}

// The words of what is owed stand from `at` on.
function hash(frontier: number, state: number, owed: Int32Array, at: number, words: number): number {
  let h = Math.imul(frontier, 0x9e3779b1) ^ Math.imul(state, 0x85ebca6b);
  for (let w = 0; w < words; w++) h = Math.imul(h ^ (h >>> 15) ^ (owed[at + w] as number), 0xc2b2ae35);
  h ^= h >>> 16;
  h = Math.imul(h, 0x27d4eb2f);
  return h ^ (h >>> 15);
}
