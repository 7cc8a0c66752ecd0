// What faults see of the world: enough to do harm in any room of it.
import type { Client } from "./client.js";
import type { Log } from "./log.js";
import type { Network } from "./network.js";
import type { FaultPlan } from "./plan.js";
import type { ReplicaHost } from "./replica.js";
import type { Stage } from "./stage.js";

/** The world, as a fault sees it: enough to do harm in any room of it. */
export interface World {
  readonly stage: Stage;
  readonly network: Network;
  readonly logs: ReadonlyMap<number, Log>;
  readonly clients: ReadonlyMap<string, Client>;
  /** The replicas that a fault is about: one, those of one partition, or all. */
  replicasOf(fault: FaultPlan): readonly ReplicaHost[];
  logsOf(fault: FaultPlan): readonly Log[];
  clientsOf(fault: FaultPlan): readonly Client[];
  /** A fault struck once: counted, and told as a line. */
  strike(fault: FaultPlan, what: string): void;
}
