// Makes a failing plan small: takes away, from coarse to fine, then makes plainer, and again until nothing more goes. A
// candidate is taken only if it fails with the same fingerprint. Deterministic but for the time that it may take; whoever
// drives it may stop after any trial, and has the smallest plan so far.
import { UsageError } from "../base/usage-error.js";
import type { Plan } from "../sim/plan.js";
import { ddmin } from "./ddmin.js";
import { mend } from "./mend.js";
import { REMOVALS, type Removal } from "./removals.js";
import { REWRITES, type Rewrite } from "./rewrites.js";
import { SHARPENINGS } from "./sharpenings.js";
import { compareSizes, type Size, sizeOf } from "./size.js";
import { confirm, type Failing, type Target, tryPlan } from "./target.js";

/** How far to go. */
export interface ShrinkOptions {
  /** At most so many plays. */
  readonly trials?: number;
}

/** How far it is. */
export interface ShrinkProgress {
  readonly trials: number;
  /** What it is at: "operations". */
  readonly at: string;
  readonly size: Size;
}

/** What became of a plan. */
export interface Shrunk {
  readonly before: Size;
  readonly after: Size;
  readonly failing: Failing;
  readonly trials: number;
  /** Whether nothing more goes; false: it was stopped. */
  readonly finished: boolean;
  /** Ids of the faults that the failure needs; each of them alone is needed when `finished`. */
  readonly necessary: readonly string[];
  /** Ids of those that it does not. */
  readonly beside: readonly string[];
}

const TRIALS = 6000;

/** Shrinks with nobody looking: to the end, or until `stop` says so. */
export function shrink(target: Target, plan: Plan, options: ShrinkOptions = {}, stop = (): boolean => false): Shrunk {
  const shrinker = new Shrinker(target, plan, options);
  for (const _ of shrinker.run()) if (stop()) break;
  return shrinker.result();
}

/** Makes a failing plan small, one play after the other, for whoever wants to look or to stop in between. */
export class Shrinker {
  readonly #target: Target;
  readonly #original: Plan;
  readonly #most: number;
  #best: Failing;
  #size: Size;
  #trials = 0;
  #finished = false;
  /** Candidates that were tried and did not fail alike. */
  readonly #vain = new Set<string>();

  constructor(target: Target, plan: Plan, { trials = TRIALS }: ShrinkOptions = {}) {
    this.#target = target;
    this.#original = plan;
    this.#most = trials;
    const failing = tryPlan(target, plan, false);
    if (failing === undefined) {
      throw new UsageError(
        `this run does not fail with ${target.fingerprint}`,
        "Play it with `replay` to see what it does now.",
      );
    }
    this.#best = failing;
    this.#size = sizeOf(plan);
  }

  /** Works, and pauses after each trial for whoever wants to look or to stop. */
  *run(): Generator<ShrinkProgress, void, void> {
    yield* this.#cut();
    for (let before = ""; before !== this.#key();) {
      before = this.#key();
      for (const removal of REMOVALS) yield* this.#remove(removal);
      for (const rewrite of REWRITES) yield* this.#rewrite(rewrite);
      yield* this.#cut();
      if (this.#spent) return;
      if (before === this.#key()) yield* this.#sharpen();
    }
    this.#finished = true;
  }

  /** The smallest so far. */
  result(): Shrunk {
    // What was played only in part is played whole; where that shows another failure first, the original stands.
    const whole = confirm(this.#target, this.#best.plan);
    const failing = whole ? this.#best : (tryPlan(this.#target, this.#original, false) ?? this.#best);
    const kept = new Set(failing.plan.faults.map((each) => each.id));
    const ids = this.#original.faults.map((each) => each.id);
    return {
      before: sizeOf(this.#original),
      after: sizeOf(failing.plan),
      failing,
      trials: this.#trials,
      finished: this.#finished && whole,
      necessary: ids.filter((id) => kept.has(id)),
      beside: ids.filter((id) => !kept.has(id)),
    };
  }

  get #spent(): boolean {
    return this.#trials >= this.#most;
  }

  #key(): string {
    return JSON.stringify(this.#best.plan);
  }

  *#try(plan: Plan, at: string): Generator<ShrinkProgress, boolean, void> {
    const failing = yield* this.#play(plan, at);
    if (failing !== undefined) this.#take(failing);
    return failing !== undefined;
  }

  *#play(plan: Plan, at: string): Generator<ShrinkProgress, Failing | undefined, void> {
    if (this.#spent) return undefined;
    const key = JSON.stringify(plan);
    if (this.#vain.has(key) || key === this.#key()) return undefined;
    this.#trials += 1;
    const failing = tryPlan(this.#target, plan, this.#best.early);
    if (failing === undefined) this.#vain.add(key);
    yield { trials: this.#trials, at, size: this.#size };
    return failing;
  }

  #take(failing: Failing): void {
    this.#best = failing;
    this.#size = sizeOf(failing.plan);
  }

  /** Nothing after the failure is needed for it. */
  *#cut(): Generator<ShrinkProgress, void, void> {
    const { plan, at, early } = this.#best;
    if (!early) return;
    const ends = at + 1;
    // In the round of the failure, where there are several.
    const clients = plan.clients.map((client) => ({
      ...client,
      lives: client.lives
        .filter((life) => life.from <= ends)
        .map((life) => ({ ...life, operations: life.operations.filter((op) => op.at <= ends) })),
    }));
    const faults = plan.faults.filter((each) => each.from <= ends);
    const once = { ...plan, rounds: 1, entries: 0, length: Math.min(plan.length, ends) };
    if (plan.rounds === 1 && (yield* this.#try(mend({ ...once, clients, faults }), "length"))) return;
    yield* this.#try(once, "length");
  }

  *#remove(removal: Removal): Generator<ShrinkProgress, void, void> {
    const search = ddmin(removal.items(this.#best.plan));
    let step = search.next();
    while (step.done !== true && !this.#spent) {
      const kept = new Set(step.value);
      step = search.next(yield* this.#try(removal.keeping(this.#best.plan, kept), removal.name));
    }
  }

  *#rewrite(rewrite: Rewrite): Generator<ShrinkProgress, void, void> {
    for (let place = 0; place < rewrite.places(this.#best.plan); place++) {
      let again = true;
      while (again && !this.#spent) {
        again = false;
        for (const plan of rewrite.at(this.#best.plan, place)) {
          if (!(yield* this.#try(plan, rewrite.name))) continue;
          again = true;
          break;
        }
      }
    }
  }

  /** Makes rare luck certain: no smaller by itself, but what stood for luck may go then. Taken only if it does. */
  *#sharpen(): Generator<ShrinkProgress, void, void> {
    for (const sharpening of SHARPENINGS) {
      const before = this.#best;
      const size = this.#size;
      const sharper = sharpening.sharpen(before.plan);
      if (sharper === undefined) continue;
      const failing = yield* this.#play(sharper, sharpening.name);
      if (failing === undefined) continue;
      this.#take(failing);
      yield* this.#cut();
      for (const removal of REMOVALS) yield* this.#remove(removal);
      if (compareSizes(this.#size, size) >= 0) this.#take(before);
    }
  }
}
