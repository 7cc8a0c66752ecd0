// One optional value with a version, as the service "value" of SPEC 2.4 keeps it, and each key of the service "map".
// A version that nobody was told of is "unknown": it may be any. A value with a TTL may be gone at any later instant.
import { canonicalKey } from "../kernels/canonical-key.js";
import type { Model } from "../model.js";
import { valueKey } from "./register.js";
import type { ServiceOutput, Uint64 } from "./service-answers.js";
import { sameNumber } from "./service-answers.js";

export type ValueServiceInput =
  | { readonly f: "Get" }
  /** `ttl`: it has one, whatever it is. */
  | { readonly f: "Set" | "Insert"; readonly value: unknown; readonly ttl?: boolean }
  | { readonly f: "Update"; readonly value: unknown; readonly version?: Uint64; readonly ttl?: boolean }
  | { readonly f: "Delete"; readonly version?: Uint64 };

export interface ValueServiceOutput extends ServiceOutput {
  /** Of a Get, and of a Delete: what is, or was, there. */
  readonly value?: unknown;
  readonly version?: Uint64;
}

/** What a key holds. */
export interface Held {
  readonly value: unknown;
  /** Null: unknown. */
  readonly version: Uint64 | null;
  readonly mayExpire: boolean;
}
/** Null: nothing. */
export type ValueState = Held | null;

/** Where one operation may lead from one state. */
export function valueSteps(
  state: ValueState,
  input: ValueServiceInput,
  output: ValueServiceOutput | undefined,
): readonly ValueState[] {
  const now: readonly ValueState[] = state !== null && state.mayExpire ? [state, null] : [state];
  return now.flatMap((one) => stepsFrom(one, input, output));
}

function stepsFrom(
  state: ValueState,
  input: ValueServiceInput,
  output: ValueServiceOutput | undefined,
): readonly ValueState[] {
  const says = (status: string): boolean => output === undefined || output.status === status;
  const refused = (status: string): readonly ValueState[] => (says(status) ? [state] : []);
  const done = (next: ValueState): readonly ValueState[] => (says("OK") ? [next] : []);
  switch (input.f) {
    case "Get":
      if (state === null) return refused("NOT_FOUND");
      return output === undefined || (output.status === "OK" && shows(output, state)) ? [state] : [];
    case "Set":
      return done(written(input, output));
    case "Insert":
      return state === null ? done(written(input, output)) : refused("ALREADY_EXISTS");
    case "Update":
      if (state === null) return refused("NOT_FOUND");
      return guarded(state, input.version, done(written(input, output)), refused("CONFLICT"));
    case "Delete":
      if (state === null) return refused("NOT_FOUND");
      if (output?.status === "OK" && !shows(output, state)) return [];
      return guarded(state, input.version, done(null), refused("CONFLICT"));
  }
}

function written(
  input: { readonly value: unknown; readonly ttl?: boolean },
  output: ValueServiceOutput | undefined,
): Held {
  return { value: input.value, version: output?.version ?? null, mayExpire: input.ttl === true };
}

// Answers may leave out what they say of the value; what they say must be so.
function shows(output: ValueServiceOutput, state: Held): boolean {
  if (output.value !== undefined && valueKey(output.value) !== valueKey(state.value)) return false;
  return output.version === undefined || state.version === null || sameNumber(output.version, state.version);
}

function guarded(
  state: Held,
  version: Uint64 | undefined,
  matching: readonly ValueState[],
  other: readonly ValueState[],
): readonly ValueState[] {
  if (version === undefined) return matching;
  if (state.version === null) return [...matching, ...other];
  return sameNumber(version, state.version) ? matching : other;
}

/** A key that tells states apart. */
export function valueStateKey(state: ValueState): string {
  if (state === null) return "-";
  return `${state.mayExpire ? "~" : ""}${state.version === null ? "?" : BigInt(state.version)}:${canonicalKey(state.value)}`;
}

/** See the top. */
export const valueService: Model<ValueState, ValueServiceInput, ValueServiceOutput> = {
  name: "value",
  init: () => null,
  steps: valueSteps,
  stateKey: valueStateKey,
  // An answer that nothing is there may be the first to say that it has expired.
  readOnly: (input, output) => input.f === "Get" && output?.status === "OK",
  alwaysLegal: (input, output) => output === undefined || (input.f === "Set" && output.status === "OK"),
  isReset: (input, output) => input.f === "Set" && (output === undefined || output.status === "OK"),
  describeState: valueStateKey,
  describeOperation: (input, output) => `${canonicalKey(input)} = ${canonicalKey(output)}`,
  explain: (state) => (state === null ? "nothing is there" : `it holds ${valueStateKey(state)}`),
};
