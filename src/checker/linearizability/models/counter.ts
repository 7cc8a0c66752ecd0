// A counter of whole numbers from 0, without bound: add, set, compare-and-set, read. (The service of SPEC 2.4, whose int64
// wraps, is `counterService`.)
import { UsageError } from "../../../base/usage-error.js";
import type { Operation } from "../history.js";
import { canonicalKey } from "../kernels/canonical-key.js";
import type { CounterClasses } from "../kernels/counter-kernel.js";
import { COUNTER_RANGE, CounterKernel } from "../kernels/counter-kernel.js";
import type { Model } from "../model.js";

export type CounterInput =
  | { readonly f: "read" }
  /** `answers`: the output is the value after it, not what a recorder repeated. */
  | { readonly f: "add"; readonly value: number; readonly answers?: boolean }
  | { readonly f: "set"; readonly value: number };
/** Of a read: the value. */
export type CounterOutput = unknown;

function notOne(input: { readonly f?: unknown }): never {
  throw new UsageError(`a counter has no operation ${canonicalKey(input.f)}`, "It has read, add and set.");
}

function step(state: number, input: CounterInput, output: CounterOutput | undefined): number | undefined {
  switch (input.f) {
    case "read":
      return output === undefined || output === state ? state : undefined;
    case "add": {
      const sum = state + input.value;
      return input.answers === true && output !== undefined && output !== sum ? undefined : sum;
    }
    case "set":
      return input.value;
    default:
      return notOne(input);
  }
}

function classOf(counter: CounterClasses, input: CounterInput, output: CounterOutput | undefined): number {
  switch (input.f) {
    case "read":
      return output === undefined ? counter.any() : counter.read(output as number);
    case "add":
      return input.answers === true && output !== undefined
        ? counter.addTo(output as number, input.value)
        : counter.add(input.value);
    case "set":
      return counter.set(input.value);
    default:
      return notOne(input);
  }
}

function fits(operations: readonly Operation<CounterInput, CounterOutput>[]): boolean {
  let size = 0;
  for (const { input } of operations) {
    if (input.f !== "add" && input.f !== "set") continue;
    if (!Number.isInteger(input.value)) return false;
    size += Math.abs(input.value);
  }
  return size < COUNTER_RANGE;
}

// One is enough: no check runs inside another, and each begins it anew.
const kernel = new CounterKernel<CounterInput, CounterOutput>(classOf);

/** See the top. */
export const counter: Model<number, CounterInput, CounterOutput> = {
  name: "counter",
  init: () => 0,
  step,
  stateKey: (state) => state,
  readOnly: (input) => input.f === "read",
  alwaysLegal: (input, output) =>
    input.f === "set" || output === undefined || (input.f === "add" && input.answers !== true),
  isReset: (input) => input.f === "set",
  describeState: String,
  describeOperation: (input, output) => {
    if (input.f === "read") return output === undefined ? "read" : `read ${canonicalKey(output)}`;
    const words = `${input.f} ${input.value}`;
    return input.f === "add" && input.answers === true && output !== undefined
      ? `${words} = ${canonicalKey(output)}`
      : words;
  },
  explain: (state) => `the counter is at ${state}`,
  kernel: (operations) => (fits(operations) ? kernel : undefined),
};
