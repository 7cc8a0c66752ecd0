// What a recorded history is, in its two forms: operations with an interval each, or the events that a recorder wrote.
// Nothing here knows a model. The first step of the flow: history → timeline → search → answer.
import { UsageError } from "../../base/usage-error.js";

/** ok: it took effect, this is its answer. fail: known not to have taken effect. unknown: it may have, at any later time. */
export type Outcome = "ok" | "fail" | "unknown";

/** Who asked: a client, a thread, a session. One process has at most one operation open (unless events carry ids). */
export type Process = number | string;

/** One call with its answer. Intervals are closed: who is called at the instant at which another returns overlaps it. */
export interface Operation<Input = unknown, Output = unknown> {
  readonly process: Process;
  readonly input: Input;
  /** Absent where nothing is known of the answer, whatever the outcome. */
  readonly output?: Output | undefined;
  readonly outcome: Outcome;
  /** Any unit, as long as it is one. */
  readonly call: number;
  /** Read only where the outcome is ok. */
  readonly return: number;
  /**
   * A query that need not be up to date: it may see any state between the last operation that its process had an answer
   * to and its own return. Must be read-only. Absent: linearizable like all others. SPEC 2.7.
   */
  readonly sessionOrdered?: boolean;
}

/** One event of a recorder. `id` pairs the two ends of an operation; without it the process does. */
export type HistoryEvent<Input = unknown, Output = unknown> =
  | {
      readonly type: "invoke";
      readonly process: Process;
      readonly id?: number | string | undefined;
      readonly input: Input;
      readonly sessionOrdered?: boolean;
    }
  | {
      readonly type: "ok";
      readonly process: Process;
      readonly id?: number | string | undefined;
      readonly output?: Output;
    }
  | { readonly type: "fail" | "info"; readonly process: Process; readonly id?: number | string | undefined };

/** Either form. */
export type History<Input = unknown, Output = unknown> =
  readonly Operation<Input, Output>[] | readonly HistoryEvent<Input, Output>[];

/** The operations of a history; an event's place in the list is its time. An operation without an end is unknown. */
export function operationsOf<Input, Output>(history: History<Input, Output>): readonly Operation<Input, Output>[] {
  const first = history[0];
  if (first === undefined || !("type" in first)) return history as readonly Operation<Input, Output>[];
  return pairUp(history as readonly HistoryEvent<Input, Output>[]);
}

type Open<Input, Output> = { -readonly [K in keyof Operation<Input, Output>]: Operation<Input, Output>[K] };

function pairUp<Input, Output>(events: readonly HistoryEvent<Input, Output>[]): readonly Operation<Input, Output>[] {
  const operations: Open<Input, Output>[] = [];
  const open = new Map<number | string, Open<Input, Output>>();
  for (let time = 0; time < events.length; time++) {
    const event = events[time] as HistoryEvent<Input, Output>;
    const name = event.id === undefined ? event.process : `#${event.id}`;
    const operation = open.get(name);
    if (event.type === "invoke") {
      if (operation !== undefined) throw new UsageError(`event ${time}: ${name} already has an operation open`);
      open.set(name, begin(event, time, operations));
      continue;
    }
    if (operation === undefined) throw new UsageError(`event ${time}: ${event.type} of ${name}, which has none open`);
    open.delete(name);
    if (event.type === "info") continue;
    operation.outcome = event.type;
    operation.return = time;
    if (event.type === "ok") operation.output = event.output;
  }
  return operations;
}

function begin<Input, Output>(
  event: HistoryEvent<Input, Output> & { readonly type: "invoke" },
  time: number,
  operations: Open<Input, Output>[],
): Open<Input, Output> {
  const operation: Open<Input, Output> = {
    process: event.process,
    input: event.input,
    output: undefined,
    outcome: "unknown",
    call: time,
    return: Infinity,
  };
  if (event.sessionOrdered === true) operation.sessionOrdered = true;
  operations.push(operation);
  return operation;
}
