// The payloads of operations as a person writes them: { key: "a", value: "x", ttl: "2s" }. Bytes are text where they are
// text; spans are "1.5s"; versions, tokens and numbers are plain numbers. What can't be said so exactly is base64.
import { UsageError } from "../base/usage-error.js";
import * as counter from "../proto/multiraft_sim/counter/v1/counter.js";
import * as election from "../proto/multiraft_sim/election/v1/election.js";
import * as lock from "../proto/multiraft_sim/lock/v1/lock.js";
import * as map from "../proto/multiraft_sim/map/v1/map.js";
import * as set from "../proto/multiraft_sim/set/v1/set.js";
import * as value from "../proto/multiraft_sim/value/v1/value.js";
import { decodeBase64, encodeBase64 } from "../protocol/base64.js";
import { sameBytes } from "../protocol/wire.js";
import { spanFromWords, spanInWords } from "./span-words.js";

/** The fields of an operation's payload; `{ bytes: "…" }` (base64) where they say something else. */
export type PayloadWords = Readonly<Record<string, string | number>>;

interface Message {
  encode(message: never): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
}

const byKind: Readonly<Record<string, Readonly<Record<string, Message>>>> = {
  counter: {
    Set: counter.SetInput,
    CompareAndSet: counter.CompareAndSetInput,
    Increment: counter.IncrementInput,
    Decrement: counter.DecrementInput,
  },
  value: {
    Set: value.SetInput,
    Insert: value.InsertInput,
    Update: value.UpdateInput,
    Delete: value.DeleteInput,
  },
  map: {
    Put: map.PutInput,
    Insert: map.InsertInput,
    Update: map.UpdateInput,
    Remove: map.RemoveInput,
    Events: map.EventsInput,
    Get: map.GetInput,
  },
  set: { Add: set.AddInput, Remove: set.RemoveInput, Contains: set.ContainsInput },
  lock: { Acquire: lock.AcquireInput, Release: lock.ReleaseInput },
  election: {
    Enter: election.EnterInput,
    Withdraw: election.WithdrawInput,
    Anoint: election.AnointInput,
    Promote: election.PromoteInput,
    Demote: election.DemoteInput,
    Evict: election.EvictInput,
  },
};

const SPANS: readonly string[] = ["ttl", "timeout"];

/** What the bytes say to a service of that kind. */
export function payloadInWords(kind: string, operation: string, bytes: Uint8Array): PayloadWords {
  const raw = { bytes: encodeBase64(bytes, "standard") };
  if (bytes.length === 0) return {};
  const message = messageOf(kind, operation);
  if (message === undefined) return raw;
  try {
    const words: Record<string, string | number> = {};
    for (const [name, field] of Object.entries(message.decode(bytes))) {
      const word = wordOf(name, field);
      if (word !== undefined) words[name] = word;
    }
    return sameBytes(payloadFromWords(kind, operation, words), bytes) ? words : raw;
  } catch {
    return raw;
  }
}

/** The bytes that the words stand for. */
export function payloadFromWords(kind: string, operation: string, words: PayloadWords): Uint8Array {
  const { bytes } = words;
  if (typeof bytes === "string") {
    return decodeBase64(bytes, "standard") ?? wrong(`${operation}: its bytes are no base64`);
  }
  const message = messageOf(kind, operation);
  if (message === undefined) {
    if (Object.keys(words).length === 0) return new Uint8Array(0);
    return wrong(`${operation} of a ${kind || "service that is not there"} takes nothing that can be written in words`);
  }
  const fields = message.decode(new Uint8Array(0)) as Record<string, unknown>;
  for (const [name, word] of Object.entries(words)) {
    if (!(name in fields)) wrong(`${operation} of a ${kind} takes no ${name}`);
    fields[name] = fieldOf(name, word, fields[name]);
  }
  return message.encode(fields as never).finish();
}

function messageOf(kind: string, operation: string): Message | undefined {
  return Object.hasOwn(byKind, kind) ? byKind[kind]?.[operation] : undefined;
}

// Undefined where nothing is to be said; throws where it can't be said.
function wordOf(name: string, field: unknown): string | number | undefined {
  if (field === undefined || typeof field === "string") return field;
  if (typeof field === "bigint") {
    const number = Number(field);
    return Number.isSafeInteger(number) ? number : String(field);
  }
  if (field instanceof Uint8Array) {
    const text = String.fromCharCode(...field);
    return /^[\x20-\x7e]*$/.test(text) ? text : wrong("not text");
  }
  if (SPANS.includes(name)) return spanInWords(field as { seconds: bigint; nanos: number }) ?? wrong("no span");
  return wrong(name);
}

function fieldOf(name: string, word: string | number, absent: unknown): unknown {
  if (SPANS.includes(name)) return spanFromWords(String(word)) ?? wrong(`${name} ${word}: write a span as "1.5s"`);
  if (absent instanceof Uint8Array) return Uint8Array.from(String(word), (letter) => letter.charCodeAt(0) & 0xff);
  if (typeof word === "number" || typeof absent === "bigint") return BigInt(word);
  return ["version", "token", "delta"].includes(name) ? BigInt(word) : word;
}

function wrong(what: string): never {
  throw new UsageError(what);
}
