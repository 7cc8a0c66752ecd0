// The models by their names on the command line, over histories as their recorders wrote them: an operation's value is what
// the plain objects take, and of a service's operation the record of its arguments.
import { didYouMean } from "../../base/suggest.js";
import { UsageError } from "../../base/usage-error.js";
import type { Answer } from "../linearizability/answer.js";
import type { CheckOptions } from "../linearizability/check.js";
import { check } from "../linearizability/check.js";
import type { History, Operation } from "../linearizability/history.js";
import { operationsOf } from "../linearizability/history.js";
import type { Model } from "../linearizability/model.js";
import { counterService } from "../linearizability/models/counter-service.js";
import { counter } from "../linearizability/models/counter.js";
import { electionService } from "../linearizability/models/election-service.js";
import { kv } from "../linearizability/models/kv.js";
import { lockService } from "../linearizability/models/lock-service.js";
import { mapService } from "../linearizability/models/map-service.js";
import { queue } from "../linearizability/models/queue.js";
import { casRegister, register } from "../linearizability/models/register.js";
import { setService } from "../linearizability/models/set-service.js";
import { stack } from "../linearizability/models/stack.js";
import { valueService } from "../linearizability/models/value-service.js";
import type { RecordedInput } from "./recorded.js";

/** A recorded history, judged; and how an operation of it reads. */
export interface Judged {
  readonly answer: Answer;
  readonly operations: readonly Operation<unknown, unknown>[];
  readonly describe: (operation: number) => string;
}

type Judge = (history: History<RecordedInput, unknown>, options: CheckOptions) => Judged;

const judges: Readonly<Record<string, Judge>> = {
  register: plain(register, ["read", "write"]),
  "cas-register": plain(casRegister, ["read", "write", "cas"]),
  kv: plain(kv, ["get", "put", "append"]),
  counter: plain(counter, ["read", "add", "set"]),
  queue: plain(queue, ["enqueue", "dequeue"]),
  stack: plain(stack, ["push", "pop"]),
  set: service(setService, ["Add", "Remove", "Contains", "Clear", "Size", "Elements"]),
  "counter-service": service(() => counterService, ["Get", "Set", "CompareAndSet", "Increment", "Decrement"]),
  value: service(() => valueService, ["Get", "Set", "Insert", "Update", "Delete"]),
  map: service(mapService, ["Get", "Put", "Insert", "Update", "Remove", "Clear", "Size", "Entries"]),
  lock: service(() => lockService, ["Acquire", "Release", "End", "Get"]),
  election: service(
    () => electionService,
    ["Enter", "Withdraw", "Anoint", "Promote", "Demote", "Evict", "End", "GetTerm"],
  ),
};

/** The names that {@link judgeRecorded} knows. */
export const modelNames: readonly string[] = Object.keys(judges);

/** Judges a recorded history by the model of that name. */
export function judgeRecorded(
  model: string,
  history: History<RecordedInput, unknown>,
  options: CheckOptions = {},
): Judged {
  const judge = judges[model];
  if (judge === undefined) throw new UsageError(`there is no model "${model}"`, didYouMean(model, modelNames));
  return judge(history, options);
}

function plain<State, Input, Output>(model: Model<State, Input, Output>, names: readonly string[]): Judge {
  return (history, options) => {
    const operations = operationsOf(history);
    for (const [place, { input }] of operations.entries()) demand(model.name, place, input, names);
    return judged(
      byKey(model, operations),
      told(model.name, operations) as readonly Operation<Input, Output>[],
      options,
    );
  };
}

// Where operations have keys, each key has an object of its own.
function byKey<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<RecordedInput>[],
): Model<State, Input, Output> {
  if (model.partition !== undefined || operations.every(({ input }) => input.key === undefined)) return model;
  return { ...model, partition: (input) => (input as RecordedInput).key };
}

// A text that is not there is the empty one.
function told(model: string, operations: readonly Operation<RecordedInput>[]): readonly Operation<RecordedInput>[] {
  if (model !== "kv") return operations;
  return operations.map((operation, place) => {
    const { input, outcome, output } = operation;
    if (input.f !== "get" || outcome !== "ok" || output === undefined || typeof output === "string") return operation;
    if (output === null) return { ...operation, output: "" };
    throw new UsageError(`operation ${place}: get answers a text, or null where there is none`);
  });
}

function service<State, Input, Output>(
  modelFor: (operations: readonly Operation<Input, Output>[]) => Model<State, Input, Output>,
  names: readonly string[],
): Judge {
  return (history, options) => {
    const operations = operationsOf(history).map((operation, place) => {
      const { f, key, value } = operation.input;
      demand("service", place, operation.input, names);
      const given = typeof value === "object" && value !== null ? value : {};
      const input = { session: operation.process, ...(key === undefined ? {} : { key }), ...given, f };
      return { ...operation, input } as Operation<Input, Output>;
    });
    return judged(modelFor(operations), operations, options);
  };
}

function judged<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  options: CheckOptions,
): Judged {
  const describe = (place: number): string => {
    const { input, output } = operations[place] as Operation<Input, Output>;
    return model.describeOperation?.(input, output) ?? JSON.stringify(input);
  };
  return { answer: check(model, operations, options), operations, describe };
}

function demand(model: string, place: number, input: RecordedInput, names: readonly string[]): void {
  const { f, value } = input;
  if (!names.includes(f)) {
    throw new UsageError(`operation ${place}: a ${model} has no operation "${f}"`, `It has ${names.join(", ")}.`);
  }
  const wrong = (what: string): never => {
    throw new UsageError(`operation ${place}: ${f} needs ${what}`);
  };
  if (f === "cas" && !(Array.isArray(value) && value.length === 2)) wrong("[expected, new] as its value");
  if ((f === "add" || f === "set") && typeof value !== "number") wrong("a number as its value");
  if ((f === "append" || f === "put") && typeof value !== "string") wrong("a text as its value");
  if (model === "kv" && input.key === undefined) wrong("a key");
}
