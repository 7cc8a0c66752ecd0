// What a trace tells of the decisions that were drawn by address while it was played, so that it plays again even where a
// later version would draw otherwise. Made from lines by scheduleOf; read by the rooms that decide. What a schedule does not
// hold is drawn by address.
import type { CommitLine, EventLine, LeaderLine, ReplicaId, SendLine } from "../trace/line.js";

export interface Schedule {
  /** The instant of the last line. */
  readonly until: number;
  /** By message: to whom it went, when, and when its copies arrive. */
  readonly sends: ReadonlyMap<string, SendLine>;
  /** By "p1 <origin>": the entry, with its time and its timestamp. A proposal that is missing here was never committed. */
  readonly entries: ReadonlyMap<string, CommitLine>;
  /** By "p1/term3": who leads in it, and since when; and when it was noticed that its leader is gone. */
  readonly leaders: ReadonlyMap<string, LeaderLine>;
  readonly vacancies: ReadonlyMap<string, LeaderLine>;
  /** By "<origin>>p1.r2#0" (#: the life of the replica): the span from commit to application. */
  readonly paces: ReadonlyMap<string, number>;
  /** By "p1.r2": when it crashed or was given a snapshot, and so may have skipped entries; ascending. */
  readonly skips: ReadonlyMap<string, readonly number[]>;
  /** Where a replica was looked at, or saved its state: by the same names, with "drawn ", "again " or "save " before. */
  readonly looks: ReadonlySet<string>;
  /** By query: when a replica took it up. */
  readonly queries: ReadonlyMap<string, number>;
  /** Queries that were answered with a look before and after. */
  readonly lookedQueries: ReadonlySet<string>;
  /** By "p1.r2/restore 3": what was done the third time that a saved state was given to that replica. */
  readonly restores: ReadonlyMap<string, RecordedRestore>;
}

export interface RecordedRestore {
  /** The sizes of the chunks that it was taken in. */
  readonly chunks: readonly number[];
  /** The damaged bytes that were given before. */
  readonly damaged: readonly RecordedDamage[];
  /** Whether it was looked at afterwards. */
  looked: boolean;
}

export interface RecordedDamage {
  readonly bytes: Uint8Array;
  readonly damage: string;
  readonly chunks: readonly number[];
}

/** Collects the decisions from the lines of a trace. */
export function scheduleOf(lines: Iterable<EventLine>): Schedule {
  const collector = new Collector();
  for (const line of lines) collector.see(line);
  return collector;
}

interface OnReplica {
  readonly partition: number;
  readonly replica: ReplicaId;
}

// What is known of a replica while its lines go by.
interface Sight {
  life: number;
  /** The name of the entry that it applied last, and when. */
  applied: string;
  appliedAt: number;
  restores: number;
  damaged: RecordedDamage[];
  restored: RecordedRestore | undefined;
  beforeQuery: boolean;
}

class Collector implements Schedule {
  until = 0;
  readonly sends = new Map<string, SendLine>();
  readonly entries = new Map<string, CommitLine>();
  readonly leaders = new Map<string, LeaderLine>();
  readonly vacancies = new Map<string, LeaderLine>();
  readonly paces = new Map<string, number>();
  readonly skips = new Map<string, number[]>();
  readonly looks = new Set<string>();
  readonly queries = new Map<string, number>();
  readonly lookedQueries = new Set<string>();
  readonly restores = new Map<string, RecordedRestore>();
  readonly #commits = new Map<string, CommitLine>();
  readonly #sights = new Map<string, Sight>();

  see(line: EventLine): void {
    this.until = line.t;
    switch (line.e) {
      case "send":
        this.sends.set(line.message, line);
        return;
      case "leader":
        (line.replica === null ? this.vacancies : this.leaders).set(`p${line.partition}/term${line.term}`, line);
        return;
      case "commit":
        this.entries.set(`p${line.partition} ${line.origin}`, line);
        this.#commits.set(`${line.partition}:${line.index}`, line);
        return;
      case "query":
        this.queries.set(line.query, line.t);
        return;
      default:
        if ("replica" in line && line.replica !== null && line.replica !== 0)
          this.#onReplica(line as OnReplica & EventLine);
    }
  }

  #onReplica(line: OnReplica & EventLine): void {
    const name = `p${line.partition}.r${line.replica}`;
    const sight = this.#sightOf(name);
    switch (line.e) {
      case "replica":
        if (line.change === "restart") sight.life++;
        if (line.change === "crash") this.#skipsAt(name, line.t);
        return;
      case "apply": {
        const commit = this.#commits.get(`${line.partition}:${line.index}`);
        sight.applied = `${commit?.origin ?? ""}>${name}#${sight.life}`;
        sight.appliedAt = line.t;
        if (commit !== undefined) this.paces.set(sight.applied, line.t - commit.t);
        return;
      }
      case "save":
        // A save that was drawn comes with its entry's application; one that a fault asked for comes when the fault does.
        if (sight.appliedAt === line.t) this.looks.add(`save ${sight.applied}`);
        return;
      case "observe":
        if (line.why === "drawn" || line.why === "again") this.looks.add(`${line.why} ${sight.applied}`);
        if (line.why === "restored" && sight.restored !== undefined) sight.restored.looked = true;
        sight.beforeQuery = line.why === "before-query";
        return;
      case "answer":
        if (sight.beforeQuery) this.lookedQueries.add(line.query);
        sight.beforeQuery = false;
        return;
      case "restore": {
        const { chunks, damage, bytes } = line;
        this.#skipsAt(name, line.t);
        if (damage !== undefined && bytes !== undefined) {
          sight.damaged.push({ bytes, damage, chunks });
          return;
        }
        sight.restored = { chunks, damaged: sight.damaged, looked: false };
        sight.damaged = [];
        this.restores.set(`${name}/restore ${++sight.restores}`, sight.restored);
        return;
      }
      default:
    }
  }

  #skipsAt(name: string, t: number): void {
    const skips = this.skips.get(name);
    if (skips === undefined) this.skips.set(name, [t]);
    else skips.push(t);
  }

  #sightOf(name: string): Sight {
    let sight = this.#sights.get(name);
    if (sight === undefined) {
      sight = {
        life: 0,
        applied: "",
        appliedAt: -1,
        restores: 0,
        damaged: [],
        restored: undefined,
        beforeQuery: false,
      };
      this.#sights.set(name, sight);
    }
    return sight;
  }
}
