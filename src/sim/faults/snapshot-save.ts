// A replica saves its state, at whatever index it stands.
import type { FaultKind } from "./fault.js";
import { instances, striking } from "./instances.js";

export const snapshotSave: FaultKind = {
  name: "snapshot-save",
  models: "snapshots by time, size or an operator's command",
  counts: "a state that is saved",
  parameters: striking([1, 10]),
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "replica"),
  start(world, fault) {
    for (const replica of world.replicasOf(fault)) if (replica.save()) world.stage.count(fault.fault);
  },
};
