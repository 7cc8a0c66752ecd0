// Draws a plan from a scenario and a seed: topology, clients and their lives, operations, faults. Each room has dice of its
// own, so that a change in one moves no other. What comes out is data; nothing is drawn by turn after this.
import { fnv1a32 } from "../base/hash.js";
import { drawClients } from "./drawing-clients.js";
import type { FaultKind } from "./faults/fault.js";
import { FAULTS } from "./faults/registry.js";
import type { Draft } from "./draft.js";
import {
  PLAN_FORMAT,
  type ClientPlan,
  type FaultPlan,
  type PartitionPlan,
  type Plan,
  type ServicePlan,
} from "./plan.js";
import { addressOf, bitsAt, Dice, happens, Lane } from "./random.js";
import type { FaultBounds, Repertoire, Scenario } from "./scenario.js";
import { lineageOf, varyAlong } from "./variation.js";
import { operationsUnder } from "./workload.js";

/**
 * The plan of a seed: everything that is drawn before the run. The same scenario and seed give the same plan.
 * `own`: what the scenario may name beside what is built in.
 */
export function draw(scenario: Scenario, seed: bigint, own: Repertoire = {}): Plan {
  const lineage = lineageOf(seed);
  if (lineage === undefined) return drawPlain(scenario, seed, own);
  return varyAlong(lineage, (base) => drawPlain(scenario, base, own));
}

function drawPlain(scenario: Scenario, seed: bigint, own: Repertoire): Plan {
  const dice = (room: string): Dice => new Dice(`${seed}/${room}`);
  const keys = dice("keys");
  const topology = dice("topology");
  const length = topology.between(...scenario.length.seconds) * 1_000_000;
  const least = topology.between(100, 2000);
  const network = { least, most: least + topology.between(200, 20_000) };
  const partitions = drawPartitions(topology, scenario);
  const services = drawServices(topology, scenario, partitions.length);
  const clients = drawClients(
    dice("clients"),
    { scenario, drawOperation: operationsUnder(scenario, own.workloads) },
    length,
    services,
  );
  const draft: Draft = { length, partitions, services, clients };
  return {
    plan: PLAN_FORMAT,
    scenario: scenario.name,
    keys: { network: keys.key(), replica: keys.key(), log: keys.key(), client: keys.key() },
    length,
    rounds: scenario.length.rounds,
    entries: scenario.length.entries,
    livenessBound: livenessBound(partitions, clients, network.most),
    network,
    partitions,
    services,
    clients,
    faults: drawFaults(`${seed}/faults`, keys.key(), scenario, draft, own.faults ?? []),
  };
}

function drawPartitions(dice: Dice, scenario: Scenario): PartitionPlan[] {
  const many = dice.pick(scenario.topology.partitions);
  const partitions: PartitionPlan[] = [];
  for (let partition = 1; partition <= many; partition++) {
    const replicas = dice.pick(scenario.topology.replicas);
    // One of them is looked at only at its end: what observation changes would show on the others.
    const quiet = dice.between(1, replicas);
    const commit = dice.between(200, 3000);
    // Where it takes long, log time leaps afterwards, over several deadlines at once.
    const election = dice.happens(200) ? dice.between(1_500_000, 4_000_000) : dice.between(50_000, 600_000);
    partitions.push({
      partition,
      replicas: Array.from({ length: replicas }, (_, i) => ({
        replica: i + 1,
        pace: drawPace(dice),
        observed: i + 1 === quiet ? 0 : dice.between(...scenario.observe.perMille),
        saves: i + 1 === quiet ? 0 : dice.between(...scenario.observe.saves),
      })),
      commit: { least: commit, most: commit + dice.between(500, 20_000) },
      election: { least: election, most: election + dice.between(10_000, 600_000) },
      keeps: 64,
    });
  }
  return partitions;
}

// Most replicas are fast; some need a while for each entry.
function drawPace(dice: Dice): { least: number; most: number } {
  const least = dice.between(50, 2000);
  return { least, most: least + (dice.happens(250) ? dice.between(1000, 200_000) : dice.between(100, 5000)) };
}

function drawServices(dice: Dice, scenario: Scenario, partitions: number): ServicePlan[] {
  const services: ServicePlan[] = [];
  for (const kind of scenario.services) {
    const many = dice.between(...scenario.topology.servicesOfAKind);
    for (let i = 1; i <= many; i++) {
      const name = `${kind}-${i}`;
      services.push({ name, kind, namespace: "default", partition: (fnv1a32(name) % partitions) + 1 });
    }
  }
  return services;
}

// Swarm: most faults are off in most runs, so that rare combinations come up undisturbed.
function drawFaults(
  room: string,
  key: number,
  scenario: Scenario,
  draft: Draft,
  own: readonly FaultKind[],
): FaultPlan[] {
  const faults: FaultPlan[] = [];
  for (const kind of [...FAULTS, ...own]) {
    const bounds: FaultBounds | undefined = scenario.faults[kind.name];
    if (bounds === undefined) continue;
    // Dice are dear: those that most faults would only throw once are spared them.
    if (!happens(bitsAt(key, addressOf(kind.name), Lane.on), bounds.chance)) continue;
    const dice = new Dice(`${room}/${kind.name}`);
    const numbers = (): Record<string, number> => {
      const drawn: Record<string, number> = {};
      for (const [name, parameter] of Object.entries(kind.parameters)) {
        drawn[name] = dice.between(...(bounds.with?.[name] ?? parameter.range));
      }
      return drawn;
    };
    kind.draw(dice, draft, numbers).forEach((each, i) => {
      faults.push({ id: `${kind.name}.${i + 1}`, fault: kind.name, ...each });
    });
  }
  return faults;
}

/**
 * Within this span of the liveness phase everything has ended. The dead sessions first: the longest time-out, and a tick.
 * Then the queues of locks: each Acquire is granted and released in two round trips, and may be asked for again after its
 * client's patience. Then two keep-alives of the slowest session, of which the second finds nothing open.
 */
function livenessBound(
  partitions: readonly PartitionPlan[],
  clients: readonly ClientPlan[],
  networkMost: number,
): number {
  let timeout = 5_000_000;
  let patience = 0;
  let acquires = 0;
  for (const client of clients) {
    patience = Math.max(patience, client.patience);
    for (const life of client.lives) {
      for (const each of life.timeouts) timeout = Math.max(timeout, Math.ceil(each.nanos / 1000));
      acquires += life.operations.filter((each) => each.kind === "acquire").length;
    }
  }
  let step = 2 * networkMost;
  let election = 0;
  for (const partition of partitions) {
    const slowest = Math.max(...partition.replicas.map((each) => each.pace.most));
    step = Math.max(step, 2 * networkMost + partition.commit.most + slowest);
    election = Math.max(election, partition.election.most);
  }
  return 3 * timeout + 4 * patience + election + acquires * 4 * step + 5_000_000;
}
