// One value with a version and a time to live: what the models of value and map have in common. SPEC 2.4.
import { fromNanos, instantInWords, Nanos, type SecondsAndNanos, toNanos } from "../../base/time.js";
import type { Duration } from "../../proto/google/protobuf/duration.js";
import { type DataDifference, sameBytes, spanOf, type Surroundings } from "./service.js";

export interface TimedEntry {
  readonly value: Uint8Array;
  readonly version: bigint;
  /** Nanoseconds of log time; null: it does not expire. */
  readonly deadline: bigint | null;
}

export interface SavedEntry {
  readonly value: Uint8Array;
  readonly version: bigint;
  readonly deadline: SecondsAndNanos | undefined;
}

/** When an entry that is written now dies: null for never, undefined where the time to live is INVALID. */
export function deadlineOf(ttl: Duration | undefined, now: bigint): bigint | null | undefined {
  if (ttl === undefined) return null;
  const span = spanOf(ttl);
  if (span === undefined) return undefined;
  return span === 0n ? null : now + span;
}

/** An entry was written. `met`: the one before had expired in this very entry of the log. */
export function noteRewrite(before: TimedEntry | null, after: TimedEntry, met: boolean, around: Surroundings): void {
  if (after.deadline !== null) around.due(after.deadline);
  if (before !== null && before.deadline !== null) around.note("rewritten-with-ttl");
  if (met) around.note("ttl-met-by-rewrite");
}

export const saveEntry = (
  entry: TimedEntry,
): { value: Uint8Array; version: bigint; deadline: ReturnType<typeof fromNanos> | undefined } => ({
  value: entry.value,
  version: entry.version,
  deadline: entry.deadline === null ? undefined : fromNanos(Nanos(entry.deadline)),
});

/** How a saved entry differs from the model's. `name`: what to call it; `timed`: whether it ever had a time to live. */
export function entryDiffers(
  name: string,
  timed: boolean,
  mine: TimedEntry | null,
  theirs: SavedEntry | null,
): DataDifference[] {
  if (mine === null && theirs === null) return [];
  if (mine === null) return [{ what: "entry-extra", timed, says: `${name} should not be there, and is` }];
  const since = mine.version;
  if (theirs === null) return [{ what: "entry-missing", timed, since, says: `${name} should be there, and is not` }];
  const found: DataDifference[] = [];
  if (theirs.version !== mine.version) {
    found.push({
      what: "entry-version",
      since,
      says: `${name} should have version ${mine.version}, not ${theirs.version}`,
    });
  }
  if (!sameBytes(theirs.value, mine.value))
    found.push({ what: "entry-value", since, says: `${name} has another value` });
  const deadline = theirs.deadline === undefined ? null : toNanos(theirs.deadline);
  if (deadline !== mine.deadline) {
    const says = `${name} should ${expiryInWords(mine.deadline)}; the state says that it should ${expiryInWords(deadline)}`;
    found.push({ what: "entry-deadline", timed: true, since, says });
  }
  return found;
}

function expiryInWords(deadline: bigint | null): string {
  return deadline === null ? "never expire" : `expire at ${instantInWords(deadline)}`;
}
