// Workloads of a user's own: which operations clients try on a kind of service, how often, with which payloads. Payloads are
// drawn with the plan, so that a trace holds them and plays again without the module that drew them.
import { UsageError } from "../base/usage-error.js";
import { encodeBase64 } from "../protocol/base64.js";
import type { Dice } from "./random.js";
import type { Workload } from "./workload.js";

/** One operation of a kind of service, as clients try it. */
export interface OperationDefinition {
  /** command: numbered, one answer. events: numbered, a stream that stays open. query: not numbered, changes nothing. */
  readonly as: "command" | "events" | "query";
  /** How often, among the others of its kind. Default: 1. */
  readonly weight?: number;
  /** Draws a payload: with these dice, and nothing else. Default: an empty one. */
  payload?(dice: Dice): Uint8Array;
}

/** The operations of a kind of service by name. */
export interface WorkloadDefinition {
  readonly operations: Readonly<Record<string, OperationDefinition>>;
}

/**
 * How clients use a kind of service.
 *
 *     const quota = defineWorkload({
 *       operations: {
 *         Spend: { as: "command", weight: 6, payload: (dice) => Uint8Array.of(dice.between(1, 4)) },
 *         Left: { as: "query", weight: 3 },
 *       },
 *     });
 */
export function defineWorkload({ operations }: WorkloadDefinition): Workload {
  const names = Object.keys(operations);
  if (names.length === 0) throw new UsageError("a workload has no operations", "Name one at least.");
  for (const [name, { as, weight = 1 }] of Object.entries(operations)) {
    if (!["command", "events", "query"].includes(as)) {
      throw new UsageError(`the workload's ${name} is asked for as "${as}"`, "It is a command, events or a query.");
    }
    if (!Number.isSafeInteger(weight) || weight < 0) {
      throw new UsageError(`the workload's ${name} has the weight ${weight}`, "Give a whole number, 0 for never.");
    }
  }
  return {
    operations: Object.entries(operations).map(([name, { as, weight = 1 }]) => [name, as, weight] as const),
    argumentsOf: (dice, operation) => ({
      payload: encodeBase64(operations[operation]?.payload?.(dice) ?? NOTHING, "standard"),
    }),
  };
}

const NOTHING = new Uint8Array(0);
