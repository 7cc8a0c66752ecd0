// Every message that stands in a trace or a report: bytes and canonical JSON, there and back. An out-of-range instant has
// no canonical JSON, and some values don't come back as the same bytes: exactJson() tells, and files hold base64 instead.
import {
  CommandInput,
  CommandOutput,
  OpenSessionInput,
  OperationOutput_Status,
  PartitionSnapshot,
  QueryInput,
  QueryOutput,
  ServiceCommandOutput,
  ServiceSpec,
  CommandState,
} from "../proto/atomix/multiraft/v1/fsm.js";
import {
  GetSessionRequest,
  GetSessionResponse,
  ListSessionsRequest,
  ListSessionsResponse,
  Session,
  SessionStatus_State,
} from "../proto/atomix/runtime/v1/session.js";
import type { Any } from "../proto/google/protobuf/any.js";
import { OpenParameters } from "../proto/multiraft_sim/runtime/v1/config.js";
import { decode, encode, type Codec } from "./codec.js";
import { UsageError } from "../base/usage-error.js";
import * as shape from "./json-shape.js";
import type { Json, Shape } from "./json-shape.js";

export type { Json } from "./json-shape.js";

/** A message with its two encodings. */
export interface MessageType<Message> {
  /** Its full name, as protobuf knows it. */
  readonly name: string;
  readonly encode: (message: Message) => Uint8Array;
  /** Throws where the bytes are no such message. */
  readonly decode: (bytes: Uint8Array) => Message;
  readonly shape: Shape;
}

function type<Message>(name: string, codec: Codec<Message>, of: Shape): MessageType<Message> {
  return {
    name,
    encode: (message) => encode(codec, message),
    decode: (bytes) => decode(codec, bytes),
    shape: of,
  };
}

const { bool, bytes, duration, enumeration, mapOf, message, oneof, repeated, string, timestamp, uint64 } = shape;

const status = enumeration(withoutUnrecognized(OperationOutput_Status));
const state = enumeration(withoutUnrecognized(CommandState));

function withoutUnrecognized(numbers: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).filter(([name]) => name !== "UNRECOGNIZED"));
}

const operationInput = message({ name: string, payload: bytes });
const operationOutput = message({ status, payload: bytes, message: string });
const serviceSpec = message({ service: string, namespace: string, name: string });
const serviceCommandInput = message({ serviceId: uint64, sequenceNum: uint64, operation: operationInput });
const serviceCommandOutput = message({ sequenceNum: uint64, operation: operationOutput });
const empty = message({});
const openSessionInput = message({ timeout: duration });

const commandInput = message({
  timestamp,
  input: oneof({
    openSession: openSessionInput,
    keepAlive: message({
      sessionId: uint64,
      inputFilter: bytes,
      lastInputSequenceNum: uint64,
      lastOutputSequenceNums: mapOf(uint64, uint64),
    }),
    closeSession: message({ sessionId: uint64 }),
    sessionCommand: message({
      sessionId: uint64,
      input: oneof({
        createService: message({ spec: serviceSpec }),
        closeService: message({ serviceId: uint64 }),
        serviceCommand: serviceCommandInput,
      }),
    }),
  }),
});

const commandOutput = message({
  index: uint64,
  output: oneof({
    openSession: message({ sessionId: uint64 }),
    keepAlive: empty,
    closeSession: empty,
    sessionCommand: message({
      output: oneof({
        createService: message({ serviceId: uint64 }),
        closeService: empty,
        serviceCommand: serviceCommandOutput,
      }),
    }),
  }),
});

const queryInput = message({
  maxReceivedIndex: uint64,
  input: oneof({
    sessionQuery: message({
      sessionId: uint64,
      input: oneof({ serviceQuery: message({ serviceId: uint64, operation: operationInput }) }),
    }),
  }),
});

const queryOutput = message({
  output: oneof({
    sessionQuery: message({ output: oneof({ serviceQuery: message({ operation: operationOutput }) }) }),
  }),
});

const partitionSnapshot = message({
  index: uint64,
  timestamp,
  sessions: repeated(
    message({
      sessionId: uint64,
      timeout: duration,
      lastUpdated: timestamp,
      commands: repeated(
        message({
          commandSequenceNum: uint64,
          state,
          input: serviceCommandInput,
          pendingOutputs: repeated(serviceCommandOutput),
        }),
      ),
    }),
  ),
  services: repeated(message({ serviceId: uint64, spec: serviceSpec, data: bytes, sessions: repeated(uint64) })),
});

// An Any is written with its message's own fields beside "@type"; this page knows the messages that it can hold.
const TYPE_URL = "type.googleapis.com/";
const any: Shape = {
  isDefault: (value) => value === undefined,
  to: (value) => {
    const { typeUrl, value: inside } = value as Any;
    const held = heldByAny(typeUrl);
    if (held === undefined) return undefined;
    let json: Json | undefined;
    try {
      json = toJson(held, held.decode(inside));
    } catch {
      return undefined;
    }
    return json === undefined ? undefined : { "@type": typeUrl, ...(json as { readonly [name: string]: Json }) };
  },
  from: (json, path) => {
    const { "@type": typeUrl, ...fields } = (json ?? {}) as { readonly [name: string]: Json };
    if (typeof typeUrl !== "string") throw new UsageError(`${path}.@type: expected the name of a message`);
    const held = heldByAny(typeUrl);
    if (held === undefined) throw new UsageError(`${path}: no message of this house is called ${typeUrl}`);
    return { typeUrl, value: held.encode(fromJson(held, fields, path)) };
  },
  absent: () => undefined,
};

function heldByAny(typeUrl: string): MessageType<unknown> | undefined {
  const all = [messages.OpenParameters, messages.OpenSessionInput, messages.ServiceSpec];
  const held = all.find((known) => typeUrl === TYPE_URL + known.name);
  return held as MessageType<unknown> | undefined;
}

const sessionId = message({ name: string, primitive: message({ id: string }) });
const session = message({
  meta: message({ id: sessionId, version: uint64, labels: mapOf(string, string) }),
  spec: message({ kind: string, config: any }),
  status: message({ state: enumeration(withoutUnrecognized(SessionStatus_State)) }),
});

const FSM = "atomix.multiraft.v1.";
const RUNTIME = "atomix.runtime.v1.";

/** The messages by name. */
export const messages = {
  CommandInput: type(`${FSM}CommandInput`, CommandInput, commandInput),
  CommandOutput: type(`${FSM}CommandOutput`, CommandOutput, commandOutput),
  QueryInput: type(`${FSM}QueryInput`, QueryInput, queryInput),
  QueryOutput: type(`${FSM}QueryOutput`, QueryOutput, queryOutput),
  ServiceCommandOutput: type(`${FSM}ServiceCommandOutput`, ServiceCommandOutput, serviceCommandOutput),
  ServiceSpec: type(`${FSM}ServiceSpec`, ServiceSpec, serviceSpec),
  OpenSessionInput: type(`${FSM}OpenSessionInput`, OpenSessionInput, openSessionInput),
  OpenParameters: type(
    "multiraft_sim.runtime.v1.OpenParameters",
    OpenParameters,
    message({ timeout: duration, spec: serviceSpec }),
  ),
  PartitionSnapshot: type(`${FSM}PartitionSnapshot`, PartitionSnapshot, partitionSnapshot),
  Session: type(`${RUNTIME}Session`, Session, session),
  GetSessionRequest: type(`${RUNTIME}GetSessionRequest`, GetSessionRequest, message({ sessionId })),
  GetSessionResponse: type(`${RUNTIME}GetSessionResponse`, GetSessionResponse, message({ session })),
  ListSessionsRequest: type(
    `${RUNTIME}ListSessionsRequest`,
    ListSessionsRequest,
    message({ type: string, watch: bool }),
  ),
  ListSessionsResponse: type(
    `${RUNTIME}ListSessionsResponse`,
    ListSessionsResponse,
    message({ sessions: repeated(session) }),
  ),
};

/** The canonical JSON of a message; undefined where it has none (an instant or a span out of range). */
export function toJson<Message>(of: MessageType<Message>, value: Message): Json | undefined {
  return of.shape.to(value);
}

/** The message that canonical JSON says; throws a UsageError that names the path of what is wrong. */
export function fromJson<Message>(of: MessageType<Message>, json: Json, path = of.name): Message {
  return of.shape.from(json, path) as Message;
}

/** The canonical JSON of a message where it gives the same bytes back; else undefined, and a file must hold the bytes. */
export function exactJson<Message>(of: MessageType<Message>, value: Message): Json | undefined {
  try {
    const json = toJson(of, value);
    if (json === undefined) return undefined;
    // Through text, as a file has it: that is where a map's order and a broken surrogate would go astray.
    const back = fromJson(of, JSON.parse(JSON.stringify(json)) as Json);
    return sameBytes(of.encode(back), of.encode(value)) ? json : undefined;
  } catch {
    return undefined;
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
