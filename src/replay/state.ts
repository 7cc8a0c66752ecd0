// The state of the machine at an index, for a person: the entries up to there are played into a fresh machine, and what it
// saves is shown as JSON.
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
import type { Trace } from "../trace/file.js";
import { LogPlayer } from "./as-log.js";
import type { Place } from "./place.js";

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
  const player = new LogPlayer(machine);
  const commits = trace.events.filter((line) => line.e === "commit" && line.partition === partition);
  const last = commits.at(-1);
  if (last?.e !== "commit" || last.index < index) {
    const there = last?.e === "commit" ? `ends at ${last.index}` : "has no entries";
    throw new UsageError(`there is no entry ${partition}:${index}: the log of partition ${partition} ${there}`);
  }
  for (const line of commits) {
    if (line.e !== "commit" || line.index > index) break;
    player.play(line);
    player.play({
      e: "apply",
      t: line.t,
      partition,
      replica: 0,
      index: line.index,
      applied: { reply: { kind: "answer", outputs: [], complete: true }, emissions: [] },
    });
  }
  const observed = player.play({
    e: "observe",
    t: last.t,
    partition,
    replica: 0,
    index: last.index,
    why: "shadow",
    bytes: new Uint8Array(0),
  });
  return readable(observed?.e === "observe" ? observed.bytes : new Uint8Array(0));
}

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
