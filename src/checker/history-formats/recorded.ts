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

/** A text without the byte order mark that some editors put before it. */
export function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** One event as it stands in its file. */
export interface EventParts {
  readonly type: unknown;
  readonly process: unknown;
  readonly id?: unknown;
  readonly f: unknown;
  readonly key?: unknown;
  readonly value: unknown;
}

/** Who has an operation open: so that a message can say where in the file somebody has one too many, or none. */
export class Pairs {
  private readonly open = new Map<Process, string>();

  /** The event itself. Throws a UsageError where it does not go with those before it. */
  next(place: string, one: RecordedEvent): RecordedEvent {
    const name = one.id === undefined ? one.process : `#${one.id}`;
    const who = one.id === undefined ? `process ${one.process}` : `id ${one.id}`;
    const since = this.open.get(name);
    if (one.type === "invoke") {
      if (since !== undefined) throw wrong(place, `${who} has an operation open already, since ${since}`);
      this.open.set(name, place);
      return one;
    }
    if (since === undefined) throw wrong(place, `${who} is ${one.type}, but has no operation open`);
    this.open.delete(name);
    return one;
  }
}

/** Checks the parts that every format has. */
export function event(place: string, parts: EventParts): RecordedEvent {
  const { type, f, value } = parts;
  const process = nameOf(place, "process", parts.process);
  const id = parts.id === undefined || parts.id === null ? {} : { id: nameOf(place, "id", parts.id) };
  switch (type) {
    case "invoke": {
      if (typeof f !== "string") throw wrong(place, "an invoke names its operation in f");
      const key = parts.key === undefined || parts.key === null ? {} : { key: `${nameOf(place, "key", parts.key)}` };
      return { type, process, ...id, input: { f, ...key, value } };
    }
    case "ok":
      return value === undefined ? { type, process, ...id } : { type, process, ...id, output: value };
    case "fail":
    case "info":
      return { type, process, ...id };
    default:
      throw wrong(
        place,
        typeof type === "string" ? `${type} is no type of event` : "it has no type",
        "There are invoke, ok, fail and info.",
      );
  }
}

function nameOf(place: string, field: string, value: unknown): Process {
  if (typeof value === "number" || typeof value === "string") return value;
  throw wrong(place, value === undefined ? `it has no ${field}` : `its ${field} is neither a number nor a string`);
}
