// From a failing plan to everything that one wants to keep of it: the smallest run, its trace, a log for a bare machine and
// the text of a test. What `shrink` does on the command line, and what a property does when it fails.
import { UsageError } from "../base/usage-error.js";
import { fingerprint, type Judgement, type Witness } from "../checker/verdict.js";
import type { Contestant } from "../explore/contestant.js";
import { version } from "../explore/package.js";
import { playTwice, SAME_SEED } from "../explore/same-seed.js";
import { headerOf, recordTrial, runUntil, type Trial } from "../explore/trial.js";
import type { Plan } from "../sim/plan.js";
import type { Trace } from "../trace/file.js";
import { type Accused, emittedTest } from "./emitted-test.js";
import { shrinkLog, type ShrunkLog } from "./log-shrinker.js";
import type { Shrinker, Shrunk } from "./shrinker.js";
import type { Target } from "./target.js";

/** The smallest run that fails in the same way, recorded. */
export interface Smallest {
  readonly fingerprint: string;
  /** Its line numbers are those of the trace. */
  readonly witness: Witness;
  readonly shrunk: Shrunk;
  readonly trace: Trace;
  /** The shortest log that breaks the claim on a bare machine; undefined where none does. */
  readonly log: ShrunkLog | undefined;
}

/** The failure of a plan that is to stay: its first broken claim, or that of a property. Throws a UsageError without one. */
export function targetOf(contestant: Contestant, plan: Plan, property?: string): Target {
  const trial = trialOf(contestant, plan);
  const { judgement, digest } = runUntil(trial, () => false);
  const { first } = judgement;
  const wanted = property === undefined ? first : witnessFor(judgement, property);
  const target = { contestant, version: version() };
  if (wanted !== null) return { ...target, fingerprint: fingerprint(wanted), first: wanted === first };
  if ((property ?? SAME_SEED) === SAME_SEED && runUntil(trial, () => false).digest !== digest) {
    const twice = playTwice(() => trial)?.witness;
    if (twice !== undefined) return { ...target, fingerprint: fingerprint(twice), first: false };
  }
  throw new UsageError(
    property === undefined ? "nothing is broken in this run" : `${property} is not broken in this run`,
    "There is nothing to make small. With another machine or bug? See --fsm and --bug.",
  );
}

/** Records what a shrinker came to. */
export function smallestOf(target: Target, shrinker: Shrinker): Smallest {
  const shrunk = shrinker.result();
  const { contestant, fingerprint: wanted } = target;
  const trial = trialOf(contestant, shrunk.failing.plan);
  const inMachine = contestant.parts === undefined && contestant.registry === undefined;
  const log = inMachine && !wanted.startsWith(SAME_SEED) ? logFor(contestant, trial, wanted) : undefined;
  return { fingerprint: wanted, shrunk, log, ...recorded(trial, shrunk.failing.witness, wanted) };
}

/** The text of a test that fails as the smallest run does. `from`: where the failure came up, in words. */
export function testOf({ shrunk, witness, log }: Smallest, accused: Accused, from: string): string {
  const head = { accused, from, version: version(), plan: shrunk.failing.plan };
  return emittedTest({ ...head, witness: log?.witness ?? witness, ...(log && { log: log.steps }) });
}

function trialOf(contestant: Contestant, plan: Plan): Trial {
  return { plan, contestant, header: headerOf(plan, contestant, version(), null) };
}

function witnessFor({ first, properties }: Judgement, property: string): Witness | null {
  if (first?.property === property) return first;
  return properties.find((each) => each.property === property)?.witnesses[0] ?? null;
}

function witnessLike({ properties }: Judgement, wanted: string): Witness | undefined {
  return properties.flatMap(({ witnesses }) => witnesses).find((each) => fingerprint(each) === wanted);
}

// With a shadow, which sees the most; unless it sees another failure first.
function recorded(trial: Trial, seen: Witness, wanted: string): { trace: Trace; witness: Witness } {
  const shadowed = recordTrial(trial, { shadow: true });
  const { first } = shadowed.judgement;
  if (first !== null && fingerprint(first) === wanted) return { trace: shadowed.trace, witness: first };
  const { trace, judgement } = recordTrial(trial, {});
  return { trace, witness: witnessLike(judgement, wanted) ?? seen };
}

// Lines are counted without the shadow: the log is that of a replica that plays a part.
function logFor(contestant: Contestant, trial: Trial, wanted: string): ShrunkLog | undefined {
  const { trace, judgement } = recordTrial(trial, {});
  const witness = witnessLike(judgement, wanted);
  return witness === undefined ? undefined : shrinkLog(contestant, trace, witness);
}
