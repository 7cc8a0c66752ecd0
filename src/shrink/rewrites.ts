// How a plan is made plainer without taking anything out: faults weaker and shorter, optional fields gone, numbers round.
// Each rewrite lists candidates, the boldest first; the first that still fails is taken.
import { faultNamed } from "../sim/faults/registry.js";
import type { Arguments, ClientPlan, FaultPlan, LifePlan, OperationPlan, Plan, ReplicaPlan } from "../sim/plan.js";
import { mend } from "./mend.js";

/** Candidates for one place of the plan. Each is a whole plan. */
export type Alternatives = readonly Plan[];

/** Makes the places of a plan plainer, one after the other; is told which plan stands now. */
export interface Rewrite {
  readonly name: string;
  /** How many places there are. */
  places(plan: Plan): number;
  /** What may stand instead at a place; none where it is plain already. */
  at(plan: Plan, place: number): Alternatives;
}

/** What may be dropped of an operation, and what may stand in the place of its arguments. */
const OPTIONAL = ["startsAfter", "givesUpAfter", "takes", "holds"] as const;
const OPTIONAL_ARGUMENTS = ["ttlNanos", "timeoutNanos", "version", "token", "delta", "number", "expect"] as const;

function withFault(plan: Plan, at: number, fault: FaultPlan): Plan {
  return { ...plan, faults: plan.faults.map((each, i) => (i === at ? fault : each)) };
}

/** Weaker and shorter faults: a parameter at its mildest, or halfway there; half of the window. */
const weakerFaults: Rewrite = {
  name: "weaker faults",
  places: (plan) => plan.faults.length,
  at(plan, place) {
    const fault = plan.faults[place] as FaultPlan;
    const weaker: FaultPlan[] = [];
    for (const [name, parameter] of Object.entries(faultNamed(fault.fault)?.parameters ?? {})) {
      const now = fault.with[name];
      const [least] = parameter.range;
      if (now === undefined || now <= least || parameter.unit === "‰") continue;
      for (const value of [least, least + ((now - least) >> 1)]) {
        if (value < now) weaker.push({ ...fault, with: { ...fault.with, [name]: value } });
      }
    }
    const length = fault.until - fault.from;
    if (length > 2000) {
      const half = fault.from + Math.ceil(length / 2);
      weaker.push({ ...fault, until: half }, { ...fault, from: half });
    }
    return weaker.map((each) => withFault(plan, place, each));
  },
};

function mapOperation(plan: Plan, place: number, change: (op: OperationPlan) => OperationPlan[]): Plan[] {
  let at = -1;
  for (const [c, client] of plan.clients.entries()) {
    for (const [l, life] of client.lives.entries()) {
      for (const [o, op] of life.operations.entries()) {
        at += 1;
        if (at !== place) continue;
        return change(op).map((one) => {
          const operations = life.operations.map((each, i) => (i === o ? one : each));
          return withLife(plan, c, l, { ...life, operations });
        });
      }
    }
  }
  return [];
}

function withLife(plan: Plan, c: number, l: number, life: LifePlan): Plan {
  const clients = plan.clients.map((client, i) =>
    i === c ? { ...client, lives: client.lives.map((each, j) => (j === l ? life : each)) } : client,
  );
  return mend({ ...plan, clients });
}

function countOperations(plan: Plan): number {
  return plan.clients.reduce((sum, { lives }) => sum + lives.reduce((n, life) => n + life.operations.length, 0), 0);
}

function without<T extends object, Name extends keyof T>(from: T, name: Name): T {
  const { [name]: _, ...rest } = from;
  return rest as unknown as T;
}

/** Operations without what they don't need. */
const plainerOperations: Rewrite = {
  name: "plainer operations",
  places: countOperations,
  at: (plan, place) =>
    mapOperation(plan, place, (op) => {
      const plainer: OperationPlan[] = [];
      for (const name of OPTIONAL) if (op[name] !== undefined && op[name] !== 0) plainer.push(plain(op, name));
      for (const name of OPTIONAL_ARGUMENTS) {
        if (op.with[name] !== undefined) plainer.push({ ...op, with: without<Arguments, typeof name>(op.with, name) });
      }
      for (const [name, value] of [
        ["value", "x"],
        ["key", "a"],
        ["element", "a"],
      ] as const) {
        const now = op.with[name];
        if (now !== undefined && now !== value) plainer.push({ ...op, with: { ...op.with, [name]: value } });
      }
      return plainer;
    }),
};

// An Acquire without a time to hold holds for no time.
function plain(op: OperationPlan, name: (typeof OPTIONAL)[number]): OperationPlan {
  return name === "holds" ? { ...op, holds: 0 } : without(op, name);
}

const rounded = (value: number, grain: number): number => Math.round(value / grain) * grain;

/** Instants and spans as round numbers. */
const roundTimes: Rewrite = {
  name: "rounder times",
  places: countOperations,
  at: (plan, place) =>
    mapOperation(plan, place, (op) =>
      [1_000_000, 100_000, 10_000, 1000]
        .filter((grain) => op.at % grain !== 0)
        .map((grain) => ({ ...op, at: rounded(op.at, grain) })),
    ),
};

function eachLife(plan: Plan, place: number, change: (life: LifePlan, client: ClientPlan) => LifePlan[]): Plan[] {
  let at = -1;
  for (const [c, client] of plan.clients.entries()) {
    for (const [l, life] of client.lives.entries()) {
      at += 1;
      if (at === place) return change(life, client).map((one) => withLife(plan, c, l, one));
    }
  }
  return [];
}

const plainerLives: Rewrite = {
  name: "plainer lives",
  places: (plan) => plan.clients.reduce((sum, each) => sum + each.lives.length, 0),
  at: (plan, place) =>
    eachLife(plan, place, (life) => {
      const plainer: LifePlan[] = [];
      if (life.ends !== "stays") plainer.push({ ...life, ends: "stays" });
      if (life.ends === "crashes") plainer.push({ ...life, ends: "closes" });
      const grains = [1_000_000_000, 100_000_000, 1_000_000];
      for (const grain of grains) {
        const timeouts = life.timeouts.map((each) => ({
          ...each,
          nanos: Math.max(grain, rounded(each.nanos, grain)),
        }));
        if (timeouts.some((each, i) => each.nanos !== life.timeouts[i]?.nanos)) plainer.push({ ...life, timeouts });
      }
      for (const grain of [1_000_000, 100_000]) {
        if (life.from % grain !== 0) plainer.push({ ...life, from: Math.floor(life.from / grain) * grain });
        if (life.ends !== "stays" && life.until % grain !== 0) {
          plainer.push({ ...life, until: rounded(life.until, grain) });
        }
      }
      return plainer;
    }),
};

const plainerClients: Rewrite = {
  name: "plainer clients",
  places: (plan) => plan.clients.length,
  at(plan, place) {
    const client = plan.clients[place] as ClientPlan;
    const with_ = (one: ClientPlan): Plan => ({
      ...plan,
      clients: plan.clients.map((each, i) => (i === place ? one : each)),
    });
    const plainer: Plan[] = [];
    if (client.drift !== 0) plainer.push(with_({ ...client, drift: 0 }));
    return plainer;
  },
};

function withReplicas(plan: Plan, place: number, change: (replica: ReplicaPlan) => ReplicaPlan): Plan {
  const partitions = plan.partitions.map((each, i) =>
    i === place ? { ...each, replicas: each.replicas.map(change) } : each,
  );
  return { ...plan, partitions };
}

/** Replicas that are all alike, look at nothing, and save nothing. */
const plainerReplicas: Rewrite = {
  name: "plainer replicas",
  places: (plan) => plan.partitions.length,
  at(plan, place) {
    const replicas = plan.partitions[place]?.replicas ?? [];
    const plainer: Plan[] = [];
    if (replicas.some((each) => each.saves > 0)) {
      plainer.push(withReplicas(plan, place, (each) => ({ ...each, saves: 0 })));
    }
    if (replicas.some((each) => each.observed > 0)) {
      plainer.push(withReplicas(plan, place, (each) => ({ ...each, observed: 0 })));
    }
    for (const [at, { saves, observed }] of replicas.entries()) {
      const only = (what: Partial<ReplicaPlan>): Plan =>
        withReplicas(plan, place, (each) => (each === replicas[at] ? { ...each, ...what } : each));
      if (saves > 0) plainer.push(only({ saves: 0 }));
      if (observed > 0) plainer.push(only({ observed: 0 }));
    }
    if (replicas.some((each) => each.pace.most !== 1000)) {
      plainer.push(withReplicas(plan, place, (each) => ({ ...each, pace: { least: 1000, most: 1000 } })));
    }
    return plainer;
  },
};

/** What the whole run shares. */
const plainerRun: Rewrite = {
  name: "plainer run",
  places: () => 1,
  at(plan) {
    const plainer: Plan[] = [];
    if (plan.rounds > 1) plainer.push({ ...plan, rounds: 1 }, { ...plan, rounds: plan.rounds >> 1 });
    if (plan.entries > 0) plainer.push({ ...plan, entries: 0 }, { ...plan, entries: plan.entries >> 1 });
    const { least, most } = plan.network;
    if (least !== 1000 || most !== 1000) plainer.push({ ...plan, network: { least: 1000, most: 1000 } });
    for (const factor of [8, 2]) {
      const length = Math.floor(plan.length / factor);
      if (length > 1000) plainer.push({ ...plan, length });
    }
    return plainer;
  },
};

/** In the order in which they are tried. */
export const REWRITES: readonly Rewrite[] = [
  plainerRun,
  weakerFaults,
  plainerLives,
  plainerOperations,
  plainerReplicas,
  plainerClients,
  roundTimes,
];
