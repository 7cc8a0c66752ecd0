// What must fail again, and whether a plan does: it is played only as far as its first broken claim.
import { fingerprint, type Judgement, type Witness } from "../checker/verdict.js";
import type { Contestant } from "../explore/contestant.js";
import { type Plays, playsHere } from "../explore/plays.js";
import { version } from "../explore/package.js";
import { SAME_SEED } from "../explore/same-seed.js";
import type { Plan } from "../sim/plan.js";
import { judgeLog } from "./log-play.js";
import type { LogStep } from "./log-steps.js";

/** Where plans and logs are played. */
export interface Bench extends Plays {
  /** `hasty`: one of many, as of plans. */
  log(steps: readonly LogStep[], hasty: boolean): Judgement;
}

/** A failure to be made small. */
export interface Target {
  readonly contestant: Contestant;
  /** Absent: in this thread. A machine that hangs has to be played in one that is watched. */
  readonly bench?: Bench;
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

/** What a test of a failure meets: it asks for the failure's own claim, though another may break sooner. */
export interface Shown {
  /** What is first said of the claim. */
  readonly told: Witness;
  /** The first broken claim of all. */
  readonly first: Witness;
}

/** What a test meets in a play that shows `witness`. */
export function shownBy({ first, properties }: Judgement, witness: Witness): Shown {
  if (first === null || first.property === witness.property) return { told: first ?? witness, first: first ?? witness };
  const own = properties.find(({ property }) => property === witness.property);
  return { told: own?.witnesses[0] ?? witness, first };
}

/** A bench in this thread. */
export function benchHere(contestant: Contestant): Bench {
  return { ...playsHere(contestant, version()), log: (steps) => judgeLog(contestant, steps) };
}

export function benchFor({ bench, contestant }: Pick<Target, "bench" | "contestant">): Bench {
  return bench ?? benchHere(contestant);
}

/** Plays the plan; undefined where it does not fail alike. `early`: what has not failed in the safety phase is given up. */
export function tryPlan(target: Target, plan: Plan, early: boolean): Failing | undefined {
  if (isSameSeed(target)) return tryTwice(target, plan);
  const { judgement, at, live } = benchFor(target).judge(plan, {
    until: early ? "early" : "broken",
    hasty: isHang(target.fingerprint),
    ...judged(target),
  });
  const witness = witnessIn(target, judgement);
  return witness === undefined ? undefined : { plan, witness, at, early: !live };
}

/** Plays the plan to its end: whether it fails alike when nothing is cut short. */
export function confirm(target: Target, plan: Plan): boolean {
  if (isSameSeed(target)) return tryTwice(target, plan) !== undefined;
  return witnessIn(target, benchFor(target).judge(plan, judged(target)).judgement) !== undefined;
}

/** Whether a failure is a machine that does not answer: then hundreds of plays end by waiting for it, which is cut short. */
export function isHang(print: string): boolean {
  return print.endsWith(" | hung");
}

function isSameSeed({ fingerprint: wanted }: Target): boolean {
  return wanted.startsWith(`${SAME_SEED} |`);
}

function tryTwice(target: Target, plan: Plan): Failing | undefined {
  const bench = benchFor(target);
  const digest = (): string => bench.judge(plan, {}).digest;
  if (digest() === digest()) return undefined;
  const witness = bench.twice(plan)?.witness;
  if (witness === undefined || fingerprint(witness) !== target.fingerprint) return undefined;
  return { plan, witness, at: plan.length, early: false };
}

/** The properties that are judged: of a failure that is not the run's first, its own only. */
function judged({ first, fingerprint: wanted }: Target): { readonly properties?: readonly string[] } {
  return first ? {} : { properties: wanted.split(" | ", 1) };
}

function witnessIn(target: Target, { first }: Judgement): Witness | undefined {
  return first !== null && fingerprint(first) === target.fingerprint ? first : undefined;
}
