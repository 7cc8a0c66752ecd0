// A time to live is saved as what remains of it, and counts from the log time of whoever loads it. The kind of slip that
// session machines have: a replica that is restored does not yet know what time it is. Brought out by a restore while a
// value has a TTL.
import { fromNanos, Nanos, type SecondsAndNanos, toNanos } from "../src/base/time.js";
import { restoring } from "../src/fsm/restore.js";
import { saving } from "../src/fsm/snapshot.js";
import type { ServiceSnapshot } from "../src/proto/atomix/multiraft/v1/fsm.js";
import { MapState } from "../src/proto/multiraft_sim/map/v1/map.js";
import { ValueState } from "../src/proto/multiraft_sim/value/v1/value.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";
import { set } from "./payloads.js";

export const ttlRestarts = machineBug(
  {
    name: "ttl-restarts",
    what: "a TTL is saved as what remains",
    caughtBy: ["ttl/exact", "snapshot/invisible"],
    shows: log()
      .at(50)
      .open(90)
      .create(1, "value")
      .run(1, 2, 1, "Set", set(1, 30))
      .restore()
      .at(60)
      .tick()
      .ask(1, 2, "Get").steps,
  },
  {
    saving: {
      ...saving,
      service: (m, instance) =>
        withDeadlines(saving.service(m, instance), (deadline) => Nanos(deadline - m.state.time)),
    },
    restoring: {
      ...restoring,
      service: (m, state, saved, held) =>
        restoring.service(
          m,
          state,
          withDeadlines(saved, (left) => Nanos(left + m.state.time)),
          held,
        ),
    },
  },
);

function withDeadlines(saved: ServiceSnapshot, change: (nanos: Nanos) => Nanos): ServiceSnapshot {
  const changed = <Entry extends { deadline: SecondsAndNanos | undefined }>(entry: Entry): Entry =>
    entry.deadline === undefined ? entry : { ...entry, deadline: fromNanos(change(toNanos(entry.deadline))) };
  if (saved.spec?.service === "map") {
    const state = MapState.decode(saved.data);
    return { ...saved, data: MapState.encode({ ...state, entries: state.entries.map(changed) }).finish() };
  }
  if (saved.spec?.service !== "value") return saved;
  const state = ValueState.decode(saved.data);
  const entry = state.entry === undefined ? undefined : changed(state.entry);
  return { ...saved, data: ValueState.encode({ ...state, entry }).finish() };
}
