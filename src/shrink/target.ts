// What must fail again, and whether a plan does: it is played only as far as its first broken claim.
import { fingerprint, type Judgement, type Witness } from "../checker/verdict.js";
import type { Contestant } from "../explore/contestant.js";
import { playTwice, SAME_SEED } from "../explore/same-seed.js";
import { headerOf, runUntil, type Trial } from "../explore/trial.js";
import type { Plan } from "../sim/plan.js";

/** A failure to be made small. */
export interface Target {
  readonly contestant: Contestant;
  readonly version: string;
  readonly fingerprint: string;
  /** Whether the run's first broken claim must have it; else the first broken claim of its property. */
  readonly first: boolean;
}

/** A plan that fails as it is to. */
export interface Failing {
  readonly plan: Plan;
  readonly witness: Witness;
  /** When it is seen. Microseconds of virtual time. */
  readonly at: number;
  /** Whether it is seen before the liveness phase. */
  readonly early: boolean;
}

/** Plays the plan; undefined where it does not fail alike. `early`: what has not failed in the safety phase is given up. */
export function tryPlan(target: Target, plan: Plan, early: boolean): Failing | undefined {
  const trial = trialOf(target, plan);
  if (target.fingerprint.startsWith(`${SAME_SEED} |`)) return tryTwice(target, trial);
  let at = 0;
  let live = false;
  const { judgement } = runUntil(
    trial,
    (line, broken) => {
      at = line.t;
      if (line.e === "phase" && line.phase === "liveness") live = true;
      return broken || (early && live);
    },
    judged(target),
  );
  const witness = witnessIn(target, judgement);
  return witness === undefined ? undefined : { plan, witness, at, early: !live };
}

/** Plays the plan to its end: whether it fails alike when nothing is cut short. */
export function confirm(target: Target, plan: Plan): boolean {
  const trial = trialOf(target, plan);
  if (target.fingerprint.startsWith(`${SAME_SEED} |`)) return tryTwice(target, trial) !== undefined;
  return witnessIn(target, runUntil(trial, () => false, judged(target)).judgement) !== undefined;
}

function trialOf({ contestant, version }: Target, plan: Plan): Trial {
  return { contestant, plan, header: headerOf(plan, contestant, version, null) };
}

function tryTwice({ fingerprint: wanted }: Target, trial: Trial): Failing | undefined {
  if (runTwice(trial)) return undefined;
  const witness = playTwice(() => trial)?.witness;
  if (witness === undefined || fingerprint(witness) !== wanted) return undefined;
  return { plan: trial.plan, witness, at: trial.plan.length, early: false };
}

function runTwice(trial: Trial): boolean {
  const digest = (): string => runUntil(trial, () => false).digest;
  return digest() === digest();
}

/** The properties that are judged: of a failure that is not the run's first, its own only. */
function judged({ first, fingerprint: wanted }: Target): readonly string[] | undefined {
  return first ? undefined : wanted.split(" | ", 1);
}

function witnessIn(target: Target, { first }: Judgement): Witness | undefined {
  return first !== null && fingerprint(first) === target.fingerprint ? first : undefined;
}
