// Which seeds a run tries, as numbers only: where they start, how many there are, and which share of them is this process's.
import { UsageError } from "../base/usage-error.js";

export interface SeedRange {
  readonly first: bigint;
  /** How many over all shards; Infinity: until something else ends the run. */
  readonly count: number;
  /** Every `of`-th seed, beginning with number `index`, from 1. */
  readonly shard: { readonly index: number; readonly of: number };
}

/** Seeds that are tried in one go. `from` counts all of this process's seeds, from 0. */
export interface Batch {
  readonly from: number;
  readonly seeds: readonly bigint[];
  /** Of a batch of one seed: the call of its machine that is known never to return. */
  readonly hungAt?: number;
}

/** How many of the seeds are this process's. */
export function seedsInShard({ count, shard }: SeedRange): number {
  return Math.max(0, Math.ceil((count - (shard.index - 1)) / shard.of));
}

/** This process's seeds in order, in batches. */
export function* batches(range: SeedRange, size: number): Generator<Batch> {
  const total = seedsInShard(range);
  for (let from = 0; from < total; from += size) {
    const seeds: bigint[] = [];
    for (let at = from; at < Math.min(from + size, total); at++) seeds.push(seedAt(range, at));
    yield { from, seeds };
  }
}

function seedAt({ first, shard }: SeedRange, at: number): bigint {
  return first + BigInt(at) * BigInt(shard.of) + BigInt(shard.index - 1);
}

const HOW = "A seed is a decimal number, a 0x… number, or a commit hash of 40 hexadecimal digits.";

/** Reads a seed as people give it. */
export function parseSeed(text: string): bigint {
  if (/^[0-9a-f]{40}$/i.test(text)) return BigInt(`0x${text}`);
  if (/^[0-9]+$/.test(text) || /^0x[0-9a-f]+$/i.test(text)) {
    if (text.length <= 60) return BigInt(text);
    throw new UsageError(`the seed ${text.slice(0, 20)}… is too long`, HOW);
  }
  throw new UsageError(`"${text}" is not a seed`, HOW);
}

/** A seed as {@link parseSeed} reads it: decimal, or in hexadecimal where it is longer than a machine word. */
export function formatSeed(seed: bigint): string {
  return seed < 2n ** 64n ? seed.toString() : `0x${seed.toString(16)}`;
}

/** Reads "2/5": the second of five shares. */
export function parseShard(text: string): SeedRange["shard"] {
  const match = /^([0-9]+)\/([0-9]+)$/.exec(text);
  const index = Number(match?.[1]);
  const of = Number(match?.[2]);
  if (!(index >= 1 && index <= of && of <= 1_000_000)) {
    throw new UsageError(`"${text}" is not a shard`, "Write i/n with i from 1 to n, such as 2/5.");
  }
  return { index, of };
}
