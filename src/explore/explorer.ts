// Many seeds: hands out batches, takes results in whatever order they come, folds them in the order of the seeds, and stops
// when all are tried, time is up, someone interrupts, or the first failure is enough.
import { Digest } from "../trace/digest.js";
import { type Assignment, type BatchResult, type FailedSeed, runBatch, type UndecidedSeed } from "./batch.js";
import { type Batch, batches, type SeedRange, seedsInShard } from "./seeds.js";
import { addTally, emptyTally, type Tally } from "./tally.js";

/** Whoever tries batches: this thread, or a pool of workers. */
export interface Crew {
  /** How many batches it can have in hand at once. */
  readonly size: number;
  /** Seeds that it wants in a batch. */
  readonly batchSize: number;
  run(batch: Batch): Promise<BatchResult>;
  close(): Promise<void>;
}

export interface Progress {
  readonly tried: number;
  /** Infinity where nobody said how many. */
  readonly total: number;
  readonly failed: number;
  readonly virtualMicros: number;
}

export interface ExploreOptions {
  readonly range: SeedRange;
  readonly crew: Crew;
  readonly bail: boolean;
  /** Asked before each batch; true: hand out no more. */
  readonly stop: () => boolean;
  readonly progress?: (progress: Progress) => void;
  /** Hears of failures as soon as their batch is done. */
  readonly found?: (failed: readonly FailedSeed[]) => void;
}

/** Everything that was found, in the order of the seeds. */
export interface Exploration {
  readonly range: SeedRange;
  readonly tried: number;
  /** How many of them were variations of others; absent: seeds came one after the other. */
  readonly varied?: number;
  readonly tally: Tally;
  readonly failed: readonly FailedSeed[];
  readonly undecided: readonly UndecidedSeed[];
  /** Over the digests of all runs, in the order of their seeds. */
  readonly digest: string;
}

/** Explores the seeds of a range. */
export async function explore({ range, crew, bail, stop, progress, found }: ExploreOptions): Promise<Exploration> {
  const total = seedsInShard(range);
  const waiting = batches(range, crew.batchSize);
  const done = new Map<number, BatchResult>();
  const fold = new Fold();
  let enough = false;
  let tried = 0;
  let failed = 0;
  let virtualMicros = 0;

  const member = async (): Promise<void> => {
    while (!enough && !stop()) {
      const next = waiting.next();
      if (next.done === true) return;
      const result = await crew.run(next.value);
      done.set(result.from, result);
      tried += result.tried;
      failed += new Set(result.failed.map((one) => one.seed)).size;
      virtualMicros += result.tally.virtualMicros;
      if (result.failed.length > 0) found?.(result.failed);
      if (bail && result.failed.length > 0) enough = true;
      progress?.({ tried, total, failed, virtualMicros });
    }
  };
  try {
    await Promise.all(Array.from({ length: crew.size }, member));
  } finally {
    await crew.close();
  }
  for (const result of [...done.values()].sort((a, b) => a.from - b.from)) {
    fold.add(result);
    // What other workers found behind the first failure is left out, so that the report depends on no one's speed.
    if (bail && result.failed.length > 0) break;
  }
  return fold.finish(range);
}

/** The crew of one: this thread, between whose batches the process can hear an interruption. */
export function alone(assignment: Assignment): Crew {
  return {
    size: 1,
    batchSize: 5,
    run: async (batch) => {
      await new Promise((resolve) => setImmediate(resolve));
      return runBatch(assignment, batch);
    },
    close: async () => undefined,
  };
}

/** Adds results up, in the order in which they are given. */
export class Fold {
  #tried = 0;
  readonly #tally: Tally = emptyTally();
  readonly #failed: FailedSeed[] = [];
  readonly #undecided: UndecidedSeed[] = [];
  readonly #digest = new Digest();

  add(result: BatchResult): void {
    this.#tried += result.tried;
    addTally(this.#tally, result.tally);
    this.#failed.push(...result.failed);
    this.#undecided.push(...result.undecided);
    for (const digest of result.digests) this.#digest.add({ digest });
  }

  finish(range: SeedRange): Exploration {
    return {
      range,
      tried: this.#tried,
      tally: this.#tally,
      failed: this.#failed,
      undecided: this.#undecided,
      digest: this.#digest.hex(),
    };
  }
}

/** Failures with one fingerprint are one failure: the seed on which it shows soonest stands for it. */
export interface FailureGroup {
  readonly soonest: FailedSeed;
  /** On how many seeds. */
  readonly seeds: number;
}

/** After how many lines of its run a failure shows; Infinity where no line shows it. */
export function showsAfter({ witness }: FailedSeed): number {
  return witness.lines.at(-1) ?? Number.POSITIVE_INFINITY;
}

/** The failures by fingerprint, in the order of the seeds that stand for them. */
export function grouped(failed: readonly FailedSeed[]): FailureGroup[] {
  const groups = new Map<string, { soonest: FailedSeed; seeds: number }>();
  for (const one of failed) {
    const group = groups.get(one.fingerprint);
    if (group === undefined) {
      groups.set(one.fingerprint, { soonest: one, seeds: 1 });
      continue;
    }
    group.seeds += 1;
    if (showsAfter(one) < showsAfter(group.soonest)) group.soonest = one;
  }
  return [...groups.values()].sort((a, b) => (a.soonest.seed < b.soonest.seed ? -1 : 1));
}
