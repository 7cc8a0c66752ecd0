// From a failing plan to everything that one wants to keep of it: the smallest run, its trace, a log for a bare machine and
// the text of a test. What `shrink` does on the command line, and what a property does when it fails.
import { didYouMean } from "../base/suggest.js";
import { UsageError } from "../base/usage-error.js";
import { fingerprint, type Judgement, type Witness } from "../checker/verdict.js";
import type { Contestant } from "../explore/contestant.js";
import { version } from "../explore/package.js";
import { SAME_SEED } from "../explore/same-seed.js";
import type { Plan } from "../sim/plan.js";
import type { Trace } from "../trace/file.js";
import { type Accused, emittedTest } from "./emitted-test.js";
import { shrinkLog, type ShrunkLog } from "./log-shrinker.js";
import type { Shrinker, Shrunk } from "./shrinker.js";
import { type Bench, benchFor, isHang, type Shown, shownBy, type Target } from "./target.js";

/** The smallest run that fails in the same way, recorded. */
export interface Smallest {
  readonly fingerprint: string;
  /** Its line numbers are those of the trace. */
  readonly witness: Witness;
  readonly shrunk: Shrunk;
  readonly trace: Trace;
  /** The shortest log that breaks the claim on a bare machine; undefined where none does. */
  readonly log: ShrunkLog | undefined;
  /** What its test says as long as nothing is mended. */
  readonly shown: Shown;
}

/**
 * The failure of a plan that is to stay: its first broken claim, or that of a property. Throws a UsageError without one.
 * `bench`: where it is played; absent: in this thread.
 */
export function targetOf(contestant: Contestant, plan: Plan, property?: string, bench?: Bench): Target {
  const target = { contestant, ...(bench && { bench }) };
  const plays = benchFor(target);
  const { judgement, digest } = plays.judge(plan, {});
  const { first } = judgement;
  const wanted = property === undefined ? first : witnessFor(judgement, property);
  if (wanted !== null) return { ...target, fingerprint: fingerprint(wanted), first: wanted === first };
  if ((property ?? SAME_SEED) === SAME_SEED && plays.judge(plan, {}).digest !== digest) {
    const twice = plays.twice(plan)?.witness;
    if (twice !== undefined) return { ...target, fingerprint: fingerprint(twice), first: false };
  }
  if (property === undefined || first === null) {
    throw new UsageError(
      property === undefined ? "nothing is broken in this run" : `${property} is not broken in this run`,
      "There is nothing to make small. With another machine or bug? See --fsm and --bug.",
    );
  }
  const broken = judgement.properties.filter(({ verdict }) => verdict === "broken").map((each) => each.property);
  const meant = didYouMean(property, broken).replace(/^There are: .*/, "");
  const todo = `${meant} What is broken: ${broken.join(", ")}.`.trimStart();
  throw new UsageError(`${property} is not broken in this run`, todo);
}

/** Records what a shrinker came to. `enough` is asked while its log is made short; true: be content with what there is. */
export function smallestOf(target: Target, shrinker: Shrinker, enough = (): boolean => false): Smallest {
  const shrunk = shrinker.result();
  const { contestant, fingerprint: wanted } = target;
  const { plan, witness } = shrunk.failing;
  const inMachine = contestant.parts === undefined && contestant.registry === undefined;
  const log = inMachine && !wanted.startsWith(SAME_SEED) ? logFor(target, plan, enough) : undefined;
  const shown = log?.shown ?? shownByPlan(target, plan, witness);
  return { fingerprint: wanted, shrunk, log, shown, ...recorded(target, plan, witness) };
}

/**
 * The text of a test that fails as the smallest run does. `from`: where the failure came up, in words. `file`: where the test
 * is going to be, since it names a module of the user's from there; without, in the current folder.
 */
export function testOf({ shrunk, shown, log }: Smallest, accused: Accused, from: string, file?: string): string {
  const head = { accused, from, version: version(), plan: shrunk.failing.plan, shown };
  return emittedTest({ ...head, ...(file !== undefined && { file }), ...(log && { log: log.steps }) });
}

// A plan that shows its claim first does so wherever it is played.
function shownByPlan(target: Target, plan: Plan, witness: Witness): Shown {
  if (target.first || witness.property === SAME_SEED) return { told: witness, first: witness };
  return shownBy(benchFor(target).judge(plan, {}).judgement, witness);
}

function witnessFor({ first, properties }: Judgement, property: string): Witness | null {
  if (first?.property === property) return first;
  return properties.find((each) => each.property === property)?.witnesses[0] ?? null;
}

function witnessLike({ properties }: Judgement, wanted: string): Witness | undefined {
  return properties.flatMap(({ witnesses }) => witnesses).find((each) => fingerprint(each) === wanted);
}

// With a shadow, which sees the most; unless it sees another failure first.
function recorded(target: Target, plan: Plan, seen: Witness): { trace: Trace; witness: Witness } {
  const bench = benchFor(target);
  const shadowed = bench.record(plan, true);
  const { first } = shadowed.judgement;
  if (first !== null && fingerprint(first) === target.fingerprint) return { trace: shadowed.trace, witness: first };
  const { trace, judgement } = bench.record(plan, false);
  return { trace, witness: witnessLike(judgement, target.fingerprint) ?? seen };
}

// Lines are counted without the shadow: the log is that of a replica that plays a part.
function logFor(target: Target, plan: Plan, enough: () => boolean): ShrunkLog | undefined {
  const bench = benchFor(target);
  const { trace, judgement } = bench.record(plan, false);
  const witness = witnessLike(judgement, target.fingerprint);
  if (witness === undefined) return undefined;
  const hangs = isHang(target.fingerprint);
  return shrinkLog((steps, hasty) => bench.log(steps, hasty && hangs), trace, witness, enough);
}
