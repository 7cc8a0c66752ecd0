// What every search works with: one timeline, one table of configurations, one search, used again and again. Only
// check.ts decides when: one check at a time.
import type { CheckOptions } from "./check.js";
import { ConfigurationTable } from "./configuration-table.js";
import type { Partition } from "./event-order.js";
import { IntPool } from "./event-order.js";
import type { Operation } from "./history.js";
import type { Kernel } from "./kernel.js";
import { ILLEGAL, stepOf } from "./kernel.js";
import { InternedKernel } from "./kernels/interned-kernel.js";
import type { Model } from "./model.js";
import type { Patience } from "./patience.js";
import type { Found, Witness } from "./search.js";
import { Search } from "./search.js";
import type { Laid } from "./timeline.js";
import { Timeline } from "./timeline.js";

/** The layout that the last search went over. */
export const timeline = new Timeline();
const search = new Search(timeline, new ConfigurationTable());

const classPool = new IntPool();

/** By operation of these partitions: its class, of a kernel that is begun for it. It stands until the next call. */
export function classify<Input, Output>(
  operations: readonly Operation<Input, Output>[],
  partitions: readonly Partition[],
  kernel: Kernel<Input, Output>,
  patience: Patience,
): Int32Array {
  const classes = classPool.take(operations.length);
  kernel.begin(operations, patience);
  for (const { number, events, from, to } of partitions) {
    if (to - from === 2 * operations.length) {
      // They are all here, and need not be looked for.
      for (let i = 0; i < operations.length; i++) {
        const { input, output } = operations[i] as Operation<Input, Output>;
        classes[i] = kernel.add(input, output, number);
      }
      break;
    }
    for (let e = from; e < to; e++) {
      const event = events[e] as number;
      if ((event & 1) !== 0) continue;
      const { input, output } = operations[event >> 1] as Operation<Input, Output>;
      classes[event >> 1] = kernel.add(input, output, number);
    }
  }
  kernel.finish();
  return classes;
}

/** Lays a partition out and searches it. */
export function searchPartition<Input, Output>(
  laid: Laid<Input, Output>,
  partition: Partition,
  kernel: Kernel<Input, Output>,
  patience: Patience,
  witness?: Witness,
): Found {
  timeline.build(laid, partition, kernel);
  return search.run(kernel, patience, witness);
}

/**
 * As {@link searchPartition}, from every state that the past operations of `laid` can lead to in any order and number; illegal
 * where it is so from all. Undefined: they are more than `most`.
 */
export function searchAfterPast<Input, Output>(
  laid: Laid<Input, Output>,
  partition: Partition,
  kernel: Kernel<Input, Output>,
  patience: Patience,
  most: number,
): Found["verdict"] | undefined {
  timeline.build(laid, partition, kernel);
  const states = [timeline.initial];
  const known = new Set(states);
  for (const state of states) {
    for (const operationClass of timeline.pastClasses) {
      const after = stepOf(kernel as Kernel, state, operationClass);
      for (const one of after <= -2 ? kernel.choices(-2 - after) : [after]) {
        if (one === ILLEGAL || known.has(one)) continue;
        known.add(one);
        states.push(one);
      }
    }
    if (states.length > most) return undefined;
  }
  // Those that took most to get to first: what gets there from an earlier one has used up something, and was met before.
  search.forget();
  for (const state of states.reverse()) {
    const { verdict } = search.runFrom(state, kernel, patience);
    if (verdict !== "illegal") return verdict;
  }
  return "illegal";
}

/** The kernel that the options ask for: the model's own where that fits, else its steps, interned. */
export function kernelFor<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  options: CheckOptions,
): Kernel<Input, Output> {
  if (options.debug !== true && options.kernel !== false && options.hints !== false) {
    const own = model.kernel?.(operations);
    if (own !== undefined) return own;
  }
  return new InternedKernel(model, { debug: options.debug === true, plain: options.hints === false });
}
