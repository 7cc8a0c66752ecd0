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
    partitionsInWords(trace),
  );
}

/** How an entry is written, and of which partitions a trace has any. */
export function partitionsInWords({ events }: Trace): string {
  const ids = new Set(events.flatMap((line) => (line.e === "commit" ? [line.partition] : [])));
  const [one, ...others] = [...ids].sort((a, b) => a - b);
  if (one === undefined) return "The trace has no entries at all.";
  if (others.length === 0 && one !== 1) return `The only partition is ${one}: write ${one}:17.`;
  const there = others.length === 0 ? "" : ` There are entries of the partitions ${[one, ...others].join(", ")}.`;
  return `Write 17, or 2:17 for partition 2.${there}`;
}
