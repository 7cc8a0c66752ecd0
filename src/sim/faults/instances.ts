// How most faults are drawn: so many instances, each over a span of the safety phase or at one instant, each with a target.
// The parameters "many" and "span" are used up here; the others go into each instance.
import type { Draft } from "../draft.js";
import type { PartitionPlan } from "../plan.js";
import type { Dice } from "../random.js";
import type { Drawn, Parameter } from "./fault.js";

/** Whom the instances of a fault strike, one each: everybody, or a partition, a replica, a client that is drawn. */
export type Target = "world" | "partition" | "replica" | "client";

/** The parameters of a fault that lasts: how many windows, and how long in milliseconds. */
export function lasting(many: readonly [number, number], span: readonly [number, number]): Record<string, Parameter> {
  return {
    many: { about: "windows in a round", unit: "", range: many },
    span: { about: "length of a window", unit: "ms", range: span },
  };
}

/** The parameter of a fault that strikes at instants. */
export function striking(many: readonly [number, number]): Record<string, Parameter> {
  return { many: { about: "strikes in a round", unit: "", range: many } };
}

/** The parameter of a fault that strikes some messages or entries: how many of a thousand. */
export const PER_MILLE = (from: number, to: number): Parameter => ({
  about: "how many of a thousand it strikes",
  unit: "‰",
  range: [from, to],
});

/** Draws the instances. */
export function instances(dice: Dice, draft: Draft, numbers: () => Record<string, number>, target: Target): Drawn[] {
  const first = numbers();
  const drawn: Drawn[] = [];
  for (let i = 0; i < (first["many"] ?? 1); i++) {
    const { many: _, span, ...others } = i === 0 ? first : numbers();
    const length = (span ?? 0) * 1000;
    const from = dice.between(0, Math.max(0, draft.length - 1 - Math.min(length, draft.length >> 1)));
    const until = span === undefined ? from : Math.min(draft.length - 1, from + length);
    drawn.push({ from, until: Math.max(from, until), ...targeted(dice, draft, target), with: others });
  }
  return drawn;
}

function targeted(dice: Dice, draft: Draft, target: Target): Partial<Drawn> {
  if (target === "world") return {};
  if (target === "client") return { client: dice.pick(draft.clients).client };
  const partition: PartitionPlan = dice.pick(draft.partitions);
  if (target === "partition") return { partition: partition.partition };
  return { partition: partition.partition, replica: dice.pick(partition.replicas).replica };
}
