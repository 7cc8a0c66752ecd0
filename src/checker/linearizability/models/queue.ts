// A first-in, first-out queue without bound: enqueue, dequeue (null: it was empty).
import { UsageError } from "../../../base/usage-error.js";
import { canonicalKey } from "../kernels/canonical-key.js";
import type { Model } from "../model.js";
import { fifoQueue } from "../special/fifo-queue.js";
import type { QueueView } from "../special/fifo-queue.js";
import { valueKey } from "./register.js";

export type QueueInput = { readonly f: "enqueue"; readonly value: unknown } | { readonly f: "dequeue" };
/** Of a dequeue: the value, null where the queue was empty. */
export type QueueOutput = unknown;

/** What a queue or a stack has no operation for. */
export function notOne(input: { readonly f?: unknown }, name: string, has: string): never {
  throw new UsageError(`a ${name} has no operation ${canonicalKey(input.f)}`, `It has ${has}.`);
}

function step(
  state: readonly unknown[],
  input: QueueInput,
  output: QueueOutput | undefined,
): readonly unknown[] | undefined {
  switch (input.f) {
    case "enqueue":
      return [...state, input.value];
    case "dequeue": {
      const front = state.length === 0 ? null : state[0];
      if (output !== undefined && valueKey(front) !== valueKey(output)) return undefined;
      return state.length === 0 ? state : state.slice(1);
    }
    default:
      return notOne(input, "queue", "enqueue and dequeue");
  }
}

const view: QueueView<QueueInput, QueueOutput> = {
  look(input, output) {
    if (input.f === "enqueue") return { does: "enqueue", value: valueKey(input.value) };
    if (input.f !== "dequeue" || output === undefined) return undefined;
    return output === null ? { does: "find-empty" } : { does: "dequeue", value: valueKey(output) };
  },
};

/** See the top. */
export const queue: Model<readonly unknown[], QueueInput, QueueOutput> = {
  name: "queue",
  init: () => [],
  step,
  stateKey: (state) => state.map(canonicalKey).join(","),
  readOnly: (input, output) => input.f === "dequeue" && output === null,
  alwaysLegal: (input, output) => input.f === "enqueue" || output === undefined,
  describeState: canonicalKey,
  describeOperation: (input, output) => {
    if (input.f === "enqueue") return `enqueue ${canonicalKey(input.value)}`;
    return output === undefined ? "dequeue" : `dequeue ${canonicalKey(output)}`;
  },
  explain: (state) => (state.length === 0 ? "the queue is empty" : `${canonicalKey(state[0])} is at its front`),
  specials: [fifoQueue(view)],
};
