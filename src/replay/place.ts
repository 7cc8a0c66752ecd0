// INDEX, as the command line takes it: an entry's place in the log of a partition; and where a trace comes to it.
import { UsageError } from "../base/usage-error.js";
import type { Trace } from "../trace/file.js";

/** An entry's place: "17" or "2:17". */
export interface Place {
  readonly partition: number;
  readonly index: bigint;
}

/** Reads an INDEX as the command line takes it. */
export function parsePlace(text: string): Place {
  const match = /^(?:([0-9]+):)?([0-9]+)$/.exec(text);
  if (match === null) throw new UsageError(`"${text}" is not an index`, "Write 17, or 2:17 for partition 2.");
  return { partition: Number(match[1] ?? 1), index: BigInt(match[2] as string) };
}

/** The line in which the entry is applied first, numbered as in the trace's file. */
export function firstLineOf(trace: Trace, { partition, index }: Place): number {
  let last: bigint | undefined;
  for (const [at, line] of trace.events.entries()) {
    if (line.e !== "apply" || line.partition !== partition) continue;
    if (line.index === index) return at + 2;
    if (last === undefined || line.index > last) last = line.index;
  }
  const there = last === undefined ? "applies no entries" : `goes up to ${last}`;
  throw new UsageError(
    `there is no entry ${partition}:${index}: partition ${partition} ${there}`,
    "Write 17, or 2:17 for partition 2.",
  );
}
