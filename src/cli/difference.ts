// The first difference of two traces, with what led to it, for a person.
import { decodeBase64 } from "../protocol/base64.js";
import { savedDifference } from "../replay/state.js";
import { lineInWords } from "../replay/words.js";
import type { FieldDifference } from "../trace/diff.js";
import { linesOf, type Trace } from "../trace/file.js";

/** How many lines before the difference are shown. */
const LED_TO_IT = 8;

export interface ShownDifference {
  readonly line: number;
  readonly field: string;
  readonly left: unknown;
  readonly right: unknown;
}

export function differenceInWords(
  { line, field, left, right }: ShownDifference,
  trace: Trace,
  other: Trace | undefined,
  names: { readonly left: string; readonly right: string },
): string {
  const lines = linesOf(trace);
  const before = lines.slice(Math.max(0, line - 1 - LED_TO_IT), line - 1);
  const here = lines[line - 1];
  const there = other === undefined ? undefined : linesOf(other)[line - 1];
  const width = Math.max(names.left.length, names.right.length);
  const saved = savedStates(field, left, right);
  const where = saved === undefined ? "" : `, in the state that they hold: ${saved.field}`;
  return [
    `different in line ${line}${field === "" ? "" : `, field ${field}`}${where}`,
    ...before.map((one, at) => `  ${(line - before.length + at).toString().padStart(6)}  ${lineInWords(one)}`),
    ...(here === undefined ? [] : [`> ${line.toString().padStart(6)}  ${lineInWords(here)}`]),
    ...(there === undefined || here === undefined
      ? []
      : [`> ${line.toString().padStart(6)}  ${lineInWords(there)}  (${names.right})`]),
    `  ${names.left.padEnd(width)}  ${shown(saved === undefined ? left : saved.left)}`,
    `  ${names.right.padEnd(width)}  ${shown(saved === undefined ? right : saved.right)}`,
  ].join("\n");
}

/** Of two saved states, which are bytes in a trace: where they differ in words. */
function savedStates(field: string, left: unknown, right: unknown): FieldDifference | undefined {
  const [one, other] = field === "bytes" ? [bytesOf(left), bytesOf(right)] : [heldBy(left), heldBy(right)];
  return one === undefined || other === undefined ? undefined : savedDifference(one, other);
}

function bytesOf(text: unknown): Uint8Array | undefined {
  return typeof text === "string" ? decodeBase64(text, "standard") : undefined;
}

/** What a whole line holds. */
function heldBy(line: unknown): Uint8Array | undefined {
  const { bytes } = (line ?? {}) as { readonly bytes?: unknown };
  return bytes instanceof Uint8Array ? bytes : undefined;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value, (_, held: unknown) => (typeof held === "bigint" ? held.toString() : held));
  return text.length <= 400 ? text : `${text.slice(0, 399)}…`;
}
