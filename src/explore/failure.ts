// A failing seed, looked at: played again with a shadow replica that is observed at every entry, recorded, its witness found
// again in the recording.
import type { Witness } from "../checker/verdict.js";
import type { Trace } from "../trace/file.js";
import type { FailedSeed, Task } from "./batch.js";
import { playTwice, SAME_SEED } from "./same-seed.js";
import { recordTrial, trialOf, witnessOf } from "./trial.js";
import { Pulse, watched } from "./watch.js";

/** A failing seed's recording. */
export interface RecordedFailure {
  readonly witness: Witness;
  readonly trace: Trace;
  /** The other play, where two plays of the seed differ. */
  readonly second?: Trace;
}

/** Plays a failing seed again. Its witness's line numbers are those of the recording. */
export function recordFailure(
  { scenario, contestant, version }: Task,
  { seed, fingerprint, witness, hungAt }: FailedSeed,
): RecordedFailure {
  const machine = hungAt === undefined ? contestant.machine : watched(contestant.machine, new Pulse(), hungAt);
  const trial = trialOf(scenario, seed, { ...contestant, machine }, version);
  if (witness.property === SAME_SEED) {
    const plays = playTwice(() => trial);
    if (plays !== undefined) return { witness: plays.witness, trace: plays.first, second: plays.second };
  }
  // The watch counts calls of a play without a shadow, so what hangs is recorded without one.
  const recorded = recordTrial(trial, hungAt === undefined ? { shadow: true } : {});
  return { witness: witnessOf(recorded.judgement, fingerprint) ?? { ...witness, lines: [] }, trace: recorded.trace };
}
