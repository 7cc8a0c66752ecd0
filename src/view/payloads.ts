// Payloads of operations, answers, events and saved states of the services, as a person reads them: 'key "a", value "x", ttl 2 s'.
// For people only: nothing reads it back, and what does not decode is shown as bytes.
import { type SecondsAndNanos, toNanos } from "../base/time.js";
import * as counter from "../proto/multiraft_sim/counter/v1/counter.js";
import * as election from "../proto/multiraft_sim/election/v1/election.js";
import * as lock from "../proto/multiraft_sim/lock/v1/lock.js";
import * as map from "../proto/multiraft_sim/map/v1/map.js";
import * as set from "../proto/multiraft_sim/set/v1/set.js";
import * as value from "../proto/multiraft_sim/value/v1/value.js";

interface Message {
  decode(bytes: Uint8Array): object;
}
interface Messages {
  readonly inputs: Readonly<Record<string, Message>>;
  readonly outputs: Readonly<Record<string, Message>>;
  readonly event?: Message;
}

const write = { Insert: map.WriteOutput, Update: map.WriteOutput };
const terms = (names: readonly string[]): Record<string, Message> =>
  Object.fromEntries(names.map((name) => [name, election.Term]));

const byKind: Readonly<Record<string, Messages>> = {
  counter: {
    inputs: {
      Set: counter.SetInput,
      CompareAndSet: counter.CompareAndSetInput,
      Increment: counter.IncrementInput,
      Decrement: counter.DecrementInput,
    },
    outputs: {
      Set: counter.CounterOutput,
      CompareAndSet: counter.CounterOutput,
      Increment: counter.CounterOutput,
      Decrement: counter.CounterOutput,
      Get: counter.CounterOutput,
    },
  },
  value: {
    inputs: { Set: value.SetInput, Insert: value.InsertInput, Update: value.UpdateInput, Delete: value.DeleteInput },
    outputs: { ...write, Set: value.WriteOutput, Delete: value.DeleteOutput, Get: value.GetOutput },
    event: value.Event,
  },
  map: {
    inputs: {
      Put: map.PutInput,
      Insert: map.InsertInput,
      Update: map.UpdateInput,
      Remove: map.RemoveInput,
      Events: map.EventsInput,
      Get: map.GetInput,
    },
    outputs: {
      ...write,
      Put: map.WriteOutput,
      Remove: map.RemoveOutput,
      Get: map.GetOutput,
      Size: map.SizeOutput,
      Entries: map.EntriesOutput,
    },
    event: map.Event,
  },
  set: {
    inputs: { Add: set.AddInput, Remove: set.RemoveInput, Contains: set.ContainsInput },
    outputs: {
      Add: set.ChangeOutput,
      Remove: set.ChangeOutput,
      Contains: set.ContainsOutput,
      Size: set.SizeOutput,
      Elements: set.ElementsOutput,
    },
    event: set.Event,
  },
  lock: {
    inputs: { Acquire: lock.AcquireInput, Release: lock.ReleaseInput },
    outputs: { Acquire: lock.AcquireOutput, Get: lock.GetOutput },
  },
  election: {
    inputs: {
      Enter: election.EnterInput,
      Withdraw: election.WithdrawInput,
      Anoint: election.AnointInput,
      Promote: election.PromoteInput,
      Demote: election.DemoteInput,
      Evict: election.EvictInput,
    },
    outputs: terms(["Enter", "Withdraw", "Anoint", "Promote", "Demote", "Evict", "GetTerm"]),
    event: election.Term,
  },
};

/** What an operation is given; "" where nothing is to be said. */
export function inputInWords(kind: string, operation: string, payload: Uint8Array): string {
  return inWords(messagesOf(kind)?.inputs[operation], payload);
}

/** What an operation answers. `isEvent`: an output of a stream after its first. */
export function outputInWords(kind: string, operation: string, payload: Uint8Array, isEvent: boolean): string {
  const messages = messagesOf(kind);
  return inWords(isEvent || operation === "Events" ? messages?.event : messages?.outputs[operation], payload);
}

function messagesOf(kind: string): Messages | undefined {
  return Object.hasOwn(byKind, kind) ? byKind[kind] : undefined;
}

function inWords(message: Message | undefined, bytes: Uint8Array): string {
  if (message === undefined) return bytes.length === 0 ? "" : bytesInWords(bytes);
  try {
    return fieldsInWords(message.decode(bytes));
  } catch {
    return `undecodable ${bytesInWords(bytes)}`;
  }
}

function fieldsInWords(message: object): string {
  return Object.entries(message)
    .map(([name, field]) => [name, fieldInWords(name, field)] as const)
    .filter(([, words]) => words !== undefined)
    .map(([name, words]) => (name === "kind" || words === "" ? (words ?? "") : `${wordsOf(name)} ${words ?? ""}`))
    .join(", ");
}

const EVENT_KINDS: Readonly<Record<number, string>> = { 1: "inserted", 2: "updated", 3: "removed", 4: "expired" };

function fieldInWords(name: string, field: unknown): string | undefined {
  if (field === undefined) return undefined;
  if (typeof field === "string") return JSON.stringify(field);
  if (field instanceof Uint8Array) return bytesInWords(field);
  if (typeof field === "number") return name === "kind" ? (EVENT_KINDS[field] ?? String(field)) : String(field);
  if (Array.isArray(field)) return `[${field.map((each) => fieldInWords("", each) ?? "").join(", ")}]`;
  if (typeof field === "bigint" || typeof field === "boolean") return String(field);
  if (typeof field !== "object" || field === null) return undefined;
  if ("seconds" in field && "nanos" in field) return spanInWords(toNanos(field as SecondsAndNanos));
  return `{${fieldsInWords(field)}}`;
}

const wordsOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Text where they are text, else hexadecimal. */
export function bytesInWords(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, 64));
  if (/^[\x20-\x7e]*$/.test(text)) return JSON.stringify(bytes.length > 64 ? `${text}…` : text);
  const shown = Array.from(bytes.subarray(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return bytes.length > 12 ? `${shown}… (${bytes.length} bytes)` : `0x${shown}`;
}

/** A span of nanoseconds: "2.5 s". */
export function spanInWords(nanos: bigint): string {
  return `${Number((Number(nanos) / 1e9).toFixed(6))} s`;
}
