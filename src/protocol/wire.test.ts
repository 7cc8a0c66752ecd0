// The registry's messages as canonical JSON, an Any's own fields, and what has no exact JSON. The messages of the log stand in
// codecs.test.ts, where protobufjs has a say as well.
import { describe, expect, test } from "vitest";
import { UsageError } from "../base/usage-error.js";
import type { Session } from "../proto/atomix/runtime/v1/session.js";
import type { Status } from "./failure.js";
import { exactJson, fromJson, type Json, messages, type MessageType, sameBytes, toJson } from "./wire.js";

const SPEC = { service: "lock", namespace: "n", name: "l" };
const OPEN_PARAMETERS = "type.googleapis.com/multiraft_sim.runtime.v1.OpenParameters";
const SERVICE_SPEC = "type.googleapis.com/atomix.multiraft.v1.ServiceSpec";

const id = { name: "p0/1/3", primitive: { id: "n/l" } };
const session = {
  meta: { id, version: "7", labels: { zone: "a", host: "b" } },
  spec: { kind: "lock", config: { "@type": OPEN_PARAMETERS, timeout: "1.500s", spec: SPEC } },
  status: { state: "CLOSING" },
};

const written: readonly (readonly [string, MessageType<unknown>, Json])[] = [
  ["a service's name", messages.ServiceSpec as MessageType<unknown>, SPEC],
  ["the opening of a session", messages.OpenSessionInput as MessageType<unknown>, { timeout: "30s" }],
  ["the parameters of an opening", messages.OpenParameters as MessageType<unknown>, { timeout: "1s", spec: SPEC }],
  ["a session", messages.Session as MessageType<unknown>, session],
  ["the question for one", messages.GetSessionRequest as MessageType<unknown>, { sessionId: id }],
  ["its answer", messages.GetSessionResponse as MessageType<unknown>, { session }],
  ["the question for all", messages.ListSessionsRequest as MessageType<unknown>, { type: "lock", watch: true }],
  ["their answer", messages.ListSessionsResponse as MessageType<unknown>, { sessions: [session, { status: {} }] }],
];

describe.each(written)("%s", (_, type, json) => {
  test("comes back from JSON, and from the bytes of what the JSON says", () => {
    const message = fromJson(type, json);
    expect(toJson(type, message)).toEqual(json);
    expect(toJson(type, type.decode(type.encode(message)))).toEqual(json);
    expect(exactJson(type, message)).toEqual(json);
  });

  test("has no field but its own, and says where another one stands", () => {
    const more = { ...(json as { readonly [name: string]: Json }), nonsense: "1" };
    expect(() => fromJson(type, more)).toThrow(`${type.name}.nonsense: expected no such field`);
  });
});

test("the name that the generator made for unknown numbers is none: a number without a name stands as itself", () => {
  const unknown: Session = { meta: undefined, spec: undefined, status: { state: -1 } };
  expect(toJson(messages.Session, unknown)).toEqual({ status: { state: -1 } });
  expect(() => fromJson(messages.Session, { status: { state: "UNRECOGNIZED" } })).toThrow("a name of the enum");
  const output = { sequenceNum: 1n, operation: { status: -1 as Status, payload: new Uint8Array(0), message: "" } };
  expect(toJson(messages.ServiceCommandOutput, output)).toEqual({ sequenceNum: "1", operation: { status: -1 } });
});

describe("an Any", () => {
  const holding = (typeUrl: string, value: Uint8Array): Session => ({
    meta: undefined,
    spec: { kind: "", config: { typeUrl, value } },
    status: undefined,
  });
  const read = (config: Json): unknown => fromJson(messages.Session, { spec: { config } }, "here");

  test("holds one of three messages", () => {
    const value = messages.ServiceSpec.encode(SPEC);
    expect(read({ "@type": SERVICE_SPEC, ...SPEC })).toEqual(holding(SERVICE_SPEC, value));
    expect(toJson(messages.Session, holding(SERVICE_SPEC, value))).toEqual({
      spec: { config: { "@type": SERVICE_SPEC, ...SPEC } },
    });
  });

  test("is left out where there is none", () => {
    const none: Session = { meta: undefined, spec: { kind: "k", config: undefined }, status: undefined };
    expect(toJson(messages.Session, none)).toEqual({ spec: { kind: "k" } });
    expect(fromJson(messages.Session, { spec: { kind: "k" } })).toEqual(none);
  });

  test.each([
    ["of a message that nobody knows here", "type.googleapis.com/google.protobuf.Empty", new Uint8Array(0)],
    ["of a message known by another name", "atomix.multiraft.v1.ServiceSpec", new Uint8Array(0)],
    ["whose bytes are cut short", SERVICE_SPEC, Uint8Array.of(0x0a, 5)],
    [
      "whose span is out of range",
      OPEN_PARAMETERS,
      messages.OpenParameters.encode({ timeout: { seconds: 2n ** 60n, nanos: 0 }, spec: undefined }),
    ],
  ])("%s has no JSON, nor has what it stands in", (_, typeUrl, value) => {
    expect(toJson(messages.Session, holding(typeUrl, value))).toBeUndefined();
    expect(exactJson(messages.Session, holding(typeUrl, value))).toBeUndefined();
  });

  test("whose bytes are not canonical has JSON, but none that gives them back", () => {
    // The name first, then the kind.
    const value = Uint8Array.of(0x1a, 1, 0x6c, 0x0a, 1, 0x73);
    expect(toJson(messages.Session, holding(SERVICE_SPEC, value))).toEqual({
      spec: { config: { "@type": SERVICE_SPEC, service: "s", name: "l" } },
    });
    expect(exactJson(messages.Session, holding(SERVICE_SPEC, value))).toBeUndefined();
  });

  test.each([
    ["nothing", null, "here.spec.config.@type: expected the name of a message"],
    ["no name", { service: "s" }, "here.spec.config.@type: expected the name of a message"],
    ["a number for a name", { "@type": 5 }, "here.spec.config.@type: expected the name of a message"],
    ["an unknown name", { "@type": "x" }, "here.spec.config: no message of this house is called x"],
    ["a field too many", { "@type": SERVICE_SPEC, x: "1" }, "here.spec.config.x: expected no such field"],
  ])("that has %s is refused, and the place is named", (_, config, message) => {
    expect(() => read(config)).toThrow(message);
    expect(() => read(config)).toThrow(UsageError);
  });
});

describe("exact JSON", () => {
  test("there is none for a number that no message can hold", () => {
    const input = { $case: "closeSession" as const, value: { sessionId: -1n } };
    expect(exactJson(messages.CommandInput, { timestamp: undefined, input })).toBeUndefined();
  });

  test("nor for an instant out of range", () => {
    const timestamp = { seconds: 2n ** 60n, nanos: 0 };
    expect(exactJson(messages.CommandInput, { timestamp, input: undefined })).toBeUndefined();
  });
});

test("bytes are the same where they are as many, and each one is", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  expect(sameBytes(bytes, Uint8Array.of(1, 2, 3))).toBe(true);
  expect(sameBytes(new Uint8Array(0), new Uint8Array(0))).toBe(true);
  for (const other of [[], [1, 2], [1, 2, 3, 0], [0, 2, 3], [1, 2, 4]]) {
    expect(sameBytes(bytes, Uint8Array.from(other)), String(other)).toBe(false);
    expect(sameBytes(Uint8Array.from(other), bytes), String(other)).toBe(false);
  }
});
