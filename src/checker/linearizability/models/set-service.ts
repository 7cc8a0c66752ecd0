// The service "set" of SPEC 2.4: a set of strings; Add and Remove answer whether they changed something.
import { canonicalKey } from "../kernels/canonical-key.js";
import type { Operation } from "../history.js";
import type { Model } from "../model.js";

export type SetInput =
  | { readonly f: "Add" | "Remove" | "Contains"; readonly element: string }
  | { readonly f: "Clear" | "Size" | "Elements" };

/** `changed` of Add and Remove, `contains` of Contains, `size` of Size, `elements` of Elements. */
export interface SetOutput {
  readonly changed?: boolean;
  readonly contains?: boolean;
  readonly size?: number;
  readonly elements?: readonly string[];
}

function step(
  state: ReadonlySet<string>,
  input: SetInput,
  output: SetOutput | undefined,
): ReadonlySet<string> | undefined {
  switch (input.f) {
    case "Add":
    case "Remove": {
      const changes = state.has(input.element) === (input.f === "Remove");
      if (output?.changed !== undefined && output.changed !== changes) return undefined;
      if (!changes) return state;
      return new Set(input.f === "Add" ? [...state, input.element] : [...state].filter((one) => one !== input.element));
    }
    case "Contains":
      return output?.contains === undefined || output.contains === state.has(input.element) ? state : undefined;
    case "Clear":
      return new Set();
    case "Size":
      return output?.size === undefined || output.size === state.size ? state : undefined;
    case "Elements": {
      const { elements } = output ?? {};
      const same =
        elements === undefined || (elements.length === state.size && elements.every((one) => state.has(one)));
      return same ? state : undefined;
    }
  }
}

const whole: Model<ReadonlySet<string>, SetInput, SetOutput> = {
  name: "set",
  init: () => new Set(),
  step,
  stateKey: (state) => [...state].map(canonicalKey).toSorted().join(","),
  readOnly: (input, output) =>
    input.f === "Contains" || input.f === "Size" || input.f === "Elements" || output?.changed === false,
  alwaysLegal: (input, output) =>
    output === undefined || ((input.f === "Add" || input.f === "Remove") && output.changed === undefined),
  isReset: (input) => input.f === "Clear",
  describeOperation: (input, output) => `${canonicalKey(input)} = ${canonicalKey(output)}`,
  explain: (state) => `the set is {${[...state].toSorted().join(", ")}}`,
};

const byElement: Model<ReadonlySet<string>, SetInput, SetOutput> = {
  ...whole,
  // Of one element: once it is added, or removed, it does not matter what was before.
  isReset: (input, output) => (input.f === "Add" || input.f === "Remove") && output?.changed === undefined,
  partition: (input) => ("element" in input ? input.element : undefined),
};

/** The model for a history: element by element, unless an operation on all elements ties them together. */
export function setService(
  history: readonly Operation<SetInput, SetOutput>[],
): Model<ReadonlySet<string>, SetInput, SetOutput> {
  return history.every(({ input }) => "element" in input) ? byElement : whole;
}
