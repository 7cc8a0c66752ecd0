// Reads a legal order off the trail of a search that succeeded, with an instant for each operation, so that the orders of
// several partitions can be merged into one.
import { assert } from "../../base/assert.js";
import type { Operation } from "./history.js";
import { RESET } from "./kernel.js";
import { ADVANCED, LET_GO } from "./search.js";
import type { Linearized } from "./special/special.js";
import { OPTIONAL, ROW } from "./timeline.js";
import type { Timeline } from "./timeline.js";

/** The order of `trail`. Who was let go, and owed nothing only since a reset, comes just before the last reset then. */
export function readTrail(
  timeline: Timeline,
  operations: readonly Operation[],
  trail: Int32Array,
  length: number,
): Linearized {
  const order: number[] = [];
  // Frontier by place in `order`, and who has to be put in before which place.
  const frontiers: number[] = [];
  const inserted = new Map<number, number[]>();
  let frontier = 0;
  let lastReset = -1;
  for (let t = 0; t < length; t++) {
    const entry = trail[t] as number;
    if (entry === ADVANCED) {
      frontier++;
      continue;
    }
    const number = Math.floor(entry / ROW);
    if ((entry & LET_GO) !== 0) {
      if (timeline.is(number, OPTIONAL)) continue;
      assert(lastReset >= 0, "linearizability: an operation was let go without a reset");
      inserted.set(lastReset, [...(inserted.get(lastReset) ?? []), number]);
      continue;
    }
    if (timeline.is(number, RESET)) lastReset = order.length;
    order.push(number);
    frontiers.push(frontier);
  }
  return spread(timeline, operations, order, frontiers, inserted);
}

function spread(
  timeline: Timeline,
  operations: readonly Operation[],
  order: readonly number[],
  frontiers: readonly number[],
  inserted: ReadonlyMap<number, readonly number[]>,
): Linearized {
  const result: number[] = [];
  const times: number[] = [];
  order.forEach((number, place) => {
    const frontier = frontiers[place] as number;
    const time =
      frontier < timeline.returns ? (operations[timeline.source[frontier] as number] as Operation).return : Infinity;
    for (const one of [...(inserted.get(place) ?? []), number]) {
      result.push(timeline.source[one] as number);
      times.push(time);
    }
  });
  return { operations: result, times };
}
