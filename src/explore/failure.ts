// A failing seed, looked at: played again with a shadow replica that is observed at every entry, recorded, its witness found
// again in the recording.
import type { Witness } from "../checker/verdict.js";
import type { Trace } from "../trace/file.js";
import type { FailedSeed, Task } from "./batch.js";
import { endsWithin } from "./ends-within.js";
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

/** A seed that was played to its end, and does not come to one when it is played again. */
export class NoRecording extends Error {}

/** How long one entry of a recording may take on average, before nobody waits any longer. Milliseconds. */
const PATIENCE_AN_ENTRY = 20;
/** What every recording has, however short it is. Milliseconds. */
const LEAST_PATIENCE = 60_000;

/**
 * Plays a failing seed again. Its witness's line numbers are those of the recording.
 *
 * @throws {NoRecording} where the machine does not come to an end this time. Where that depends on the run alone, `hungAt`
 *   says so; this is a machine that keeps something outside its replicas.
 */
export function recordFailure(task: Task, failed: FailedSeed, patience: number = patienceFor(task)): RecordedFailure {
  let recorded: RecordedFailure | undefined;
  const ended = endsWithin(patience, () => {
    recorded = record(task, failed);
  });
  if (ended && recorded !== undefined) return recorded;
  throw new NoRecording(
    "played again, it did not come to an end: the machine keeps something outside its replicas (a variable of its module, a static field)",
  );
}

// Of a machine in another process each call has a limit of its own.
function patienceFor({ contestant, scenario }: Task): number {
  if (!contestant.inThisProcess) return Number.POSITIVE_INFINITY;
  return Math.max(LEAST_PATIENCE, scenario.length.entries * PATIENCE_AN_ENTRY);
}

function record(
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
