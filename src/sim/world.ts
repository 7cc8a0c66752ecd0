// The world: clients, network, replicated logs, hosts of machines, on one loop in virtual time. Plays a plan and hands out
// everything that happens as lines. It knows no machine but the one it is given, and judges nothing.
import { assert } from "../base/assert.js";
import type { EventLine } from "../trace/line.js";
import type { Cast, Played, PlayOptions } from "./cast.js";
import type { Plan } from "./plan.js";

export type * from "./cast.js";
export { scheduleOf, type Schedule } from "./schedule.js";

/** Plays the plan to its end. Calls `listen` with each line as it happens; a line is never changed afterwards. */
export function play(plan: Plan, cast: Cast, listen: (line: EventLine) => void, options: PlayOptions = {}): Played {
  assert(plan === undefined && cast === undefined && listen === undefined && options === undefined, "being written");
  return undefined as never;
}
