// Ways to make rare luck certain. A fault that strikes one message of three needs three messages to strike one: when it
// strikes all, the other two can go. None of them makes a plan smaller by itself.
import { faultNamed } from "../sim/faults/registry.js";
import type { FaultPlan, Plan, ReplicaPlan } from "../sim/plan.js";

export interface Sharpening {
  readonly name: string;
  /** The sharper plan; undefined where it is sharp already. */
  sharpen(plan: Plan): Plan | undefined;
}

function changedOr(plan: Plan, sharper: Plan): Plan | undefined {
  return JSON.stringify(plan) === JSON.stringify(sharper) ? undefined : sharper;
}

function certain(fault: FaultPlan): FaultPlan {
  const parameters = faultNamed(fault.fault)?.parameters ?? {};
  const sharp = Object.entries(fault.with).map(([name, now]) => [name, parameters[name]?.unit === "‰" ? 1000 : now]);
  return { ...fault, with: Object.fromEntries(sharp) as Record<string, number> };
}

function forAll(fault: FaultPlan, plan: Plan): FaultPlan {
  return fault.until > fault.from ? { ...fault, from: 0, until: plan.length } : fault;
}

function replicas(plan: Plan, change: Partial<ReplicaPlan>): Plan {
  const partitions = plan.partitions.map((each) => ({
    ...each,
    replicas: each.replicas.map((one) => ({ ...one, ...change })),
  }));
  return { ...plan, partitions };
}

export const SHARPENINGS: readonly Sharpening[] = [
  {
    name: "faults that strike always",
    sharpen: (plan) => changedOr(plan, { ...plan, faults: plan.faults.map(certain) }),
  },
  {
    name: "faults that last",
    sharpen: (plan) => changedOr(plan, { ...plan, faults: plan.faults.map((each) => forAll(certain(each), plan)) }),
  },
  { name: "replicas that are looked at", sharpen: (plan) => changedOr(plan, replicas(plan, { observed: 1000 })) },
  { name: "replicas that save", sharpen: (plan) => changedOr(plan, replicas(plan, { saves: 1000, observed: 1000 })) },
];
