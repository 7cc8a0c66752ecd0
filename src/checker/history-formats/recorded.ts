// What the readers of recorded histories have in common: one event as its recorder wrote it, before any model looks at it.
import { UsageError } from "../../base/usage-error.js";
import type { HistoryEvent, Process } from "../linearizability/history.js";

/** An operation as it was recorded: a name, for some objects a key, a value. What of these makes sense is the model's. */
export interface RecordedInput {
  readonly f: string;
  readonly key?: string;
  readonly value: unknown;
}

export type RecordedEvent = HistoryEvent<RecordedInput, unknown>;

/** Where in its file something stands, for messages. */
export function wrong(place: string, what: string, todo = ""): UsageError {
  return new UsageError(`${place}: ${what}`, todo);
}

/** Checks the parts that every format has. */
export function event(
  place: string,
  parts: {
    readonly type: unknown;
    readonly process: unknown;
    readonly id?: unknown;
    readonly f: unknown;
    readonly key?: unknown;
    readonly value: unknown;
  },
): RecordedEvent {
  const { type, f, value } = parts;
  const process = nameOf(place, parts.process);
  const id = parts.id === undefined || parts.id === null ? {} : { id: nameOf(place, parts.id) };
  switch (type) {
    case "invoke": {
      if (typeof f !== "string") throw wrong(place, "an invoke names its operation in f");
      const key = parts.key === undefined || parts.key === null ? {} : { key: `${nameOf(place, parts.key)}` };
      return { type, process, ...id, input: { f, ...key, value } };
    }
    case "ok":
      return value === undefined ? { type, process, ...id } : { type, process, ...id, output: value };
    case "fail":
    case "info":
      return { type, process, ...id };
    default:
      throw wrong(place, `${String(type)} is no type of event`, "There are invoke, ok, fail and info.");
  }
}

function nameOf(place: string, value: unknown): Process {
  if (typeof value === "number" || typeof value === "string") return value;
  throw wrong(place, "process, id and key are numbers or strings");
}
