// The operations that the questions use: a name, an encoded payload, and how their answer reads. Short hand only.
import * as counterProto from "../../proto/multiraft_sim/counter/v1/counter.js";
import * as electionProto from "../../proto/multiraft_sim/election/v1/election.js";
import * as lockProto from "../../proto/multiraft_sim/lock/v1/lock.js";
import * as mapProto from "../../proto/multiraft_sim/map/v1/map.js";
import * as setProto from "../../proto/multiraft_sim/set/v1/set.js";
import * as valueProto from "../../proto/multiraft_sim/value/v1/value.js";

export interface Operation {
  readonly name: string;
  readonly payload: Uint8Array;
  /** What the payload of an OK answer says. */
  readonly answer: (payload: Uint8Array) => string;
}

type Encoded = { finish(): Uint8Array };
interface Answers<Message> {
  decode(bytes: Uint8Array): Message;
  toJSON(message: Message): unknown;
}

function operation<Message>(name: string, payload: Encoded, answers: Answers<Message>): Operation {
  const answer = (bytes: Uint8Array): string => inWords(answers.toJSON(answers.decode(bytes)));
  return { name, payload: payload.finish(), answer };
}

/** {"value":"5","key":"a"} as `value 5, key a`; nothing as `done`. */
function inWords(json: unknown): string {
  const fields = Object.entries(json as Readonly<Record<string, unknown>>);
  if (fields.length === 0) return "done";
  return fields.map(([name, value]) => `${name} ${fieldInWords(value)}`).join(", ");
}

function fieldInWords(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(fieldInWords).join(" ")}]`;
  return typeof value === "object" && value !== null ? `{${inWords(value)}}` : String(value);
}

/** An operation of any name with any payload, whose answer is not looked into. */
export function raw(name: string, ...payload: readonly number[]): Operation {
  return { name, payload: Uint8Array.from(payload), answer: () => "done" };
}

const duration = (seconds: number | undefined): { seconds: bigint; nanos: number } | undefined =>
  seconds === undefined ? undefined : { seconds: BigInt(Math.floor(seconds)), nanos: Math.round((seconds % 1) * 1e9) };
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

// A field that holds its default is left out of JSON; where it is all that the answer says, it is to be read.
const CounterOutput = {
  decode: (bytes: Uint8Array) => counterProto.CounterOutput.decode(bytes),
  toJSON: ({ value: current }: counterProto.CounterOutput) => ({ value: String(current) }),
};
const ChangeOutput = {
  decode: (bytes: Uint8Array) => setProto.ChangeOutput.decode(bytes),
  toJSON: ({ changed }: setProto.ChangeOutput) => ({ changed: String(changed) }),
};

export const counter = {
  set: (value: bigint) => operation("Set", counterProto.SetInput.encode({ value }), CounterOutput),
  compareAndSet: (expect: bigint, update: bigint) =>
    operation("CompareAndSet", counterProto.CompareAndSetInput.encode({ expect, update }), CounterOutput),
  increment: (delta?: bigint) => operation("Increment", counterProto.IncrementInput.encode({ delta }), CounterOutput),
  decrement: (delta?: bigint) => operation("Decrement", counterProto.DecrementInput.encode({ delta }), CounterOutput),
  get: operation("Get", counterProto.GetInput.encode({}), CounterOutput),
};

export const value = {
  set: (of: string, ttl?: number) =>
    operation("Set", valueProto.SetInput.encode({ value: text(of), ttl: duration(ttl) }), valueProto.WriteOutput),
  insert: (of: string) =>
    operation("Insert", valueProto.InsertInput.encode({ value: text(of), ttl: undefined }), valueProto.WriteOutput),
  update: (of: string, version?: bigint) =>
    operation(
      "Update",
      valueProto.UpdateInput.encode({ value: text(of), version, ttl: undefined }),
      valueProto.WriteOutput,
    ),
  delete: (version?: bigint) =>
    operation("Delete", valueProto.DeleteInput.encode({ version }), shown(valueProto.DeleteOutput)),
  events: operation("Events", valueProto.EventsInput.encode({}), shown(valueProto.Event)),
  get: operation("Get", valueProto.GetInput.encode({}), shown(valueProto.GetOutput)),
};

export const map = {
  put: (key: string, of: string, ttl?: number) =>
    operation("Put", mapProto.PutInput.encode({ key, value: text(of), ttl: duration(ttl) }), mapProto.WriteOutput),
  remove: (key: string) =>
    operation("Remove", mapProto.RemoveInput.encode({ key, version: undefined }), shown(mapProto.RemoveOutput)),
  clear: operation("Clear", mapProto.ClearInput.encode({}), mapProto.ClearOutput),
  events: (key?: string) => operation("Events", mapProto.EventsInput.encode({ key }), shown(mapProto.Event)),
  get: (key: string) => operation("Get", mapProto.GetInput.encode({ key }), shown(mapProto.GetOutput)),
  size: operation("Size", mapProto.SizeInput.encode({}), mapProto.SizeOutput),
  entries: operation("Entries", mapProto.EntriesInput.encode({}), {
    decode: (bytes: Uint8Array) => mapProto.EntriesOutput.decode(bytes),
    toJSON: ({ entries }: mapProto.EntriesOutput) => ({ keys: entries.map(({ key }) => key) }),
  }),
};

export const set = {
  add: (element: string) => operation("Add", setProto.AddInput.encode({ element }), ChangeOutput),
  remove: (element: string) => operation("Remove", setProto.RemoveInput.encode({ element }), ChangeOutput),
  elements: operation("Elements", setProto.ElementsInput.encode({}), setProto.ElementsOutput),
};

export const lock = {
  acquire: (timeout?: number) =>
    operation("Acquire", lockProto.AcquireInput.encode({ timeout: duration(timeout) }), lockProto.AcquireOutput),
  release: (token?: bigint) => operation("Release", lockProto.ReleaseInput.encode({ token }), lockProto.ReleaseOutput),
  get: operation("Get", lockProto.GetInput.encode({}), lockProto.GetOutput),
};

const { Term } = electionProto;
export const election = {
  enter: (candidate: string) => operation("Enter", electionProto.EnterInput.encode({ candidate }), Term),
  withdraw: (candidate: string) => operation("Withdraw", electionProto.WithdrawInput.encode({ candidate }), Term),
  anoint: (candidate: string) => operation("Anoint", electionProto.AnointInput.encode({ candidate }), Term),
  promote: (candidate: string) => operation("Promote", electionProto.PromoteInput.encode({ candidate }), Term),
  demote: (candidate: string) => operation("Demote", electionProto.DemoteInput.encode({ candidate }), Term),
  evict: (candidate: string) => operation("Evict", electionProto.EvictInput.encode({ candidate }), Term),
  term: operation("GetTerm", electionProto.GetTermInput.encode({}), Term),
};

/** The same, with bytes as text rather than base64. */
function shown<Message>(answers: Answers<Message>): Answers<Message> {
  return {
    decode: (bytes) => answers.decode(bytes),
    toJSON: (message) => {
      const json = { ...(answers.toJSON(message) as Record<string, unknown>) };
      const bytes = (message as { readonly value?: unknown }).value;
      if (bytes instanceof Uint8Array && bytes.length > 0) json["value"] = new TextDecoder().decode(bytes);
      return json;
    },
  };
}
