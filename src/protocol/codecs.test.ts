// Two codecs agree: what ts-proto generated, and protobufjs by reflection on the .proto files. Every message of every file goes
// through both, as bytes; those that traces hold also as canonical JSON. And the generated types are what the options ask for.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, expectTypeOf, test } from "vitest";
import * as fsm from "../proto/atomix/multiraft/v1/fsm.js";
import * as primitive from "../proto/atomix/runtime/v1/primitive.js";
import * as session from "../proto/atomix/runtime/v1/session.js";
import * as any from "../proto/google/protobuf/any.js";
import * as duration from "../proto/google/protobuf/duration.js";
import * as timestamp from "../proto/google/protobuf/timestamp.js";
import * as counter from "../proto/multiraft_sim/counter/v1/counter.js";
import * as election from "../proto/multiraft_sim/election/v1/election.js";
import * as lock from "../proto/multiraft_sim/lock/v1/lock.js";
import * as map from "../proto/multiraft_sim/map/v1/map.js";
import * as service from "../proto/multiraft_sim/service/v1/service.js";
import * as set from "../proto/multiraft_sim/set/v1/set.js";
import * as value from "../proto/multiraft_sim/value/v1/value.js";
import { decode, encode, type Codec } from "./codec.js";
import {
  anyCommandInput,
  anyCommandOutput,
  anyPartitionSnapshot,
  anyQueryInput,
  anyQueryOutput,
  anyServiceCommandOutput,
} from "./messages.laws.js";
import { exactJson, fromJson, messages, toJson, type Json, type MessageType } from "./wire.js";

const MODULES: Readonly<Record<string, object>> = {
  "atomix.multiraft.v1": fsm,
  "atomix.runtime.v1": { ...session, ...primitive },
  "google.protobuf": { ...any, ...duration, ...timestamp },
  "multiraft_sim.counter.v1": counter,
  "multiraft_sim.election.v1": election,
  "multiraft_sim.lock.v1": lock,
  "multiraft_sim.map.v1": map,
  "multiraft_sim.service.v1": service,
  "multiraft_sim.set.v1": set,
  "multiraft_sim.value.v1": value,
};

const PROTO = join(import.meta.dirname, "../../proto");
const files = readdirSync(PROTO, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".proto"));
const root = new protobuf.Root();
root.resolvePath = (_, target) => (target.startsWith("google/") ? target : join(PROTO, target.replace(PROTO, "")));
root.loadSync(files);
root.resolveAll();

const inHand = (type: protobuf.Type): boolean => type.fullName.slice(1, -type.name.length - 1) in MODULES;

function typesIn(namespace: protobuf.NamespaceBase): protobuf.Type[] {
  return namespace.nestedArray.flatMap((one) => [
    ...(one instanceof protobuf.Type ? [one] : []),
    ...(one instanceof protobuf.Namespace ? typesIn(one) : []),
  ]);
}

/** "multiraft_sim.map.v1.EntriesOutput.Entry" is EntriesOutput_Entry of that module. */
function codecOf(type: protobuf.Type): Codec<unknown> | undefined {
  const fullName = type.fullName.slice(1);
  const home = Object.keys(MODULES).find((name) => fullName.startsWith(`${name}.`));
  if (home === undefined) return undefined;
  const name = fullName.slice(home.length + 1).replaceAll(".", "_");
  return (MODULES[home] as Record<string, Codec<unknown>>)[name];
}

// A value of a field, as protobufjs' fromObject takes it; never a default, which one of the two would write out.
function anyValue(field: protobuf.Field): fc.Arbitrary<unknown> {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Type) return anyObject(resolvedType);
  if (resolvedType instanceof protobuf.Enum) {
    return fc.constantFrom(...Object.values(resolvedType.values).filter((number) => number !== 0));
  }
  switch (field.type) {
    case "uint64":
      return fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map(String);
    case "int64":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((number) => String(number === 0n ? 1n : number));
    case "uint32":
      return fc.integer({ min: 1, max: 2 ** 32 - 1 });
    case "int32":
      return fc.oneof(fc.integer({ min: -(2 ** 31), max: -1 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }));
    case "bool":
      return fc.constant(true);
    case "string":
      return fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" });
    case "bytes":
      return fc.uint8Array({ minLength: 1, maxLength: 40 });
    default:
      throw new Error(`no value for a field of the type ${field.type}`);
  }
}

function anyField(field: protobuf.Field): fc.Arbitrary<unknown> {
  field.resolve();
  if (field instanceof protobuf.MapField) {
    const key =
      field.keyType === "string" ? fc.string({ minLength: 1, maxLength: 9 }) : fc.nat(99).map((n) => String(n + 1));
    return fc.dictionary(key, anyValue(field), { maxKeys: 1, noNullPrototype: true });
  }
  return field.repeated ? fc.array(anyValue(field), { maxLength: 3 }) : anyValue(field);
}

function anyObject(type: protobuf.Type): fc.Arbitrary<Record<string, unknown>> {
  const alone = type.fieldsArray.filter(({ partOf }) => partOf === null || partOf.isProto3Optional);
  const fields = Object.fromEntries(alone.map((field) => [field.name, fc.option(anyField(field), { nil: undefined })]));
  const members = type.oneofsArray
    .filter((oneof) => !oneof.isProto3Optional)
    .map((oneof) =>
      fc.option(
        fc.oneof(...oneof.fieldsArray.map((field) => anyField(field).map((inner) => ({ [field.name]: inner })))),
        {
          nil: {},
        },
      ),
    );
  return fc
    .tuple(fc.record(fields), ...members)
    .map((parts) => Object.assign({}, ...parts) as Record<string, unknown>)
    .map((object) => Object.fromEntries(Object.entries(object).filter(([, inner]) => inner !== undefined)));
}

const all = typesIn(root).filter((type) => !type.fullName.startsWith(".google.") || inHand(type));
const covered = all.filter((type) => codecOf(type) !== undefined);

describe("two codecs agree", () => {
  test("every message of every .proto file that this page knows has a generated codec", () => {
    const homes = Object.keys(MODULES);
    const missing = all.filter((type) => homes.some((home) => type.fullName.startsWith(`.${home}.`)));
    expect(missing.filter((type) => codecOf(type) === undefined).map(({ fullName }) => fullName)).toEqual([]);
    expect(covered.length).toBeGreaterThan(90);
  });

  test.each(covered.map((type) => [type.fullName.slice(1), type] as const))("%s: the same bytes", (_, type) => {
    const codec = codecOf(type) as Codec<unknown>;
    fc.assert(
      fc.property(anyObject(type), (object) => {
        const theirs = Uint8Array.from(type.encode(type.fromObject(object)).finish());
        const message = codec.decode(theirs);
        expect(codec.encode(message).finish()).toEqual(theirs);
        // Reused reader and writer say the same as fresh ones.
        expect(decode(codec, theirs)).toEqual(message);
        expect(encode(codec, message)).toEqual(theirs);
      }),
      { numRuns: 25 },
    );
  });
});

/** The canonical JSON by reflection: Timestamps by way of Date, to be independent of ours. */
function reflected(type: protobuf.Type, bytes: Uint8Array): unknown {
  const object = type.toObject(type.decode(bytes), { longs: String, enums: String, bytes: String }) as object;
  return canonical(type, object);
}

function canonical(type: protobuf.Type, object: object): unknown {
  if (type.fullName === ".google.protobuf.Timestamp") return instantText(object);
  if (type.fullName === ".google.protobuf.Duration") return spanText(object);
  const entries = Object.entries(object).map(([name, inner]: [string, unknown]) => {
    const field = type.fields[name] as protobuf.Field;
    const { resolvedType } = field;
    if (!(resolvedType instanceof protobuf.Type)) return [name, inner];
    if (field.repeated) return [name, (inner as object[]).map((one) => canonical(resolvedType, one))];
    return [name, canonical(resolvedType, inner as object)];
  });
  // An empty list or map is left out.
  return Object.fromEntries(
    entries.filter(([name, inner]) => {
      const field = type.fields[name as string] as protobuf.Field;
      return !(field.repeated || field.map) || Object.keys(inner as object).length > 0;
    }),
  ) as unknown;
}

const nanosText = (nanos: number): string => {
  if (nanos === 0) return "";
  const digits = String(nanos).padStart(9, "0");
  return `.${digits.endsWith("000000") ? digits.slice(0, 3) : digits.endsWith("000") ? digits.slice(0, 6) : digits}`;
};

function instantText(object: { seconds?: string; nanos?: number }): string {
  const whole = new Date(Number(object.seconds ?? 0) * 1000).toISOString();
  return whole.replace(/\.000Z$/, `${nanosText(object.nanos ?? 0)}Z`);
}

function spanText(object: { seconds?: string; nanos?: number }): string {
  const seconds = object.seconds ?? "0";
  const nanos = object.nanos ?? 0;
  const sign = seconds.startsWith("-") || nanos < 0 ? "-" : "";
  return `${sign}${seconds.replace("-", "")}${nanosText(Math.abs(nanos))}s`;
}

describe("canonical JSON", () => {
  function agrees<Message>(type: MessageType<Message>, values: fc.Arbitrary<Message>): void {
    const theirs = root.lookupType(type.name);
    fc.assert(
      fc.property(values, (message) => {
        const bytes = type.encode(message);
        const ours = toJson(type, message);
        // A map's zeros are left out on the wire by one codec, written by the other: JSON has them either way.
        expect(ours).toEqual(reflected(theirs, bytes));
        expect(type.encode(fromJson(type, JSON.parse(JSON.stringify(ours)) as Json)).length).toBe(bytes.length);
      }),
      { numRuns: 150 },
    );
  }

  test("CommandInput", () => agrees(messages.CommandInput, anyCommandInput));
  test("CommandOutput", () => agrees(messages.CommandOutput, anyCommandOutput));
  test("ServiceCommandOutput", () => agrees(messages.ServiceCommandOutput, anyServiceCommandOutput));
  test("QueryInput", () => agrees(messages.QueryInput, anyQueryInput));
  test("QueryOutput", () => agrees(messages.QueryOutput, anyQueryOutput));
  test("PartitionSnapshot, its instants in range", () => {
    const inRange = anyPartitionSnapshot.filter(({ sessions }) =>
      sessions.every(({ timeout }) => timeout === undefined),
    );
    agrees(messages.PartitionSnapshot, inRange);
  });

  test("a message reads as people expect it", () => {
    const input = fsm.CommandInput.create({
      timestamp: { seconds: 946_684_800n, nanos: 500_000_000 },
      input: {
        $case: "keepAlive",
        value: {
          sessionId: 2n ** 64n - 1n,
          inputFilter: Uint8Array.of(1, 2, 3),
          lastOutputSequenceNums: new Map([[3n, 4n]]),
        },
      },
    });
    expect(toJson(messages.CommandInput, input)).toEqual({
      timestamp: "2000-01-01T00:00:00.500Z",
      keepAlive: { sessionId: "18446744073709551615", inputFilter: "AQID", lastOutputSequenceNums: { "3": "4" } },
    });
    expect(exactJson(messages.CommandInput, input)).toBeDefined();
  });

  test("the ends of the range have JSON, what is beyond has none", () => {
    const at = (seconds: bigint, nanos: number) =>
      toJson(messages.CommandInput, { timestamp: { seconds, nanos }, input: undefined });
    expect(at(-62_135_596_800n, 0)).toEqual({ timestamp: "0001-01-01T00:00:00Z" });
    expect(at(253_402_300_799n, 999_999_999)).toEqual({ timestamp: "9999-12-31T23:59:59.999999999Z" });
    expect(at(-1n, 999_999_000)).toEqual({ timestamp: "1969-12-31T23:59:59.999999Z" });
    expect(at(253_402_300_800n, 0)).toBeUndefined();
    expect(at(0n, -1)).toBeUndefined();
  });

  test("what does not come back as the same bytes has no exact JSON", () => {
    const keepAlive = (entries: [bigint, bigint][]) =>
      exactJson(messages.CommandInput, {
        timestamp: undefined,
        input: {
          $case: "keepAlive",
          value: {
            sessionId: 1n,
            inputFilter: new Uint8Array(0),
            lastInputSequenceNum: 0n,
            lastOutputSequenceNums: new Map(entries),
          },
        },
      });
    expect(keepAlive([[1n, 1n], [2n, 1n]])).toBeDefined(); // prettier-ignore
    expect(keepAlive([[2n, 1n], [1n, 1n]])).toBeUndefined(); // prettier-ignore
  });

  test.each([
    ["a number where a string stands", { closeSession: { sessionId: 5 } }, "CommandInput.closeSession.sessionId"],
    ["an unknown field", { closeSession: { session: "5" } }, "CommandInput.closeSession.session"],
    ["two members of a oneof", { closeSession: {}, keepAlive: {} }, "CommandInput.closeSession"],
    ["a time that is none", { timestamp: "2000-02-30T00:00:00Z" }, "CommandInput.timestamp"],
    [
      "more than uint64",
      { closeSession: { sessionId: "18446744073709551616" } },
      "CommandInput.closeSession.sessionId",
    ],
  ])("JSON with %s is refused, and the path is named", (_, json, path) => {
    expect(() => fromJson(messages.CommandInput, json as Json)).toThrow(path);
  });

  test("an Any is written with its message's own fields", () => {
    const config = {
      typeUrl: "type.googleapis.com/atomix.multiraft.v1.OpenSessionInput",
      value: fsm.OpenSessionInput.encode({ timeout: { seconds: 30n, nanos: 0 } }).finish(),
    };
    const one: session.Session = { meta: undefined, spec: { kind: "lock", config }, status: { state: 2 } };
    const json = toJson(messages.Session, one);
    expect(json).toEqual({
      spec: { kind: "lock", config: { "@type": config.typeUrl, timeout: "30s" } },
      status: { state: "OPENED" },
    });
    expect(fromJson(messages.Session, json as Json)).toEqual({ ...one, spec: { kind: "lock", config } });
  });
});

describe("the generated types", () => {
  test("uint64 is bigint, oneof a union with $case, a map a Map, presence undefined", () => {
    expectTypeOf<fsm.CommandOutput["index"]>().toEqualTypeOf<bigint>();
    expectTypeOf<fsm.KeepAliveInput["lastOutputSequenceNums"]>().toEqualTypeOf<Map<bigint, bigint>>();
    expectTypeOf<counter.IncrementInput["delta"]>().toEqualTypeOf<bigint | undefined>();
    expectTypeOf<fsm.CommandInput["timestamp"]>().toEqualTypeOf<timestamp.Timestamp | undefined>();
    expectTypeOf<timestamp.Timestamp["seconds"]>().toEqualTypeOf<bigint>();
    const empty = fsm.CommandInput.decode(new Uint8Array(0));
    expect(empty).toEqual({ timestamp: undefined, input: undefined });
    const keepAlive = fsm.CommandInput.decode(Uint8Array.of(0x1a, 4, 0x22, 2, 0x08, 7));
    expect(keepAlive.input).toEqual({
      $case: "keepAlive",
      value: {
        sessionId: 0n,
        inputFilter: new Uint8Array(0),
        lastInputSequenceNum: 0n,
        lastOutputSequenceNums: new Map([[7n, 0n]]),
      },
    });
    expect(counter.IncrementInput.decode(new Uint8Array(0)).delta).toBeUndefined();
    expect(counter.IncrementInput.decode(Uint8Array.of(0x08, 0)).delta).toBe(0n);
  });

  test("fields are numbered 1, 2, 3 … in every seeded message, without a gap", () => {
    const seeded = all.filter(({ fullName }) => fullName.startsWith(".atomix."));
    for (const type of seeded) {
      const numbers = type.fieldsArray.map(({ id }) => id).toSorted((a, b) => a - b);
      expect(numbers, type.fullName).toEqual(numbers.map((_, at) => at + 1));
    }
    expect(seeded.length).toBeGreaterThan(35);
  });
});
