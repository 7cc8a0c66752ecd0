// What a trace tells of the decisions that were drawn by address while it was played, so that it plays again even where a
// later version would draw otherwise. Made from lines by scheduleOf; read by the rooms that decide.
import type { EventLine, ReplicaId } from "../trace/line.js";

export interface Schedule {
  /** Message id → the spans after its sending at which copies arrive; none: it was lost. */
  readonly arrivals: ReadonlyMap<string, readonly number[]>;
}

/** Collects the decisions from the lines of a trace. */
export function scheduleOf(lines: Iterable<EventLine>): Schedule {
  const arrivals = new Map<string, readonly number[]>();
  for (const line of lines) {
    if (line.e === "send")
      arrivals.set(
        line.message,
        line.arrives.map((at) => at - line.t),
      );
  }
  return { arrivals };
}

export type { ReplicaId };
