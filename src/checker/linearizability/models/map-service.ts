// The service "map" of SPEC 2.4: keys that are each as a value, and operations on all of them.
import { canonicalKey } from "../kernels/canonical-key.js";
import type { Operation } from "../history.js";
import type { Model } from "../model.js";
import type { ServiceOutput, Uint64 } from "./service-answers.js";
import type { ValueServiceInput, ValueServiceOutput, ValueState } from "./value-service.js";
import { valueService, valueStateKey, valueSteps } from "./value-service.js";
import { valueKey } from "./register.js";

/** On one key: as of a value; what is Set and Delete there is Put and Remove here. */
export type MapKeyInput =
  | { readonly f: "Get"; readonly key: string }
  | { readonly f: "Put" | "Insert"; readonly key: string; readonly value: unknown; readonly ttl?: boolean }
  | {
      readonly f: "Update";
      readonly key: string;
      readonly value: unknown;
      readonly version?: Uint64;
      readonly ttl?: boolean;
    }
  | { readonly f: "Remove"; readonly key: string; readonly version?: Uint64 };
export type MapServiceInput = MapKeyInput | { readonly f: "Clear" | "Size" | "Entries" };

export interface MapServiceOutput extends ServiceOutput, ValueServiceOutput {
  readonly size?: number;
  readonly entries?: readonly { readonly key: string; readonly value: unknown }[];
}

/** By key; what is not there is nothing. */
export type MapState = ReadonlyMap<string, ValueState>;

function ofValue(input: MapKeyInput): ValueServiceInput {
  switch (input.f) {
    case "Put":
      return { ...input, f: "Set" };
    case "Insert":
      return { ...input, f: "Insert" };
    case "Remove":
      return { ...input, f: "Delete" };
    default:
      return input;
  }
}

function isKeyed(input: MapServiceInput): input is MapKeyInput {
  return "key" in input;
}

// What may be there of what may have expired: every selection. Few keys of a history expire unseen.
function settled(state: MapState): readonly MapState[] {
  let all: readonly MapState[] = [state];
  for (const [key, held] of state) {
    if (held?.mayExpire !== true) continue;
    all = all.flatMap((one) => [one, new Map([...one].filter(([other]) => other !== key))]);
  }
  return all;
}

function steps(state: MapState, input: MapServiceInput, output: MapServiceOutput | undefined): readonly MapState[] {
  if (isKeyed(input)) {
    return valueSteps(state.get(input.key) ?? null, ofValue(input), output).map((held) => {
      const next = new Map([...state].filter(([key]) => key !== input.key));
      return held === null ? next : next.set(input.key, held);
    });
  }
  if (output !== undefined && output.status !== "OK") return [];
  if (input.f === "Clear") return [new Map()];
  return settled(state).filter((one) => {
    if (input.f === "Size") return output?.size === undefined || output.size === one.size;
    return output?.entries === undefined || sameEntries(one, output.entries);
  });
}

function sameEntries(state: MapState, entries: readonly { readonly key: string; readonly value: unknown }[]): boolean {
  if (entries.length !== state.size) return false;
  return entries.every(({ key, value }) => {
    const held = state.get(key);
    return held !== undefined && held !== null && valueKey(held.value) === valueKey(value);
  });
}

const whole: Model<MapState, MapServiceInput, MapServiceOutput> = {
  name: "map",
  init: () => new Map(),
  steps,
  stateKey: (state) =>
    [...state]
      .map(([key, held]) => `${canonicalKey(key)}=${valueStateKey(held)}`)
      .toSorted()
      .join(","),
  readOnly: (input, output) => input.f === "Get" && output?.status === "OK",
  alwaysLegal: (input, output) =>
    output === undefined || ((input.f === "Put" || input.f === "Clear") && output.status === "OK"),
  isReset: (input, output) => input.f === "Clear" && (output === undefined || output.status === "OK"),
  describeOperation: (input, output) => `${canonicalKey(input)} = ${canonicalKey(output)}`,
  explain: (state) =>
    `it holds ${[...state].map(([key, held]) => `${key}=${valueStateKey(held)}`).join(", ") || "nothing"}`,
};

const byKey: Model<MapState, MapServiceInput, MapServiceOutput> = {
  ...whole,
  isReset: (input, output) =>
    input.f === "Put" && valueService.isReset?.({ f: "Set", value: input.value }, output) === true,
  partition: (input) => (isKeyed(input) ? input.key : undefined),
};

/** The model for a history: key by key, unless an operation on all keys ties them together. */
export function mapService(
  history: readonly Operation<MapServiceInput, MapServiceOutput>[],
): Model<MapState, MapServiceInput, MapServiceOutput> {
  return history.every(({ input }) => isKeyed(input)) ? byKey : whole;
}
