// The same with a bug put in: a session that ends takes its permits with it. `--fsm examples/own-service/forgetful.ts` fails.
import { defineService, type MachineKind, referenceWith } from "multiraft-sim";
import { service } from "./machine.js";
import { semaphore } from "./semaphore.js";

const forgetful = defineService({ ...service, machine: { ...semaphore, leave: () => undefined } });

const machine: MachineKind = referenceWith(forgetful);

export default machine;

export const services = [forgetful];
export { faults, properties } from "./machine.js";
