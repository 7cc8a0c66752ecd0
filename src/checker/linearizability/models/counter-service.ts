// The service "counter" of SPEC 2.4: an int64 that wraps; every operation answers the value after it.
import { canonicalKey } from "../kernels/canonical-key.js";
import type { Model } from "../model.js";
import type { ServiceOutput, Uint64 } from "./service-answers.js";

type Int64 = Uint64;

export type CounterServiceInput =
  | { readonly f: "Get" }
  | { readonly f: "Set"; readonly value: Int64 }
  | { readonly f: "CompareAndSet"; readonly expect: Int64; readonly update: Int64 }
  /** Absent: 1. */
  | { readonly f: "Increment" | "Decrement"; readonly delta?: Int64 };

export interface CounterServiceOutput extends ServiceOutput {
  readonly value?: Int64;
}

function after(state: bigint, input: CounterServiceInput): { readonly value: bigint; readonly refused: boolean } {
  switch (input.f) {
    case "Get":
      return { value: state, refused: false };
    case "Set":
      return { value: BigInt(input.value), refused: false };
    case "CompareAndSet": {
      const matches = state === BigInt(input.expect);
      return { value: matches ? BigInt(input.update) : state, refused: !matches };
    }
    case "Increment":
      return { value: BigInt.asIntN(64, state + BigInt(input.delta ?? 1)), refused: false };
    case "Decrement":
      return { value: BigInt.asIntN(64, state - BigInt(input.delta ?? 1)), refused: false };
  }
}

/** See the top. */
export const counterService: Model<bigint, CounterServiceInput, CounterServiceOutput> = {
  name: "counter-service",
  init: () => 0n,
  step(state, input, output) {
    const { value, refused } = after(state, input);
    if (output === undefined) return value;
    if ((output.status === "CONFLICT") !== refused) return undefined;
    return refused || output.value === undefined || BigInt(output.value) === value ? value : undefined;
  },
  stateKey: (state) => state,
  readOnly: (input, output) => input.f === "Get" || output?.status === "CONFLICT",
  alwaysLegal: (_input, output) => output === undefined,
  isReset: (input, output) => input.f === "Set" && (output === undefined || output.value === undefined),
  describeOperation: (input, output) => `${canonicalKey(input)} = ${canonicalKey(output)}`,
  describeState: String,
  explain: (state) => `the counter is at ${state}`,
};
