// What of a plan is drawn already when its faults are: whom they may strike, and when.
import type { ClientPlan, PartitionPlan, PlanMicros, ServicePlan } from "./plan.js";

export interface Draft {
  readonly length: PlanMicros;
  readonly partitions: readonly PartitionPlan[];
  readonly services: readonly ServicePlan[];
  readonly clients: readonly ClientPlan[];
}
