// Tries a batch of seeds, one after the other, in whatever process or thread it is called. What it answers is plain data.
import { finish, fold } from "../base/hash.js";
import { fingerprint, type Witness } from "../checker/verdict.js";
import { UnfitError } from "../protocol/machine-errors.js";
import type { Scenario } from "../sim/scenario.js";
import type { Contestant } from "./contestant.js";
import { reachedIn } from "./guide.js";
import { playTwice, SAME_SEED, unseenDifference } from "./same-seed.js";
import type { Batch } from "./seeds.js";
import { addProperty, addTrial, emptyTally, type Tally } from "./tally.js";
import { runTrial, type TrialResult, trialOf } from "./trial.js";
import { type Pulse, watched } from "./watch.js";

/** What a seed is played with. */
export interface Task {
  readonly scenario: Scenario;
  readonly contestant: Contestant;
  readonly version: string;
}

/** What is tried on each seed. */
export interface Assignment extends Task {
  /** The run's first seed, over all its shards: {@link isPlayedTwice} counts from there. */
  readonly first: bigint;
  /** Of every so many seeds one is played twice. SPEC 6, determinism/same-seed. */
  readonly twiceEvery: number;
  /** Stop after the first seed that fails. */
  readonly bail: boolean;
  /** Whether batches tell what each seed reached. */
  readonly tells?: boolean;
}

/** A seed on which a claim is broken. One seed may stand in a list twice: for what the judge saw, and for same-seed. */
export interface FailedSeed {
  readonly seed: bigint;
  readonly fingerprint: string;
  readonly witness: Witness;
  /** The call of the machine that did not return; absent where all did. */
  readonly hungAt?: number;
}

/** A seed without an answer, and why. */
export interface UndecidedSeed {
  readonly seed: bigint;
  readonly reason: string;
  /** Our own bug: the harness asserted something that is not so. */
  readonly ours?: true;
}

export interface BatchResult {
  readonly from: number;
  /** How many of the batch's seeds were tried; fewer than it has after a bail. */
  readonly tried: number;
  readonly tally: Tally;
  readonly failed: readonly FailedSeed[];
  readonly undecided: readonly UndecidedSeed[];
  /** One digest for each seed that was played to its end. */
  readonly digests: readonly string[];
  /** What each seed that was tried reached, where that was asked for. */
  readonly reached?: readonly (readonly string[])[];
}

/** Tries a batch. `pulse`: where another thread watches how far it is. */
export function runBatch(assignment: Assignment, batch: Batch, pulse?: Pulse): BatchResult {
  const { bail } = assignment;
  const tally = emptyTally();
  const failed: FailedSeed[] = [];
  const undecided: UndecidedSeed[] = [];
  const digests: string[] = [];
  const reached: (readonly string[])[] = [];
  let tried = 0;
  for (const seed of batch.seeds) {
    if (pulse !== undefined) pulse.seed = tried;
    const contestant = (): Contestant => underWatch(assignment, pulse, batch.hungAt);
    try {
      const result = runTrial(assignment.scenario, seed, contestant(), assignment.version, assignment.tells);
      reached[tried] = assignment.tells === true ? reachedIn(result) : [];
      addTrial(tally, result);
      digests.push(result.digest);
      const hung = batch.hungAt === undefined ? {} : { hungAt: batch.hungAt };
      const { first } = result.judgement;
      if (first !== null) failed.push({ seed, fingerprint: fingerprint(first), witness: first, ...hung });
      else undecided.push(...budgetsRunOut(seed, result));
      if (isPlayedTwice(Number(seed - assignment.first), assignment.twiceEvery)) {
        const witness = differsAgain(assignment, contestant, seed, result.digest);
        addProperty(tally, SAME_SEED, { judged: 1, broken: witness ? 1 : 0, undecided: 0, notJudged: 0 });
        if (witness !== undefined) failed.push({ seed, fingerprint: fingerprint(witness), witness });
      }
    } catch (error) {
      if (error instanceof UnfitError) throw error;
      reached[tried] = [];
      undecided.push({ seed, reason: reasonOf(error), ours: true });
    }
    tried += 1;
    if (bail && failed.length > 0) break;
  }
  const told = assignment.tells === true ? { reached } : {};
  return { from: batch.from, tried, tally, failed, undecided, digests, ...told };
}

/**
 * Whether the seed at a place of the run, from 0, is played twice: the first, then one of each stretch of `every`, drawn, so
 * that they are the same ones however the seeds are shared out, and no shard has more of them than its share.
 */
export function isPlayedTwice(place: number, every: number): boolean {
  const stretch = Math.floor(place / every);
  return place % every === (stretch === 0 ? 0 : finish(fold(0, stretch)) % every);
}

/** A fresh watch for each play: calls are counted from its beginning. */
function underWatch({ contestant }: Assignment, pulse: Pulse | undefined, hungAt: number | undefined): Contestant {
  return pulse === undefined ? contestant : { ...contestant, machine: watched(contestant.machine, pulse, hungAt) };
}

function budgetsRunOut(seed: bigint, { judgement }: TrialResult): UndecidedSeed[] {
  const open = judgement.properties.find((property) => property.verdict === "undecided");
  return open === undefined ? [] : [{ seed, reason: `${open.property}: ${open.reason ?? "no answer"}` }];
}

function differsAgain(
  { scenario, version }: Assignment,
  contestant: () => Contestant,
  seed: bigint,
  digest: string,
): Witness | undefined {
  if (runTrial(scenario, seed, contestant(), version).digest === digest) return undefined;
  return playTwice(() => trialOf(scenario, seed, contestant(), version))?.witness ?? unseenDifference();
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
