// What a message looks like, as data: enough to write its canonical JSON and to read it back. Used where people or files
// want JSON (traces, reports), never while a simulation runs.
import { UsageError } from "../base/usage-error.js";
import { decodeBase64, encodeBase64 } from "./base64.js";
import { durationFromText, durationToText, timestampFromText, timestampToText } from "./instant-text.js";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** How one value is written and read. `to` answers undefined for a value that has no canonical JSON. */
export interface Shape {
  /** Proto3 leaves a field of this value out. */
  isDefault(value: unknown): boolean;
  to(value: unknown): Json | undefined;
  /** Throws a UsageError that names `path` where the JSON is another than `to` writes. */
  from(json: Json, path: string): unknown;
  /** What stands for a field that is left out. */
  absent(): unknown;
}

function wrong(path: string, expected: string): never {
  throw new UsageError(`${path}: expected ${expected}`);
}

function integerText(min: bigint, max: bigint): Shape {
  return {
    isDefault: (value) => value === 0n,
    to: (value) => String(value),
    from: (json, path) => {
      if (typeof json !== "string" || !/^(0|-?[1-9]\d*)$/.test(json)) wrong(path, "an integer as a string");
      const value = BigInt(json);
      if (value < min || value > max) wrong(path, `an integer from ${min} to ${max}`);
      return value;
    },
    absent: () => 0n,
  };
}

export const uint64 = integerText(0n, 2n ** 64n - 1n);

export const bool: Shape = {
  isDefault: (value) => value === false,
  to: (value) => value as boolean,
  from: (json, path) => (typeof json === "boolean" ? json : wrong(path, "true or false")),
  absent: () => false,
};

export const string: Shape = {
  isDefault: (value) => value === "",
  to: (value) => value as string,
  from: (json, path) => (typeof json === "string" ? json : wrong(path, "a string")),
  absent: () => "",
};

export const bytes: Shape = {
  isDefault: (value) => (value as Uint8Array).length === 0,
  to: (value) => encodeBase64(value as Uint8Array, "standard"),
  from: (json, path) => {
    const value = typeof json === "string" ? decodeBase64(json, "standard") : undefined;
    return value ?? wrong(path, "bytes in base64");
  },
  absent: () => new Uint8Array(0),
};

type SecondsAndNanos = Parameters<typeof timestampToText>[0];

export const timestamp: Shape = {
  isDefault: (value) => value === undefined,
  to: (value) => timestampToText(value as SecondsAndNanos),
  from: (json, path) =>
    (typeof json === "string" ? timestampFromText(json) : undefined) ?? wrong(path, "a time like 2000-01-01T00:00:00Z"),
  absent: () => undefined,
};

export const duration: Shape = {
  isDefault: (value) => value === undefined,
  to: (value) => durationToText(value as SecondsAndNanos),
  from: (json, path) =>
    (typeof json === "string" ? durationFromText(json) : undefined) ?? wrong(path, "a span like 1.500s"),
  absent: () => undefined,
};

/** An enum by its names; a number that has none stands as itself. */
export function enumeration(numbers: Readonly<Record<string, number>>): Shape {
  const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
  return {
    isDefault: (value) => value === 0,
    to: (value) => names.get(value as number) ?? (value as number),
    from: (json, path) => {
      if (typeof json === "string" && Object.hasOwn(numbers, json)) return numbers[json];
      return Number.isInteger(json) ? json : wrong(path, "a name of the enum");
    },
    absent: () => 0,
  };
}

export function repeated(item: Shape): Shape {
  return {
    isDefault: (value) => (value as unknown[]).length === 0,
    to: (value) => {
      const list = (value as unknown[]).map((one) => item.to(one));
      return list.every((one) => one !== undefined) ? list : undefined;
    },
    from: (json, path) =>
      Array.isArray(json) ? (json as Json[]).map((one, at) => item.from(one, `${path}[${at}]`)) : wrong(path, "a list"),
    absent: () => [],
  };
}

/** A map whose keys are written as strings. */
export function mapOf(key: Shape, item: Shape): Shape {
  return {
    isDefault: (value) => (value as Map<unknown, unknown>).size === 0,
    to: (value) => {
      const entries = [...(value as Map<unknown, unknown>)].map(([k, v]) => [String(k), item.to(v)] as const);
      return entries.every(([, v]) => v !== undefined) ? (Object.fromEntries(entries) as Json) : undefined;
    },
    from: (json, path) =>
      new Map(
        Object.entries(objectAt(json, path)).map(([k, v]) => [
          key.from(k, `${path}.${k}`),
          item.from(v, `${path}.${k}`),
        ]),
      ),
    absent: () => new Map(),
  };
}

/** The members of a oneof; they stand among the fields of their message. */
export class Oneof {
  constructor(readonly members: Readonly<Record<string, Shape>>) {}
}

export function oneof(members: Readonly<Record<string, Shape>>): Oneof {
  return new Oneof(members);
}

function objectAt(json: Json, path: string): { readonly [name: string]: Json } {
  if (json === null || typeof json !== "object" || Array.isArray(json)) wrong(path, "an object");
  return json as { readonly [name: string]: Json };
}

/** A message by its fields, in the order of their numbers. `fields` is a function where messages refer to each other. */
export function message(fields: Readonly<Record<string, Shape | Oneof>>): Shape {
  const members = Object.entries(fields);
  const known = new Set(
    members.flatMap(([name, shape]) => (shape instanceof Oneof ? Object.keys(shape.members) : [name])),
  );
  return {
    isDefault: (value) => value === undefined,
    to: (value) => messageToJson(members, value as Record<string, unknown>),
    from: (json, path) => {
      const object = objectAt(json, path);
      for (const name of Object.keys(object)) if (!known.has(name)) wrong(`${path}.${name}`, "no such field");
      const made = members.map(([name, shape]) => [name, fieldFromJson(name, shape, object, path)]);
      return Object.fromEntries(made) as unknown;
    },
    absent: () => undefined,
  };
}

function messageToJson(members: readonly (readonly [string, Shape | Oneof])[], value: Record<string, unknown>) {
  const json: Record<string, Json> = {};
  for (const [name, shape] of members) {
    const field = value[name];
    if (shape instanceof Oneof) {
      if (field === undefined) continue;
      const chosen = field as { $case: string; value: unknown };
      const inner = (shape.members[chosen.$case] as Shape).to(chosen.value);
      if (inner === undefined) return undefined;
      json[chosen.$case] = inner;
    } else if (!shape.isDefault(field)) {
      const inner = shape.to(field);
      if (inner === undefined) return undefined;
      json[name] = inner;
    }
  }
  return json;
}

function fieldFromJson(name: string, shape: Shape | Oneof, object: { readonly [name: string]: Json }, path: string) {
  if (shape instanceof Oneof) {
    const chosen = Object.keys(shape.members).filter((member) => object[member] !== undefined);
    if (chosen.length === 0) return undefined;
    const [member, another] = chosen as [string, string?];
    if (another !== undefined) wrong(`${path}.${another}`, `no field beside ${member}`);
    const value = (shape.members[member] as Shape).from(object[member] as Json, `${path}.${member}`);
    return { $case: member, value };
  }
  const json = object[name];
  return json === undefined ? shape.absent() : shape.from(json, `${path}.${name}`);
}
