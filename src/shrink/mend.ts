// After something was taken out of a plan: takes out what leaned on it, so that the plan can be read and played. Addresses
// (names of clients, numbers of lives, operations and faults) stay as they are: they are what luck is drawn by.
import type { ClientPlan, FaultPlan, LifePlan, Plan } from "../sim/plan.js";

export function mend(plan: Plan): Plan {
  const partitions = plan.partitions.filter((each) => each.replicas.length > 0);
  const places = new Map(partitions.map((each) => [each.partition, new Set(each.replicas.map((one) => one.replica))]));
  const services = plan.services.filter((each) => places.has(each.partition));
  const known = new Set(services.map((each) => each.name));
  const clients = plan.clients
    .map((client): ClientPlan => ({ ...client, lives: client.lives.map((life) => mendLife(life, known)) }))
    .filter((client) => client.lives.some((life) => life.operations.length > 0));
  const names = new Set(clients.map((each) => each.client));
  const used = new Set(
    clients.flatMap(({ lives }) => lives.flatMap((life) => life.operations.map((op) => op.service))),
  );
  const strikes = ({ partition, replica, client }: FaultPlan): boolean =>
    (client === undefined || names.has(client)) &&
    (partition === undefined || places.has(partition)) &&
    (partition === undefined || replica === undefined || places.get(partition)?.has(replica) === true);
  return {
    ...plan,
    partitions,
    services: services.filter((each) => used.has(each.name)),
    clients,
    faults: plan.faults.filter(strikes),
  };
}

function mendLife(life: LifePlan, services: ReadonlySet<string>): LifePlan {
  const operations = life.operations.filter((each) => services.has(each.service));
  return operations.length === life.operations.length ? life : { ...life, operations };
}
