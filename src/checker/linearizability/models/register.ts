// A register: read, write and, in the wider model, compare-and-set. Nothing has been written at first: it reads null.
import { UsageError } from "../../../base/usage-error.js";
import { canonicalKey } from "../kernels/canonical-key.js";
import type { CellClasses } from "../kernels/cell-kernel.js";
import { CellKernel } from "../kernels/cell-kernel.js";
import type { Key, Model } from "../model.js";
import { distinctRegister } from "../special/distinct-register.js";
import type { RegisterView } from "../special/distinct-register.js";

/** Values may be anything; they are compared by structure. A cas is [expected, new], and answers whether it took place. */
export type RegisterInput =
  | { readonly f: "read" }
  | { readonly f: "write"; readonly value: unknown }
  | { readonly f: "cas"; readonly value: readonly [unknown, unknown] };
/** Of a read: the value. Of a cas: true or false. Of a write: nothing that matters. */
export type RegisterOutput = unknown;

/** What a value is told apart by. */
export function valueKey(value: unknown): Key {
  return typeof value === "object" && value !== null ? canonicalKey(value) : (value as Key);
}

function step(state: unknown, input: RegisterInput, output: RegisterOutput | undefined): unknown {
  switch (input.f) {
    case "read":
      return output === undefined || valueKey(output) === valueKey(state) ? state : undefined;
    case "write":
      return input.value;
    case "cas": {
      const matches = valueKey(state) === valueKey(input.value[0]);
      if (output !== undefined && (output === true) !== matches) return undefined;
      return matches ? input.value[1] : state;
    }
    default:
      return notOne(input);
  }
}

function notOne(input: { readonly f?: unknown }): never {
  throw new UsageError(`a register has no operation ${canonicalKey(input.f)}`, "It has read, write and cas.");
}

function classOf(cell: CellClasses, input: RegisterInput, output: RegisterOutput | undefined): number {
  switch (input.f) {
    case "read":
      return output === undefined ? cell.any() : cell.read(valueKey(output));
    case "write":
      return cell.write(valueKey(input.value));
    case "cas": {
      const expected = valueKey(input.value[0]);
      if (output === undefined) return cell.trySwap(expected, valueKey(input.value[1]));
      return output === true ? cell.swap(expected, valueKey(input.value[1])) : cell.readOther(expected);
    }
    default:
      return notOne(input);
  }
}

const view: RegisterView<RegisterInput, RegisterOutput> = {
  initial: null,
  look(input, output) {
    if (input.f === "write") return { does: "write", value: valueKey(input.value) };
    return input.f === "read" && output !== undefined ? { does: "read", value: valueKey(output) } : undefined;
  },
};

function describe(input: RegisterInput, output: RegisterOutput | undefined): string {
  switch (input.f) {
    case "read":
      return output === undefined ? "read" : `read ${canonicalKey(output)}`;
    case "write":
      return `write ${canonicalKey(input.value)}`;
    case "cas": {
      const words = `cas ${canonicalKey(input.value[0])} → ${canonicalKey(input.value[1])}`;
      return output === undefined ? words : `${words} (${output === true ? "done" : "refused"})`;
    }
    default:
      return notOne(input);
  }
}

function explain(state: unknown, input: RegisterInput): string {
  if (input.f === "read") return `the register holds ${canonicalKey(state)}`;
  const held = `the register holds ${canonicalKey(state)}`;
  if (input.f !== "cas") return held;
  return valueKey(state) === valueKey(input.value[0])
    ? `${held}, so it would take place`
    : `${held}, so it would be refused`;
}

// One is enough: no check runs inside another, and each begins it anew.
const kernel = new CellKernel<RegisterInput, RegisterOutput>(null, classOf);

/** Read, write, cas. */
export const casRegister: Model<unknown, RegisterInput, RegisterOutput> = {
  name: "cas-register",
  init: () => null,
  step,
  stateKey: valueKey,
  readOnly: (input, output) =>
    input.f === "read" ||
    (input.f === "cas" && (output === false || valueKey(input.value[0]) === valueKey(input.value[1]))),
  alwaysLegal: (input, output) => input.f === "write" || output === undefined,
  isReset: (input) => input.f === "write",
  describeState: canonicalKey,
  describeOperation: describe,
  explain,
  kernel: () => kernel,
  specials: [distinctRegister(view)],
};

/** Read and write. */
export const register: Model<unknown, RegisterInput, RegisterOutput> = { ...casRegister, name: "register" };
