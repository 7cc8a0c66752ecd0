// Checks an order that somebody claims to be legal, by nothing but the model and the intervals. The other half of the oracle.
import type { Operation } from "../history.js";
import { canonicalKey } from "../kernels/canonical-key.js";
import type { Model } from "../model.js";
import { Patience } from "../patience.js";

/** What is wrong with `order`; null: it is a legal order of the history, whole and in time. */
export function replay<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  order: readonly number[],
): string | null {
  const late = outOfTime(operations, order);
  if (late !== null) return late;
  const patience = new Patience({});
  const partitions = new Map<unknown, readonly State[]>();
  for (const place of order) {
    const { input, output } = operations[place] as Operation<Input, Output>;
    const partition = model.partition?.(input);
    const states = partitions.get(partition) ?? [model.init()];
    const after = states.flatMap((state) => {
      if (model.steps !== undefined) return [...model.steps(state, input, output, patience)];
      const next = model.step?.(state, input, output, patience);
      return next === undefined ? [] : [next];
    });
    if (after.length === 0) return `operation ${place} is not legal after ${canonicalKey(states)}`;
    partitions.set(partition, after);
  }
  return null;
}

function outOfTime(operations: readonly Operation[], order: readonly number[]): string | null {
  const inOrder = new Set(order);
  if (inOrder.size !== order.length) return "an operation is in the order twice";
  for (const [place, { outcome }] of operations.entries()) {
    if (outcome === "ok" && !inOrder.has(place)) return `operation ${place} is missing`;
    if (outcome === "fail" && inOrder.has(place)) return `operation ${place} failed and is in the order`;
  }
  let latestCall = -Infinity;
  for (const place of order) {
    const { call, return: end, outcome } = operations[place] as Operation;
    if (outcome === "ok" && end < latestCall) return `operation ${place} returned before one ahead of it was called`;
    latestCall = Math.max(latestCall, call);
  }
  return null;
}
