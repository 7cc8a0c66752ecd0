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
  /** Whether the run's first broken claim must have it; else any may. */
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
  const { judgement } = runUntil(trial, (line, broken) => {
    at = line.t;
    if (line.e === "phase" && line.phase === "liveness") live = true;
    return (broken && target.first) || (early && live);
  });
  const witness = witnessIn(target, judgement);
  return witness === undefined ? undefined : { plan, witness, at, early: !live };
}

/** Plays the plan to its end: whether it fails alike when nothing is cut short. */
export function confirm(target: Target, plan: Plan): boolean {
  const trial = trialOf(target, plan);
  if (target.fingerprint.startsWith(`${SAME_SEED} |`)) return tryTwice(target, trial) !== undefined;
  return witnessIn(target, runUntil(trial, () => false).judgement) !== undefined;
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

function witnessIn(target: Target, { properties, first }: Judgement): Witness | undefined {
  const alike = (witness: Witness): boolean => fingerprint(witness) === target.fingerprint;
  if (target.first) return first !== null && alike(first) ? first : undefined;
  for (const { witnesses } of properties) {
    const found = witnesses.find(alike);
    if (found !== undefined) return found;
  }
  return undefined;
}
