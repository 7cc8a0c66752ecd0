// What can be taken out of a plan, kind by kind, from coarse to fine. Each kind lists its items, and makes the plan that
// keeps only some of them. What leaned on an item goes with it (mend.ts).
import type { FaultPlan, LifePlan, OperationPlan, Plan } from "../sim/plan.js";
import { mend } from "./mend.js";

export interface Removal {
  /** As progress names it. */
  readonly name: string;
  /** Stable names of everything of the kind that the plan holds. */
  items(plan: Plan): readonly string[];
  keeping(plan: Plan, kept: ReadonlySet<string>): Plan;
}

function mapLives(plan: Plan, change: (client: string, life: LifePlan) => readonly LifePlan[]): Plan {
  const clients = plan.clients.map((each) => ({
    ...each,
    lives: each.lives.flatMap((life) => change(each.client, life)),
  }));
  return mend({ ...plan, clients });
}

const lifeName = (client: string, life: LifePlan): string => `${client}.${life.incarnation}`;
const operationName = (client: string, life: LifePlan, op: OperationPlan): string =>
  `${lifeName(client, life)}/${op.op}`;

function livesOf(plan: Plan): [string, LifePlan][] {
  return plan.clients.flatMap((each) => each.lives.map((life): [string, LifePlan] => [each.client, life]));
}

const partitions: Removal = {
  name: "partitions",
  items: (plan) => plan.partitions.map((each) => String(each.partition)),
  keeping: (plan, kept) =>
    mend({ ...plan, partitions: plan.partitions.filter((each) => kept.has(String(each.partition))) }),
};

const faultKinds: Removal = {
  name: "kinds of faults",
  items: (plan) => [...new Set(plan.faults.map((each) => each.fault))],
  keeping: (plan, kept) => ({ ...plan, faults: plan.faults.filter((each) => kept.has(each.fault)) }),
};

const faults: Removal = {
  name: "faults",
  items: (plan) => plan.faults.map((each) => each.id),
  keeping: (plan, kept) => ({ ...plan, faults: plan.faults.filter((each: FaultPlan) => kept.has(each.id)) }),
};

const clients: Removal = {
  name: "clients",
  items: (plan) => plan.clients.map((each) => each.client),
  keeping: (plan, kept) => mend({ ...plan, clients: plan.clients.filter((each) => kept.has(each.client)) }),
};

const services: Removal = {
  name: "services",
  items: (plan) => plan.services.map((each) => each.name),
  keeping: (plan, kept) => mend({ ...plan, services: plan.services.filter((each) => kept.has(each.name)) }),
};

const lives: Removal = {
  name: "lives",
  items: (plan) => livesOf(plan).map(([client, life]) => lifeName(client, life)),
  keeping: (plan, kept) => mapLives(plan, (client, life) => (kept.has(lifeName(client, life)) ? [life] : [])),
};

const operations: Removal = {
  name: "operations",
  items: (plan) =>
    livesOf(plan)
      .flatMap(([client, life]) => life.operations.map((op) => ({ at: op.at, name: operationName(client, life, op) })))
      .sort((a, b) => a.at - b.at)
      .map(({ name }) => name),
  keeping: (plan, kept) =>
    mapLives(plan, (client, life) => [
      { ...life, operations: life.operations.filter((op) => kept.has(operationName(client, life, op))) },
    ]),
};

const replicas: Removal = {
  name: "replicas",
  items: (plan) => plan.partitions.flatMap((each) => each.replicas.map((one) => `${each.partition}.${one.replica}`)),
  keeping: (plan, kept) =>
    mend({
      ...plan,
      partitions: plan.partitions.map((each) => ({
        ...each,
        replicas: each.replicas.filter((one) => kept.has(`${each.partition}.${one.replica}`)),
      })),
    }),
};

/** Ways in which a client's life is made less eventful, each a fault that is counted. */
const deaths: Removal = {
  name: "crashes of clients",
  items: (plan) => livesOf(plan).flatMap(([client, life]) => (life.ends === "stays" ? [] : [lifeName(client, life)])),
  keeping: (plan, kept) =>
    mapLives(plan, (client, life) => [
      life.ends === "stays" || kept.has(lifeName(client, life)) ? life : { ...life, ends: "stays" },
    ]),
};

/** From coarse to fine. */
export const REMOVALS: readonly Removal[] = [
  partitions,
  faultKinds,
  clients,
  services,
  lives,
  faults,
  operations,
  deaths,
  replicas,
];
