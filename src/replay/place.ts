// INDEX, as the command line takes it: an entry's place in the log of a partition.
import { UsageError } from "../base/usage-error.js";

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
