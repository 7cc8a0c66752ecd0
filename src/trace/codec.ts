// How a value of a line stands on file: small pieces that are put together in line-codec.ts. Each writes JSON in one way
// only and reads exactly that back; what it can't read it refuses by the path of the field.
import { UsageError } from "../base/usage-error.js";
import { decodeBase64, encodeBase64 } from "../protocol/base64.js";
import { exactJson, fromJson, type Json, type MessageType } from "../protocol/wire.js";

export type { Json } from "../protocol/wire.js";

/** One way to write values of a type, and to read them back. */
export interface Codec<Value> {
  save(value: Value): Json;
  load(json: Json, path: string): Value;
  /** Whether a record may leave a field of this codec out. */
  readonly optional?: true;
}

/** A record's fields, in the order in which they are written. */
export type Fields<Value> = { readonly [Key in keyof Value]-?: Codec<Exclude<Value[Key], undefined>> };

function wrong(path: string, expected: string): never {
  throw new UsageError(`${path}: expected ${expected}`);
}

/** A string. */
export const text: Codec<string> = {
  save: (value) => value,
  load: (json, path) => (typeof json === "string" ? json : wrong(path, "a string")),
};

export const flag: Codec<boolean> = {
  save: (value) => value,
  load: (json, path) => (typeof json === "boolean" ? json : wrong(path, "true or false")),
};

/** A safe integer, of whatever brand. */
export function integer<Value extends number>(): Codec<Value> {
  return {
    save: (value) => value,
    load: (json, path) => (Number.isSafeInteger(json) ? (json as Value) : wrong(path, "an integer")),
  };
}

/** An integer of any size, of whatever brand: a string of decimal digits. */
export function big<Value extends bigint>(): Codec<Value> {
  return {
    save: (value) => value.toString(),
    load: (json, path) =>
      typeof json === "string" && /^(0|-?[1-9][0-9]*)$/.test(json)
        ? (BigInt(json) as Value)
        : wrong(path, "an integer as a string of decimal digits"),
  };
}

/** Bytes, as base64. */
export const bytes: Codec<Uint8Array> = {
  save: (value) => encodeBase64(value, "standard"),
  load: (json, path) =>
    (typeof json === "string" ? decodeBase64(json, "standard") : undefined) ?? wrong(path, "bytes as base64"),
};

/** One of some words. */
export function word<Value extends string>(...words: readonly Value[]): Codec<Value> {
  return {
    save: (value) => value,
    load: (json, path) => words.find((one) => one === json) ?? wrong(path, `one of ${words.join(", ")}`),
  };
}

/** A number that has a name; one that has none stays a number. */
export function named<Value extends number>(names: Readonly<Record<string, number>>): Codec<Value> {
  const byNumber = new Map(Object.entries(names).map(([name, number]) => [number, name]));
  return {
    save: (value) => byNumber.get(value) ?? value,
    load: (json, path) => {
      const number = typeof json === "string" && Object.hasOwn(names, json) ? names[json] : json;
      const canonical = typeof json === "number" && byNumber.has(json) ? undefined : number;
      return Number.isInteger(canonical)
        ? (canonical as Value)
        : wrong(path, `a name such as ${Object.keys(names)[1]}`);
    },
  };
}

/** A protobuf message: its canonical JSON where that gives the same bytes back, else { "bytes": base64 }. */
export function message<Value>(type: MessageType<Value>): Codec<Value> {
  return {
    save: (value) => exactJson(type, value) ?? { bytes: encodeBase64(type.encode(value), "standard") },
    load: (json, path) => {
      if (typeof json !== "object" || json === null || Array.isArray(json)) wrong(path, `a ${type.name}`);
      const raw = (json as { readonly bytes?: Json }).bytes;
      if (raw === undefined) return fromJson(type, json, path);
      try {
        return type.decode(bytes.load(raw, `${path}.bytes`));
      } catch (error) {
        throw error instanceof UsageError ? error : new UsageError(`${path}.bytes: not the bytes of a ${type.name}`);
      }
    },
  };
}

export function list<Value>(of: Codec<Value>): Codec<readonly Value[]> {
  return {
    save: (values) => values.map((value) => of.save(value)),
    load: (json, path) =>
      Array.isArray(json)
        ? (json as readonly Json[]).map((item, at) => of.load(item, `${path}[${at}]`))
        : wrong(path, "a list"),
  };
}

export function nullable<Value>(of: Codec<Value>): Codec<Value | null> {
  return {
    save: (value) => (value === null ? null : of.save(value)),
    load: (json, path) => (json === null ? null : of.load(json, path)),
  };
}

/** A field that may be absent. */
export function optional<Value>(of: Codec<Value>): Codec<Value> {
  return { ...of, optional: true };
}

/** Any JSON, as it stands. */
export const json: Codec<unknown> = {
  save: (value) => value as Json,
  load: (value) => value,
};

/** Fields in a stated order. A field too many is refused: a reader that dropped it would write another file. */
export function record<Value extends object>(fields: Fields<Value>): Codec<Value> {
  const entries = Object.entries(fields) as [string & keyof Value, Codec<unknown>][];
  const known = new Set<string>(entries.map(([name]) => name));
  return {
    save: (value) => {
      const saved: Record<string, Json> = {};
      for (const [name, codec] of entries) {
        const held = value[name];
        if (held !== undefined) saved[name] = codec.save(held);
      }
      return saved;
    },
    load: (from, path) => {
      if (typeof from !== "object" || from === null || Array.isArray(from)) wrong(path, "an object");
      const given = from as Readonly<Record<string, Json>>;
      const stranger = Object.keys(given).find((name) => !known.has(name));
      if (stranger !== undefined) throw new UsageError(`${path}.${stranger}: there is no such field`);
      const loaded: Record<string, unknown> = {};
      for (const [name, codec] of entries) {
        const held = given[name];
        if (held !== undefined) loaded[name] = codec.load(held, `${path}.${name}`);
        else if (codec.optional !== true) throw new UsageError(`${path}.${name}: missing`);
      }
      return loaded as Value;
    },
  };
}

/** One of several records, told apart by the word in the field `by`, which is written first. */
export function choice<By extends string, Value extends { readonly [K in By]: string }>(
  by: By,
  cases: { readonly [Word in Value[By]]: Codec<Extract<Value, { readonly [K in By]: Word }>> },
): Codec<Value> {
  const byWord = cases as Readonly<Record<string, Codec<Value>>>;
  const caseOf = (value: unknown): Codec<Value> | undefined =>
    typeof value === "string" && Object.hasOwn(byWord, value) ? byWord[value] : undefined;
  return {
    save: (value) => (caseOf(value[by]) as Codec<Value>).save(value),
    load: (from, path) => {
      const said = typeof from === "object" && from !== null ? (from as Readonly<Record<string, Json>>)[by] : undefined;
      const chosen = caseOf(said);
      return chosen === undefined
        ? wrong(`${path}.${by}`, `one of ${Object.keys(byWord).join(", ")}`)
        : chosen.load(from, path);
    },
  };
}
