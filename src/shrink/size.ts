// How large a plan is, as a person counts: operations of the workload and faults. What the protocol adds (opening sessions,
// creating services, keep-alives, ticks, the Release behind an Acquire) is not counted.
import type { Plan } from "../sim/plan.js";

/** How large a plan is, as a person counts. */
export interface Size {
  readonly operations: number;
  /** Drawn faults, and clients that crash or come back: those stand in the clients' lives. */
  readonly faults: number;
  readonly clients: number;
  readonly replicas: number;
  readonly partitions: number;
}

export function sizeOf(plan: Plan): Size {
  let operations = 0;
  let { length: faults } = plan.faults;
  for (const { lives } of plan.clients) {
    faults += Math.max(0, lives.length - 1);
    for (const life of lives) {
      operations += life.operations.length;
      if (life.ends === "crashes") faults += 1;
    }
  }
  const replicas = plan.partitions.reduce((sum, each) => sum + each.replicas.length, 0);
  return { operations, faults, clients: plan.clients.length, replicas, partitions: plan.partitions.length };
}

/** Below zero: `a` is smaller. Operations and faults count alike; then clients, replicas, partitions. */
export function compareSizes(a: Size, b: Size): number {
  return (
    a.operations + a.faults - (b.operations + b.faults) ||
    a.clients - b.clients ||
    a.replicas - b.replicas ||
    a.partitions - b.partitions
  );
}
