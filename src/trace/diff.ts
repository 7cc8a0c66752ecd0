// Two runs that should be one: the first line in which they differ, and the field of it. Compares what stands on file, so
// that what it says can be found there.
import type { Json } from "./codec.js";
import { lineCodec } from "./line-codec.js";
import type { Line } from "./line.js";

/** Where two runs part. */
export interface Difference {
  /** The number of the line; the header is line 1. */
  readonly line: number;
  /** The path of the first field that differs, e.g. "applied.reply.outputs[0].index"; empty where a line is missing. */
  readonly field: string;
  /** What stands there, as JSON; undefined where there is nothing. */
  readonly left: Json | undefined;
  readonly right: Json | undefined;
}

/** The first difference of two runs; undefined where they are the same. `skip` names fields that may differ, by path. */
export function firstDifference(
  left: readonly Line[],
  right: readonly Line[],
  skip: (line: Line, field: string) => boolean = () => false,
): Difference | undefined {
  const length = Math.max(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const one = left[at];
    const other = right[at];
    if (one === undefined || other === undefined) {
      const saved = { left: one && lineCodec.save(one), right: other && lineCodec.save(other) };
      return { line: at + 1, field: "", ...saved };
    }
    if (one === other) continue;
    const field = jsonDifference(lineCodec.save(one), lineCodec.save(other), (path) => skip(one, path));
    if (field !== undefined) return { line: at + 1, ...field };
  }
  return undefined;
}

/** The first field in which two JSON values differ, by its path; undefined where none does. `skip`: paths that may differ. */
export function jsonDifference(
  left: Json | undefined,
  right: Json | undefined,
  skip: (path: string) => boolean = () => false,
): FieldDifference | undefined {
  return fieldThatDiffers(left, right, "", skip);
}

export type FieldDifference = Omit<Difference, "line">;

function fieldThatDiffers(
  left: Json | undefined,
  right: Json | undefined,
  path: string,
  skip: (path: string) => boolean,
): FieldDifference | undefined {
  if (left === right || skip(path)) return undefined;
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let at = 0; at < Math.max(left.length, right.length); at++) {
      const found = fieldThatDiffers(left[at] as Json, right[at] as Json, `${path}[${at}]`, skip);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isRecord(left) && isRecord(right)) {
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const found = fieldThatDiffers(left[name], right[name], path === "" ? name : `${path}.${name}`, skip);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return { field: path, left, right };
}

function isRecord(json: Json | undefined): json is { readonly [name: string]: Json } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
