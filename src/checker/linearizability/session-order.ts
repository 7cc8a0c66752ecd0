// Queries that need not be up to date (SPEC 2.7): sequentially consistent with their session, beside linearizable commands. Such a
// query may see any state from the last operation that its session had an answer to, until its own return. So its interval
// begins where that one's does, and it has to come after it; everything else the search does as ever.
//        a  |-write 1-|              |-query 0-|    legal for another session's query, which may lag behind;
//        b             |-write 2-|                  not for b's own, which comes after write 2.
import type { Operation } from "./history.js";
import type { Key } from "./model.js";

/** Operations whose session-ordered queries may take effect early, and for each what it has to come after; -1: nothing. */
export interface SessionOrdered<Input, Output> {
  readonly operations: readonly Operation<Input, Output>[];
  readonly after: Int32Array;
}

/** Undefined: there are no session-ordered operations. */
export function sessionOrdered<Input, Output>(
  operations: readonly Operation<Input, Output>[],
  partitionOf: ((input: Input) => Key) | undefined,
): SessionOrdered<Input, Output> | undefined {
  if (!anySessionOrdered(operations)) return undefined;
  const after = new Int32Array(operations.length).fill(-1);
  const begin = operations.reduce((least, { call }) => Math.min(least, call), Infinity);
  const calls = operations.map(({ call }) => call);
  // By session and partition, the operation with the latest return so far.
  const last = new Map<unknown, Map<Key, number>>();
  for (const number of byCall(operations)) {
    const operation = operations[number] as Operation<Input, Output>;
    if (operation.outcome !== "ok") continue;
    const ofSession = last.get(operation.process) ?? new Map<Key, number>();
    last.set(operation.process, ofSession);
    const partition = partitionOf?.(operation.input);
    const before = ofSession.get(partition);
    if (operation.sessionOrdered === true) {
      after[number] = before ?? -1;
      calls[number] = before === undefined ? begin : (calls[before] as number);
    }
    ofSession.set(partition, number);
  }
  return { operations: operations.map((one, number) => ({ ...one, call: calls[number] as number })), after };
}

function anySessionOrdered(operations: readonly Operation[]): boolean {
  for (let i = 0; i < operations.length; i++) if ((operations[i] as Operation).sessionOrdered === true) return true;
  return false;
}

function byCall(operations: readonly Operation[]): number[] {
  const numbers = operations.map((_, number) => number);
  return numbers.sort((a, b) => (operations[a] as Operation).call - (operations[b] as Operation).call || a - b);
}
