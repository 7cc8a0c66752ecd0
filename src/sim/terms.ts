// What the judge must know of a trial before it begins, taken from the plan and the machine. It stands in a trace's header.
import { Micros } from "../base/time.js";
import type { MachineKind } from "../protocol/machine.js";
import type { Terms } from "../trace/line.js";
import type { Plan } from "./plan.js";

export function termsOf(plan: Plan, machine: MachineKind): Terms {
  return {
    machine: { name: machine.name, capabilities: machine.capabilities },
    partitions: plan.partitions.map((each) => ({ partition: each.partition, replicas: each.replicas.length })),
    livenessBound: Micros(plan.livenessBound),
    played: "world",
  };
}
