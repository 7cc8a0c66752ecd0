// Texts by key: put, append, get; every key is the empty text at first, and keys are independent.
import { UsageError } from "../../../base/usage-error.js";
import { canonicalKey } from "../kernels/canonical-key.js";
import type { TextClasses } from "../kernels/text-classes.js";
import { TextKernel } from "../kernels/text-kernel.js";
import type { Model } from "../model.js";
import { textChain } from "../special/text-chain.js";
import type { TextView } from "../special/text-state.js";
import { ANY, APPEND, GET, OTHER, PUT } from "../special/text-state.js";

export type KvInput =
  | { readonly f: "get"; readonly key: string }
  | { readonly f: "put" | "append"; readonly key: string; readonly value: string };
/** Of a get: the text. Of others: nothing that matters. */
export type KvOutput = unknown;

function notOne(input: { readonly f?: unknown }): never {
  throw new UsageError(`a key-value store has no operation ${canonicalKey(input.f)}`, "It has get, put and append.");
}

function step(state: string, input: KvInput, output: KvOutput | undefined): string | undefined {
  switch (input.f) {
    case "get":
      return output === undefined || output === state ? state : undefined;
    case "put":
      return input.value;
    case "append":
      return state + input.value;
    default:
      return notOne(input);
  }
}

function classOf(text: TextClasses, input: KvInput, output: KvOutput | undefined, partition: number): number {
  switch (input.f) {
    case "get":
      if (output === undefined) return text.any(partition);
      if (typeof output !== "string") throw new UsageError(`get ${input.key} answers ${canonicalKey(output)}, no text`);
      return text.read(output, partition);
    case "put":
      return text.set(input.value, partition);
    case "append":
      return text.append(input.value, partition);
    default:
      return notOne(input);
  }
}

const view: TextView<KvInput, KvOutput> = {
  kind(input, output) {
    if (input.f === "get") return output === undefined ? ANY : typeof output === "string" ? GET : OTHER;
    if (typeof input.value !== "string") return OTHER;
    return input.f === "put" ? PUT : input.f === "append" ? APPEND : OTHER;
  },
  text: (input, output) => (input.f === "get" ? (output as string) : input.value),
};

// One is enough: no check runs inside another, and each begins it anew.
const kernel = new TextKernel<KvInput, KvOutput>(classOf);

/** See the top. */
export const kv: Model<string, KvInput, KvOutput> = {
  name: "kv",
  init: () => "",
  step,
  stateKey: (state) => state,
  opKey: (input, output) =>
    input.f === "get" ? `g${output === undefined ? "?" : `=${canonicalKey(output)}`}` : input.f[0] + input.value,
  readOnly: (input) => input.f === "get",
  alwaysLegal: (input, output) => input.f !== "get" || output === undefined,
  isReset: (input) => input.f === "put",
  partition: (input) => input.key,
  canStillReach: (state, _input, output) => typeof output === "string" && output.startsWith(state),
  describeState: (state) => JSON.stringify(state),
  describeOperation: (input, output) => {
    if (input.f !== "get") return `${input.f} ${input.key} ${JSON.stringify(input.value)}`;
    return output === undefined ? `get ${input.key}` : `get ${input.key} = ${canonicalKey(output)}`;
  },
  explain: (state) => `the text is ${JSON.stringify(state)}`,
  kernel: () => kernel,
  specials: [textChain(view)],
};
