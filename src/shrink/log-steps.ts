// A log for one bare machine, written down so that a person reads it: entries, queries, restarts. Emitted tests hold such
// logs. Here are its words and what they mean as messages; log-play.ts plays them.
import { UsageError } from "../base/usage-error.js";
import type { CommandInput, QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { decodeBase64 } from "../protocol/base64.js";
import { encodeInputFilter } from "../protocol/input-filter.js";
import { payloadFromWords, type PayloadWords } from "./payload-words.js";
import { spanFromWords } from "./span-words.js";

/** What a keep-alive says. */
export interface KeepAliveWords {
  /** Every number up to this one was started or given up. */
  readonly lastInput: number;
  /** The numbers in the filter: commands that the client holds open. Absent: none. */
  readonly open?: readonly number[];
  /** The highest output received, by number of the command. */
  readonly received?: Readonly<Record<number, number>>;
  /** The filter's text as it is, in the place of `open`. */
  readonly filter?: string;
}

/**
 * One thing that is done to a machine. An entry's index is its place among the entries, from 1; `at` is its timestamp, since
 * the Unix epoch. The id of a session or a service is the index of the entry that made it.
 */
export type LogStep = EntryStep | QueryStep | RestartStep | RefusalStep;

/** An entry of a written log. */
export type EntryStep =
  | { readonly at?: string; readonly open: string }
  | { readonly at?: string; readonly session: number; readonly close: true }
  | { readonly at?: string; readonly session: number; readonly keepAlive: KeepAliveWords }
  | { readonly at?: string; readonly session: number; readonly create: string; readonly name: string }
  | { readonly at?: string; readonly session: number; readonly leave: number }
  | {
      readonly at?: string;
      readonly session: number;
      readonly service: number;
      readonly number: number;
      readonly operation: string;
      readonly with?: PayloadWords;
    }
  | { readonly at?: string; readonly tick: true }
  /** A CommandInput as base64, where nothing above says it. */
  | { readonly entry: string };

/** A query of a written log. */
export interface QueryStep {
  readonly session: number;
  readonly service: number;
  readonly query: string;
  readonly with?: PayloadWords;
}

/** Its state is saved, and a fresh machine goes on from it. Absent: in one piece; else in chunks of so many bytes. */
export interface RestartStep {
  readonly restart: true;
  readonly chunks?: number;
}

/** It is offered its own saved state with one bit turned over, must refuse it, and goes on. */
export interface RefusalStep {
  readonly damage: true;
}

export function isEntry(step: LogStep): step is EntryStep {
  return !("query" in step) && !("restart" in step) && !("damage" in step);
}

/** The bytes or the message of an entry. `kindOf`: of the service with that id, so far. */
export function inputOf(step: EntryStep, kindOf: (service: number) => string): CommandInput | Uint8Array {
  if ("entry" in step) return decodeBase64(step.entry, "standard") ?? wrong(`${step.entry} is no base64`);
  const timestamp = step.at === undefined ? undefined : instant(step.at);
  return { timestamp, input: innerOf(step, kindOf) };
}

function innerOf(step: Exclude<EntryStep, { entry: string }>, kindOf: (service: number) => string): Inner {
  if ("tick" in step) return undefined;
  if ("open" in step) return { $case: "openSession", value: { timeout: span(step.open) } };
  const sessionId = BigInt(step.session);
  if ("close" in step) return { $case: "closeSession", value: { sessionId } };
  if ("keepAlive" in step) {
    const { lastInput, open = [], received = {}, filter } = step.keepAlive;
    const inputFilter = filter === undefined ? encodeInputFilter(open.map(BigInt)) : latin(filter);
    const lastOutputSequenceNums = new Map(Object.entries(received).map(([key, up]) => [BigInt(key), BigInt(up)]));
    const value = { sessionId, inputFilter, lastInputSequenceNum: BigInt(lastInput), lastOutputSequenceNums };
    return { $case: "keepAlive", value };
  }
  return { $case: "sessionCommand", value: { sessionId, input: commandOf(step, kindOf) } };
}

type Inner = CommandInput["input"];
type SessionCommand = Extract<Inner, { $case: "sessionCommand" }>["value"]["input"];

function commandOf(
  step: Extract<EntryStep, { create: string } | { leave: number } | { operation: string }>,
  kindOf: (service: number) => string,
): SessionCommand {
  if ("create" in step) {
    const spec = { service: step.create, namespace: "", name: step.name };
    return { $case: "createService", value: { spec } };
  }
  if ("leave" in step) return { $case: "closeService", value: { serviceId: BigInt(step.leave) } };
  const payload = payloadFromWords(kindOf(step.service), step.operation, step.with ?? {});
  const operation = { name: step.operation, payload };
  const value = { serviceId: BigInt(step.service), sequenceNum: BigInt(step.number), operation };
  return { $case: "serviceCommand", value };
}

/** A query as a message. */
export function queryOf(step: QueryStep, kindOf: (service: number) => string): QueryInput {
  const payload = payloadFromWords(kindOf(step.service), step.query, step.with ?? {});
  const value = { serviceId: BigInt(step.service), operation: { name: step.query, payload } };
  const input = { $case: "serviceQuery" as const, value };
  const query = { $case: "sessionQuery" as const, value: { sessionId: BigInt(step.session), input } };
  return { maxReceivedIndex: 0n, input: query };
}

function instant(text: string): { seconds: bigint; nanos: number } {
  return spanFromWords(text) ?? wrong(`at ${text}: write the time since the epoch as "1.5s"`);
}

function span(text: string): { seconds: bigint; nanos: number } {
  return spanFromWords(text) ?? wrong(`open ${text}: write the time-out as "1.5s"`);
}

function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);
}

function wrong(what: string): never {
  throw new UsageError(what);
}
