// How small a catch of the zoo gets: the failure of a plan that breaks one of some properties, made as small as it goes.
import { fingerprint, type Witness } from "../checker/verdict.js";
import type { Contestant } from "../explore/contestant.js";
import { SAME_SEED } from "../explore/same-seed.js";
import type { Plan } from "../sim/plan.js";
import { shrink, type Shrunk } from "./shrinker.js";
import { benchHere, type Target } from "./target.js";

/** Whoever stands trial, and the properties of which one is to stay broken: the run's first broken claim where it is of them. */
export interface Caught {
  readonly contestant: Contestant;
  readonly plan: Plan;
  readonly by: readonly string[];
}

/** Makes a catch small; undefined where the plan breaks none of the properties. `stop` is asked after each play. */
export function shrinkCatch(caught: Caught, stop: () => boolean): Shrunk | undefined {
  const target = targetOf(caught);
  return target === undefined ? undefined : shrink(target, caught.plan, {}, stop);
}

function targetOf({ contestant, plan, by }: Caught): Target | undefined {
  const bench = benchHere(contestant);
  const { first, properties } = bench.judge(plan, {}).judgement;
  const target = (witness: Witness): Target => ({
    contestant,
    fingerprint: fingerprint(witness),
    first: witness === first,
  });
  if (first !== null && by.includes(first.property)) return target(first);
  for (const { property, witnesses } of properties) {
    const [witness] = witnesses;
    if (by.includes(property) && witness !== undefined) return target(witness);
  }
  if (!by.includes(SAME_SEED)) return undefined;
  const twice = bench.twice(plan);
  return twice === undefined ? undefined : target(twice.witness);
}
