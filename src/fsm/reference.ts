// The real state machine as a kind that can stand trial.
import type { MachineKind } from "../protocol/machine.js";
import { SERVICE_KINDS } from "../protocol/operations.js";
import { createMachine, referenceParts } from "./session-machine.js";

/** All six services, canonical snapshots, time told by ticks. */
export const reference: MachineKind = {
  name: "reference",
  capabilities: { services: SERVICE_KINDS, snapshots: "canonical", ticks: true },
  create: () => createMachine(referenceParts),
};
