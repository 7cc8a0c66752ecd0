// The state of the machine at an index, for a person: the entries up to there are played into a fresh machine, and what it
// saves is shown as JSON.
import { Micros } from "../base/time.js";
import { UsageError } from "../base/usage-error.js";
import type { MachineKind } from "../protocol/machine.js";
import { open } from "../protocol/snapshot-envelope.js";
import { type Json, messages, toJson } from "../protocol/wire.js";
import { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { CounterState } from "../proto/multiraft_sim/counter/v1/counter.js";
import { ElectionState } from "../proto/multiraft_sim/election/v1/election.js";
import { LockState } from "../proto/multiraft_sim/lock/v1/lock.js";
import { MapState } from "../proto/multiraft_sim/map/v1/map.js";
import { SetState } from "../proto/multiraft_sim/set/v1/set.js";
import { ValueState } from "../proto/multiraft_sim/value/v1/value.js";
import { LogIndex } from "../protocol/words.js";
import { type FieldDifference, jsonDifference } from "../trace/diff.js";
import type { Trace } from "../trace/file.js";
import type { CommitLine, EventLine, PartitionId, ReplicaId } from "../trace/line.js";
import { LogPlayer } from "./as-log.js";
import { partitionsInWords, type Place } from "./place.js";

interface State {
  decode(bytes: Uint8Array): unknown;
  toJSON(message: never): unknown;
}
const states: Readonly<Record<string, State>> = {
  counter: CounterState,
  election: ElectionState,
  lock: LockState,
  map: MapState,
  set: SetState,
  value: ValueState,
};

/** The state after the entry at a place, as JSON. */
export function stateAt(trace: Trace, machine: MachineKind, { partition, index }: Place): Json {
  const last = trace.events.findLast((line) => line.e === "commit" && line.partition === partition);
  if (last?.e !== "commit" || last.index < index) {
    const there = last?.e === "commit" ? `ends at ${last.index}` : "has no entries";
    throw new UsageError(
      `there is no entry ${partition}:${index}: the log of partition ${partition} ${there}`,
      partitionsInWords(trace),
    );
  }
  const bare = new BareMachine(machine, partition);
  for (const line of trace.events) {
    if (line.e === "commit" && line.partition === partition && line.index <= index) bare.apply(line);
  }
  return labelled(readable(bare.look()));
}

/** What one machine holds where a trace was stopped. */
export interface Sight {
  readonly partition: PartitionId;
  /** 0: the shadow; null: none of the replicas, but all entries that are committed by then, on a machine of their own. */
  readonly replica: ReplicaId | null;
  /** The index that it has applied. */
  readonly index: string;
  /** null: it is down. */
  readonly state: Json | null;
}

/** What the machines that a line is about hold once it has happened: one replica, or its partition, or every partition. */
export function sightsAfter(trace: Trace, machine: MachineKind, number: number): Sight[] {
  const until = trace.events.slice(0, number - 1);
  const line = until.at(-1);
  if (line !== undefined && "replica" in line && line.replica !== null) {
    return [replicaSight(until, machine, line.partition, line.replica)];
  }
  const all = trace.header.terms.partitions.map(({ partition }) => partition);
  const about = line !== undefined && "partition" in line ? [line.partition] : all;
  return about.map((partition) => {
    const bare = new BareMachine(machine, partition);
    for (const each of until) if (each.e === "commit" && each.partition === partition) bare.apply(each);
    return { partition, replica: null, index: bare.index.toString(), state: labelled(readable(bare.look())) };
  });
}

function replicaSight(
  lines: readonly EventLine[],
  machine: MachineKind,
  partition: PartitionId,
  replica: ReplicaId,
): Sight {
  const player = new LogPlayer(machine);
  let index = 0n;
  let up = true;
  for (const line of lines) {
    player.play(line);
    if (!("replica" in line) || line.partition !== partition || line.replica !== replica) continue;
    if (line.e === "broke" || (line.e === "replica" && line.change === "crash")) up = false;
    else if (line.e === "replica" && line.change === "restart") up = true;
    else if (line.e === "apply" || (line.e === "restore" && line.result.kind === "restored")) ({ index } = line);
  }
  const bytes = up ? lookAt(player, partition, replica, LogIndex(index)) : undefined;
  return { partition, replica, index: index.toString(), state: bytes === undefined ? null : labelled(readable(bytes)) };
}

/** The entry after which a machine does not know a session any more that it knew; undefined where it knows it to the end. */
export function whereSessionEnds(
  trace: Trace,
  machine: MachineKind,
  session: bigint,
  only: PartitionId | undefined,
): Place | undefined {
  for (const { partition } of trace.header.terms.partitions) {
    if (only !== undefined && only !== partition) continue;
    const bare = new BareMachine(machine, partition);
    let lived = false;
    for (const line of trace.events) {
      if (line.e !== "commit" || line.partition !== partition) continue;
      bare.apply(line);
      if (line.index < session) continue;
      const opened = open(bare.look());
      if (opened.kind === "refused") return undefined;
      const lives = PartitionSnapshot.decode(opened.payload).sessions.some((each) => each.sessionId === session);
      if (lived && !lives) return { partition, index: line.index };
      lived = lives;
      if (!lived) break;
    }
  }
  return undefined;
}

/** A machine that takes part in nothing: the entries of one partition, one after the other. */
class BareMachine {
  readonly #player: LogPlayer;
  index = 0n;

  constructor(
    machine: MachineKind,
    readonly partition: PartitionId,
  ) {
    this.#player = new LogPlayer(machine);
  }

  apply(commit: CommitLine): void {
    const { t, partition, index } = commit;
    const applied = { reply: { kind: "answer", outputs: [], complete: true }, emissions: [] } as const;
    this.#player.play(commit);
    this.#player.play({ e: "apply", t, partition, replica: 0, index, applied });
    this.index = index;
  }

  look(): Uint8Array {
    return lookAt(this.#player, this.partition, 0, LogIndex(this.index)) ?? new Uint8Array(0);
  }
}

function lookAt(
  player: LogPlayer,
  partition: PartitionId,
  replica: ReplicaId,
  index: LogIndex,
): Uint8Array | undefined {
  const bytes = new Uint8Array(0);
  const seen = player.play({ e: "observe", t: Micros(0), partition, replica, index, why: "shadow", bytes });
  return seen?.e === "observe" ? seen.bytes : undefined;
}

/** Where two saved states differ first, by the path in their JSON; undefined where one is opaque, or nothing of it is known. */
export function savedDifference(left: Uint8Array, right: Uint8Array): FieldDifference | undefined {
  try {
    return jsonDifference(labelled(readable(left)), labelled(readable(right)));
  } catch {
    // A machine on trial may save what nobody can read.
    return undefined;
  }
}

/** A state with each record of a session's that is no command called what it is: the mark, or a listed number. */
export function labelled(state: Json): Json {
  const { sessions } = state as { readonly sessions?: readonly JsonRecord[] };
  if (sessions === undefined) return state;
  const named = sessions.map((session) => ({
    ...session,
    commands: ((session["commands"] ?? []) as readonly JsonRecord[]).map((record) =>
      "input" in record ? record : { is: record["state"] === "COMMAND_COMPLETE" ? "mark" : "listed", ...record },
    ),
  }));
  return { ...(state as JsonRecord), sessions: named };
}

type JsonRecord = Readonly<Record<string, Json>>;

/** A saved state as JSON, the services' data decoded where it is known. */
export function readable(bytes: Uint8Array): Json {
  const opened = open(bytes);
  if (opened.kind === "refused") return { opaque: `${bytes.length} bytes` };
  const snapshot = PartitionSnapshot.decode(opened.payload);
  const json = (toJson(messages.PartitionSnapshot, snapshot) ?? {}) as { readonly [name: string]: Json };
  const services = snapshot.services.map(({ serviceId, spec, data, sessions }) => {
    const known = states[spec?.service ?? ""];
    return {
      serviceId: serviceId.toString(),
      service: spec?.service ?? "",
      name: spec?.name ?? "",
      data: known === undefined ? { bytes: data.length } : (known.toJSON(known.decode(data) as never) as Json),
      sessions: sessions.map(String),
    };
  });
  return { ...json, services };
}
