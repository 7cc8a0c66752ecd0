// A stack without bound: push, pop (null: it was empty).
import { canonicalKey } from "../kernels/canonical-key.js";
import type { Model } from "../model.js";
import { notOne } from "./queue.js";
import { valueKey } from "./register.js";

export type StackInput = { readonly f: "push"; readonly value: unknown } | { readonly f: "pop" };
/** Of a pop: the value, null where the stack was empty. */
export type StackOutput = unknown;

function step(
  state: readonly unknown[],
  input: StackInput,
  output: StackOutput | undefined,
): readonly unknown[] | undefined {
  switch (input.f) {
    case "push":
      return [...state, input.value];
    case "pop": {
      const top = state.length === 0 ? null : state[state.length - 1];
      if (output !== undefined && valueKey(top) !== valueKey(output)) return undefined;
      return state.length === 0 ? state : state.slice(0, -1);
    }
    default:
      return notOne(input, "stack", "push and pop");
  }
}

/** See the top. */
export const stack: Model<readonly unknown[], StackInput, StackOutput> = {
  name: "stack",
  init: () => [],
  step,
  stateKey: (state) => state.map(canonicalKey).join(","),
  readOnly: (input, output) => input.f === "pop" && output === null,
  alwaysLegal: (input, output) => input.f === "push" || output === undefined,
  describeState: canonicalKey,
  describeOperation: (input, output) => {
    if (input.f === "push") return `push ${canonicalKey(input.value)}`;
    return output === undefined ? "pop" : `pop ${canonicalKey(output)}`;
  },
  explain: (state) =>
    state.length === 0 ? "the stack is empty" : `${canonicalKey(state[state.length - 1])} is on top`,
};
