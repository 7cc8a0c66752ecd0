// The first difference of two traces, with what led to it, for a person.
import { lineInWords } from "../replay/words.js";
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
  return [
    `different in line ${line}${field === "" ? "" : `, field ${field}`}`,
    ...before.map((one, at) => `  ${(line - before.length + at).toString().padStart(6)}  ${lineInWords(one)}`),
    ...(here === undefined ? [] : [`> ${line.toString().padStart(6)}  ${lineInWords(here)}`]),
    ...(there === undefined || here === undefined
      ? []
      : [`> ${line.toString().padStart(6)}  ${lineInWords(there)}  (${names.right})`]),
    `  ${names.left.padEnd(width)}  ${shown(left)}`,
    `  ${names.right.padEnd(width)}  ${shown(right)}`,
  ].join("\n");
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value, (_, held: unknown) => (typeof held === "bigint" ? held.toString() : held));
  return text.length <= 400 ? text : `${text.slice(0, 399)}…`;
}
