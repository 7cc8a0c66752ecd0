// Faults of a user's own: looked through once, when they are defined, so that a slip is named there and not in the middle of
// a run. A fault says what it does; when and whom it strikes is drawn as for the built-in ones, unless it draws that itself.
import { UsageError } from "../../base/usage-error.js";
import type { FaultKind } from "./fault.js";
import { instances, type Target } from "./instances.js";
import { faultNamed } from "./registry.js";

/** A fault that says by `on` whom its instances strike, or draws them itself. */
export type FaultDefinition = Omit<FaultKind, "draw" | "counts"> & {
  /** What one strike of it is. Default: "a strike". */
  readonly counts?: string;
} & (
    | {
        /** Draws so many instances as its parameter `many` says, each for `span` milliseconds where it has that parameter. */
        readonly on: Target;
      }
    | { readonly draw: FaultKind["draw"] }
  );

/**
 * A fault. While an instance of it is on, it may start and stop something (`start`, `stop`), decide the fate of each message
 * (`fate`), or change the timestamps of entries (`stamp`).
 *
 *     const leaderCrash = defineFault({
 *       name: "leader-crash",
 *       models: "a machine that dies of the very load that made it the leader",
 *       on: "partition",
 *       parameters: lasting([1, 4], [100, 2000]),
 *       start(world, fault) {
 *         for (const { leader } of world.logsOf(fault)) if (leader?.crash() === true) world.strike(fault, leader.name);
 *       },
 *       stop(world, fault) {
 *         for (const replica of world.replicasOf(fault)) replica.restart();
 *       },
 *     });
 */
export function defineFault(definition: FaultDefinition): FaultKind {
  const { name, models, parameters, chance } = definition;
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new UsageError(`the fault's name "${name}"`, "Use lower-case words with hyphens: leader-crash.");
  }
  if (faultNamed(name) !== undefined) throw new UsageError(`there is a fault ${name} already`, "Choose another name.");
  if (models === "") throw new UsageError(`the fault ${name} does not say what it models`);
  for (const [parameter, { range }] of Object.entries(parameters)) {
    const [from, to] = range;
    if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && from <= to) continue;
    throw new UsageError(`the fault ${name}: the range of ${parameter} is [${from}, ${to}]`, "Give two whole numbers.");
  }
  if (chance !== undefined && !(Number.isSafeInteger(chance) && chance >= 0 && chance <= 1000)) {
    throw new UsageError(`the fault ${name} has the chance ${chance}`, "It is a whole number of a thousand runs.");
  }
  const { start, fate, stamp } = definition;
  if (start === undefined && fate === undefined && stamp === undefined) {
    throw new UsageError(`the fault ${name} does nothing`, "Give it start, fate or stamp.");
  }
  const kind = { counts: "a strike", ...definition };
  if ("draw" in kind) return kind;
  const { on, ...others } = kind;
  return { ...others, draw: (dice, draft, numbers) => instances(dice, draft, numbers, on) };
}
