// Everything joined: `--fsm examples/own-service/machine.ts` puts the reference machine with semaphores on trial, and brings
// along what the judge and the clients are to know of them, a fault, and two properties.
import { defineService, type MachineKind, referenceWith } from "multiraft-sim";
import { leaderCrash } from "./fault.js";
import { semaphoreModel } from "./model.js";
import { enoughFree, holdersAlive } from "./property.js";
import { semaphore } from "./semaphore.js";
import { semaphoreWorkload } from "./workload.js";

export const service = defineService({
  kind: "semaphore",
  machine: semaphore,
  model: semaphoreModel,
  workload: semaphoreWorkload,
});

const machine: MachineKind = referenceWith(service);

export default machine;

export const services = [service];
export const faults = [leaderCrash];
export const properties = [holdersAlive, enoughFree];
