// A pool of worker threads that try batches. A worker that crashes costs the seed that it was at, which is undecided; one
// whose machine hangs is ended, and that seed is played again up to the call that hung, which breaks apply/total. The rest of
// the batch goes on elsewhere. Which file a worker runs is the business of whoever composes.
import { Worker } from "node:worker_threads";
import type { BatchResult, UndecidedSeed } from "./batch.js";
import type { Crew } from "./explorer.js";
import type { Batch } from "./seeds.js";
import { addTally, emptyTally } from "./tally.js";
import { Pulse } from "./watch.js";

export interface PoolOptions {
  readonly size: number;
  /** The file that each worker runs: it answers each {@link Batch} by a {@link FromWorker}. */
  readonly file: URL;
  /** What the file is told once, at its start, beside the buffer of its pulse. */
  readonly data: unknown;
  /** A worker whose machine has made no call for so long hangs. Wall-clock milliseconds. */
  readonly patience: number;
}

/** What a worker is told at its start. */
export interface WorkerStart {
  readonly data: unknown;
  readonly pulse: SharedArrayBuffer;
  /** Which of the crew it is, from 0: of those at work at a time no two are the same. */
  readonly job: number;
}

/** What a worker says. */
export type FromWorker =
  | { readonly kind: "result"; readonly result: BatchResult }
  /** The machine can't stand trial: no other seed would be better. */
  | { readonly kind: "unfit"; readonly message: string };

/** A worker that ended without a result, and what it was at. */
interface Lost {
  readonly kind: "lost";
  /** Which seed of the batch. */
  readonly at: number;
  readonly reason: string;
  /** The machine's call that does not return, where that is what ended it. */
  readonly hungAt?: number;
  /** The stage did not end, not a machine. */
  readonly ours?: true;
}

/** A trial leaves much behind that dies at once: twice the usual room for the young, and half as much of it is copied. */
const YOUNG_MIB = 96;

/** A crew of worker threads. `unfit` makes the error that ends the run where the machine can't stand trial. */
export function pool(options: PoolOptions, unfit: (message: string) => Error): Crew {
  const idle: Hand[] = [];
  const all = new Set<Hand>();

  const answerTo = async (batch: Batch): Promise<FromWorker | Lost> => {
    const hand = idle.pop() ?? new Hand(options, freeJob(all));
    all.add(hand);
    const answer = await hand.run(batch);
    if (answer.kind === "lost") all.delete(hand);
    else idle.push(hand);
    return answer;
  };
  const run = async (batch: Batch): Promise<BatchResult> => {
    const results: BatchResult[] = [];
    const parts = [batch];
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      const answer = await answerTo(part);
      if (answer.kind === "unfit") throw unfit(answer.message);
      if (answer.kind === "result") {
        results.push(answer.result);
        continue;
      }
      const around = without(part, answer.at);
      parts.push(...around.others);
      if (answer.hungAt !== undefined && part.hungAt === undefined) {
        parts.push({ ...around.itself, hungAt: answer.hungAt });
      } else {
        results.push(undecided(around.itself, answer));
      }
    }
    return joined(batch.from, results);
  };
  return {
    size: options.size,
    batchSize: 10,
    run,
    close: async () => {
      await Promise.all([...all].map((hand) => hand.close()));
    },
  };
}

function freeJob(taken: ReadonlySet<Hand>): number {
  const jobs = new Set([...taken].map((hand) => hand.job));
  let job = 0;
  while (jobs.has(job)) job++;
  return job;
}

/** One worker. */
class Hand {
  readonly #worker: Worker;
  readonly #pulse = new Pulse();
  readonly #patience: number;

  constructor(
    { file, data, patience }: PoolOptions,
    readonly job: number,
  ) {
    this.#patience = patience;
    const start: WorkerStart = { data, pulse: this.#pulse.buffer, job };
    this.#worker = new Worker(file, { workerData: start, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } });
    // An error is heard of where a batch waits for it; one that comes in between must not end the process.
    this.#worker.on("error", () => undefined);
  }

  run(batch: Batch): Promise<FromWorker | Lost> {
    const worker = this.#worker;
    const pulse = this.#pulse;
    pulse.seed = -1;
    return new Promise((resolve) => {
      let before = "";
      const watch = setInterval(() => {
        const now = `${pulse.seed}:${pulse.calls}`;
        if (now === before && pulse.seed >= 0) {
          if (pulse.inCall) end("the machine did not come to an end", pulse.calls);
          else end("the harness did not come to an end", undefined, true);
        }
        before = now;
      }, this.#patience);
      const onMessage = (answer: FromWorker): void => settle(answer);
      const onError = (error: Error): void => end(`its worker ended: ${error.message}`);
      const onExit = (code: number): void => end(`its worker ended with code ${code}`);
      const settle = (answer: FromWorker | Lost): void => {
        clearInterval(watch);
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
        resolve(answer);
      };
      const end = (reason: string, hungAt?: number, ours?: true): void => {
        const at = Math.max(0, pulse.seed);
        void worker.terminate();
        const why = { ...(hungAt === undefined ? {} : { hungAt }), ...(ours === undefined ? {} : { ours }) };
        settle({ kind: "lost", at, reason, ...why });
      };
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      worker.postMessage(batch);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** A batch without one of its seeds, and a batch of that seed alone. */
function without(batch: Batch, at: number): { itself: Batch; others: Batch[] } {
  const others = [
    { from: batch.from, seeds: batch.seeds.slice(0, at) },
    { from: batch.from + at + 1, seeds: batch.seeds.slice(at + 1) },
  ];
  return {
    itself: { from: batch.from + at, seeds: batch.seeds.slice(at, at + 1) },
    others: others.filter((part) => part.seeds.length > 0),
  };
}

function undecided(one: Batch, { reason, ours }: Lost): BatchResult {
  const seed: UndecidedSeed = { seed: one.seeds[0] as bigint, reason, ...(ours === undefined ? {} : { ours }) };
  return { from: one.from, tried: 1, tally: emptyTally(), failed: [], undecided: [seed], digests: [], reached: [[]] };
}

function joined(from: number, results: readonly BatchResult[]): BatchResult {
  if (results.length === 1) return results[0] as BatchResult;
  const inOrder = [...results].sort((a, b) => a.from - b.from);
  const tally = emptyTally();
  for (const result of inOrder) addTally(tally, result.tally);
  return {
    from,
    tried: inOrder.reduce((sum, result) => sum + result.tried, 0),
    tally,
    failed: inOrder.flatMap((result) => result.failed),
    undecided: inOrder.flatMap((result) => result.undecided),
    digests: inOrder.flatMap((result) => result.digests),
    reached: inOrder.flatMap((result) => result.reached ?? []),
  };
}
