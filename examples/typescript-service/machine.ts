// The reference machine with one kind of service more. `--fsm examples/typescript-service/machine.ts` puts it on trial.
import { createMachine, type MachineKind, referenceParts, registryOf, services } from "multiraft-sim";
import { queueModel } from "./model.js";
import { queue } from "./queue.js";

const parts = { ...referenceParts, registry: registryOf(...services.values(), queue) };

const machine: MachineKind = {
  name: "reference with a queue",
  capabilities: { services: [...parts.registry.keys()], snapshots: "canonical", ticks: true },
  create: () => createMachine(parts),
};

export default machine;

/** What the judge is to know beside its own models. */
export const models = { queue: queueModel };
