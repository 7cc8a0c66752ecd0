// What a trace tells of the decisions that were drawn by address while it was played, so that it plays again even where a
// later version would draw otherwise. Made from lines by scheduleOf; read by the rooms that decide.
import type { EventLine } from "../trace/line.js";

export interface Schedule {
  /** Message → the spans after its sending at which copies arrive; none: it was lost. */
  readonly arrivals: ReadonlyMap<string, readonly number[]>;
  /** "p1/term3" → the replica that leads in it. */
  readonly leaders: ReadonlyMap<string, number>;
  /** "<origin>>p1.r2" → the span from the commit to the (first) application there. */
  readonly paces: ReadonlyMap<string, number>;
  /** "<origin>>p1.r2" of every drawn observation, and of every save. */
  readonly observed: ReadonlySet<string>;
  readonly saved: ReadonlySet<string>;
  /** "p1.r2/restore 3": the third time that a saved state is given to that replica → the sizes of the chunks. */
  readonly chunks: ReadonlyMap<string, readonly number[]>;
}

/** Collects the decisions from the lines of a trace. */
export function scheduleOf(lines: Iterable<EventLine>): Schedule {
  const arrivals = new Map<string, readonly number[]>();
  const leaders = new Map<string, number>();
  const paces = new Map<string, number>();
  const observed = new Set<string>();
  const saved = new Set<string>();
  const chunks = new Map<string, readonly number[]>();
  const commits = new Map<string, { readonly origin: string; readonly t: number }>();
  const restores = new Map<string, number>();
  const applied = new Map<string, number>();
  const address = (line: { partition: number; replica: number; index: bigint }): string =>
    `${commits.get(`${line.partition}:${line.index}`)?.origin ?? ""}>p${line.partition}.r${line.replica}`;
  for (const line of lines) {
    switch (line.e) {
      case "send":
        arrivals.set(
          line.message,
          line.arrives.map((at) => at - line.t),
        );
        break;
      case "leader":
        if (line.replica !== null) leaders.set(`p${line.partition}/term${line.term}`, line.replica);
        break;
      case "commit":
        commits.set(`${line.partition}:${line.index}`, { origin: line.origin, t: line.t });
        break;
      case "apply": {
        const commit = commits.get(`${line.partition}:${line.index}`);
        const name = address(line);
        applied.set(`${line.partition}.${line.replica}`, line.t);
        if (commit !== undefined && !paces.has(name)) paces.set(name, line.t - commit.t);
        break;
      }
      case "observe":
        if (line.why === "drawn") observed.add(address(line));
        break;
      case "save":
        // A save that was drawn comes with its entry's application; one that a fault asked for comes when the fault does.
        if (applied.get(`${line.partition}.${line.replica}`) === line.t) saved.add(address(line));
        break;
      case "restore": {
        const name = `p${line.partition}.r${line.replica}/restore `;
        const count = (restores.get(name) ?? 0) + 1;
        restores.set(name, count);
        chunks.set(name + count, line.chunks);
        break;
      }
      default:
    }
  }
  return { arrivals, leaders, paces, observed, saved, chunks };
}
