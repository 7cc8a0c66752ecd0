// The plain search, straight from the papers: Wing and Gong, "Testing and verifying concurrent objects" (1993), with the memory
// of Lowe, "Testing for linearizability" (2017), one partition after the other. No hint, no kernel: what everything else is compared with,
// in the fuzz for its answers and in the bench for its time. Never used by the product.
import type { Operation } from "../history.js";
import { canonicalKey } from "../kernels/canonical-key.js";
import type { Model } from "../model.js";
import { Patience } from "../patience.js";

/** An entry of the doubly linked list of events: a call knows its return. */
interface Entry {
  readonly operation: number;
  readonly isCall: boolean;
  readonly match: Entry | null;
  previous: Entry | null;
  next: Entry | null;
}

interface Taken<State> {
  readonly entry: Entry;
  readonly state: State;
}

/** The oracle's answer; null when it was more than `limit` configurations. */
export interface OracleAnswer {
  readonly linearizable: boolean | null;
  readonly configurations: number;
}

/**
 * Whether a history is linearizable. Unknown outcomes never return: their calls are entries without a return, and the
 * list is done when no return is left. Non-deterministic models are searched as their sets of states.
 */
export function wingGong<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  limit = Infinity,
): OracleAnswer {
  let configurations = 0;
  for (const partition of partitionsOf(model, operations)) {
    const answer = searchOne(model, partition, limit - configurations);
    configurations += answer.configurations;
    if (answer.linearizable !== true) return { linearizable: answer.linearizable, configurations };
  }
  return { linearizable: true, configurations };
}

function partitionsOf<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
): readonly (readonly Operation<Input, Output>[])[] {
  if (model.partition === undefined) return [operations];
  const partitions = new Map<unknown, Operation<Input, Output>[]>();
  for (const operation of operations) {
    const key = model.partition(operation.input);
    const known = partitions.get(key);
    if (known === undefined) partitions.set(key, [operation]);
    else known.push(operation);
  }
  return [...partitions.values()];
}

function searchOne<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  limit: number,
): OracleAnswer {
  const patience = new Patience({});
  const step = (states: readonly State[], operation: Operation<Input, Output>): readonly State[] => {
    const { input, output } = operation;
    const after = states.flatMap((state) => {
      if (model.steps !== undefined) return [...model.steps(state, input, output, patience)];
      const next = model.step?.(state, input, output, patience);
      return next === undefined ? [] : [next];
    });
    return [...new Map(after.map((state) => [keyOf(state), state])).values()];
  };
  const keyOf = (state: State): unknown => (model.stateKey === undefined ? canonicalKey(state) : model.stateKey(state));

  const head = entriesOf(operations);
  let returnsLeft = operations.filter(({ outcome }) => outcome === "ok").length;
  const seen = new Set<string>();
  const linearized = new Uint8Array(operations.length);
  const stack: Taken<readonly State[]>[] = [];
  let states: readonly State[] = [model.init()];
  let entry = head.next;
  let configurations = 0;
  while (returnsLeft > 0) {
    if (entry !== null && entry.isCall) {
      const operation = operations[entry.operation] as Operation<Input, Output>;
      const after = step(states, operation);
      linearized[entry.operation] = 1;
      const configuration = `${linearized.join("")}|${after.map(keyOf).map(String).toSorted().join("|")}`;
      if (after.length > 0 && !seen.has(configuration)) {
        seen.add(configuration);
        if (++configurations > limit) return { linearizable: null, configurations };
        stack.push({ entry, state: states });
        states = after;
        lift(entry);
        if (operation.outcome === "ok") returnsLeft--;
        entry = head.next;
        continue;
      }
      linearized[entry.operation] = 0;
      entry = entry.next;
      continue;
    }
    // The first return whose operation is not linearized, or the end of the list.
    const last = stack.pop();
    if (last === undefined) return { linearizable: false, configurations };
    states = last.state;
    linearized[last.entry.operation] = 0;
    if ((operations[last.entry.operation] as Operation).outcome === "ok") returnsLeft++;
    unlift(last.entry);
    entry = last.entry.next;
  }
  return { linearizable: true, configurations };
}

function entriesOf(operations: readonly Operation[]): Entry {
  const events: { time: number; isCall: boolean; operation: number }[] = [];
  operations.forEach(({ call, return: end, outcome }, operation) => {
    if (outcome === "fail") return;
    events.push({ time: call, isCall: true, operation });
    if (outcome === "ok") events.push({ time: end, isCall: false, operation });
  });
  events.sort((a, b) => a.time - b.time || Number(b.isCall) - Number(a.isCall));
  const head: Entry = { operation: -1, isCall: false, match: null, previous: null, next: null };
  const returns = new Map<number, Entry>();
  for (const { isCall, operation } of events) {
    if (!isCall) returns.set(operation, { operation, isCall, match: null, previous: null, next: null });
  }
  let last = head;
  for (const { isCall, operation } of events) {
    const back = returns.get(operation) ?? null;
    const entry = isCall ? { operation, isCall, match: back, previous: null, next: null } : (back as Entry);
    last.next = entry;
    (entry as Entry).previous = last;
    last = entry;
  }
  return head;
}

function lift(entry: Entry): void {
  for (const one of [entry, entry.match]) {
    if (one === null) continue;
    (one.previous as Entry).next = one.next;
    if (one.next !== null) one.next.previous = one.previous;
  }
}

function unlift(entry: Entry): void {
  for (const one of [entry.match, entry]) {
    if (one === null) continue;
    (one.previous as Entry).next = one;
    if (one.next !== null) one.next.previous = one;
  }
}
