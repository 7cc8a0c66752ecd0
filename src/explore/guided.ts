// An exploration that learns: seeds are tried in generations, and what a generation reached decides which seeds come next. A
// generation is whole before the next is chosen, so the same first seed makes the same choices, however many workers there are.
import type { BatchResult, FailedSeed } from "./batch.js";
import { type Crew, type Exploration, Fold, type Progress } from "./explorer.js";
import { lineageOf } from "../sim/variation.js";
import { Guide } from "./guide.js";
import type { SeedRange } from "./seeds.js";

export interface GuidedOptions {
  readonly range: SeedRange;
  readonly crew: Crew;
  readonly bail: boolean;
  readonly stop: () => boolean;
  readonly progress?: (progress: Progress) => void;
  readonly found?: (failed: readonly FailedSeed[]) => void;
  /** Whether what is rare is varied; else seeds come one after the other. */
  readonly varies: boolean;
  /** Stop when so many seeds in a row reached nothing new. */
  readonly untilStable: number | undefined;
}

/** What became of it. */
export interface Guided extends Exploration {
  /** How many different things were reached: milestones by order of magnitude, and pairs. */
  readonly reachedInAll: number;
  /** How many of the last seeds reached nothing new. */
  readonly sinceNew: number;
}

const GENERATION = 40;

/** Explores; needs a crew whose batches tell what was reached. */
export async function exploreGuided(options: GuidedOptions): Promise<Guided> {
  const { range, crew, bail, stop, progress, found, varies, untilStable = Number.POSITIVE_INFINITY } = options;
  const guide = new Guide(range.first, varies);
  const fold = new Fold();
  let tried = 0;
  let varied = 0;
  let failed = 0;
  let virtualMicros = 0;
  let enough = false;
  const take = (result: BatchResult, seeds: readonly bigint[]): void => {
    fold.add(result);
    for (const [at, names] of (result.reached ?? []).entries()) {
      const seed = seeds[at];
      if (seed !== undefined) guide.learn(seed, names);
    }
    tried += result.tried;
    varied += seeds.slice(0, result.tried).filter((seed) => lineageOf(seed) !== undefined).length;
    failed += new Set(result.failed.map((one) => one.seed)).size;
    virtualMicros += result.tally.virtualMicros;
    if (result.failed.length > 0) found?.(result.failed);
    if (bail && result.failed.length > 0) enough = true;
    progress?.({ tried, total: range.count, failed, virtualMicros });
  };
  try {
    while (!enough && !stop() && tried < range.count && guide.sinceNew < untilStable) {
      const seeds = guide.next(Math.min(GENERATION, range.count - tried));
      const results = await tryAll(crew, seeds, tried, stop);
      for (const { result, from } of results) {
        if (!enough) take(result, seeds.slice(from));
      }
    }
  } finally {
    await crew.close();
  }
  const told = varies ? { varied } : {};
  return { ...fold.finish({ ...range, count: tried }), ...told, reachedInAll: guide.reached, sinceNew: guide.sinceNew };
}

// One generation, shared out; its results in the order of its seeds.
async function tryAll(
  crew: Crew,
  seeds: readonly bigint[],
  before: number,
  stop: () => boolean,
): Promise<{ readonly result: BatchResult; readonly from: number }[]> {
  const share = Math.max(1, Math.min(crew.batchSize, Math.ceil(seeds.length / crew.size)));
  const done: { result: BatchResult; from: number }[] = [];
  let next = 0;
  const member = async (): Promise<void> => {
    while (next < seeds.length && !stop()) {
      const from = next;
      next += share;
      const result = await crew.run({ from: before + from, seeds: seeds.slice(from, from + share) });
      done.push({ result, from });
    }
  };
  await Promise.all(Array.from({ length: crew.size }, member));
  return done.sort((a, b) => a.from - b.from);
}
