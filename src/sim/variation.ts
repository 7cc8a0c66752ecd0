// Seeds that stand for a drawn plan and what was varied in it since: other luck, other faults, the same faults at other times,
// operations closer together. A varied seed holds its whole lineage, so whatever takes a seed – run, replay, shrink – takes one.
// Ordinary seeds draw what they always drew.
import type { FaultPlan, Plan } from "./plan.js";
import { Dice } from "./random.js";

/** The base seed takes 64 bits, each variation 16, their number 4; the mark is above every seed that a person types. */
const BASE = 64n;
const EACH = 16n;
const COUNT_AT = 160n;
const MARK = 1n << 168n;
/** No more of them fit into a seed. */
export const MOST_VARIATIONS = 6;

/** A seed's base, and what was varied, one number after the other. */
export interface Lineage {
  readonly base: bigint;
  readonly variations: readonly number[];
}

/** The lineage of a varied seed; undefined for an ordinary one. */
export function lineageOf(seed: bigint): Lineage | undefined {
  if ((seed & MARK) === 0n || seed >= MARK << 1n) return undefined;
  const count = Number((seed >> COUNT_AT) & 0xfn);
  const variations = Array.from({ length: count }, (_, at) => Number((seed >> (BASE + EACH * BigInt(at))) & 0xffffn));
  return { base: seed & ((1n << BASE) - 1n), variations };
}

/** The seed that stands for another one's plan varied once more; undefined where no more fits. `by`: below 65536. */
export function variedSeed(seed: bigint, by: number): bigint | undefined {
  const { base, variations } = lineageOf(seed) ?? { base: seed, variations: [] };
  if (base >= 1n << BASE || variations.length >= MOST_VARIATIONS) return undefined;
  const chain = [...variations, by];
  let written = MARK | (BigInt(chain.length) << COUNT_AT) | base;
  for (const [at, each] of chain.entries()) written |= BigInt(each & 0xffff) << (BASE + EACH * BigInt(at));
  return written;
}

/** The plan of a lineage. `draw`: draws the plan of an ordinary seed. */
export function varyAlong({ base, variations }: Lineage, draw: (seed: bigint) => Plan): Plan {
  let plan = draw(base);
  let name = `${base}`;
  for (const each of variations) {
    name += `+${each}`;
    plan = varied(plan, new Dice(`${name}/variation`), draw);
  }
  return plan;
}

type Variation = (plan: Plan, dice: Dice, draw: (seed: bigint) => Plan) => Plan;

const VARIATIONS: readonly (readonly [Variation, number])[] = [
  [otherLuck, 3],
  [faultsOfAnother, 2],
  [moreFaults, 3],
  [faultsMoved, 2],
  [faultRepeated, 2],
  [closerTogether, 2],
  [savedMoreOften, 1],
];

function varied(plan: Plan, dice: Dice, draw: (seed: bigint) => Plan): Plan {
  let made = plan;
  const times = dice.between(1, 2);
  for (let i = 0; i < times; i++) made = dice.weighted(VARIATIONS)(made, dice, draw);
  return made;
}

// All by-address draws anew, or those of one room.
function otherLuck(plan: Plan, dice: Dice): Plan {
  const fresh = { network: dice.key(), replica: dice.key(), log: dice.key(), client: dice.key() };
  const room = dice.pick(["network", "replica", "log", "client", "all"] as const);
  return { ...plan, keys: room === "all" ? fresh : { ...plan.keys, [room]: fresh[room] } };
}

function faultsOfAnother(plan: Plan, dice: Dice, draw: (seed: bigint) => Plan): Plan {
  return withFaults({ ...plan, faults: [] }, another(dice, draw).faults);
}

function moreFaults(plan: Plan, dice: Dice, draw: (seed: bigint) => Plan): Plan {
  return withFaults(plan, another(dice, draw).faults);
}

const another = (dice: Dice, draw: (seed: bigint) => Plan): Plan => draw(BigInt(dice.between(0, 0xffff_ffff)));

function faultsMoved(plan: Plan, dice: Dice): Plan {
  const most = Math.floor(plan.length / 3);
  return { ...plan, faults: plan.faults.map((fault) => moved(fault, dice.between(-most, most), plan.length)) };
}

function faultRepeated(plan: Plan, dice: Dice): Plan {
  if (plan.faults.length === 0) return plan;
  const chosen = dice.pick(plan.faults);
  return withFaults(plan, [moved(chosen, dice.between(-plan.length, plan.length), plan.length)]);
}

/** The whole window moves, and stays within the run. */
function moved(fault: FaultPlan, by: number, length: number): FaultPlan {
  const span = fault.until - fault.from;
  const from = Math.min(Math.max(0, fault.from + by), Math.max(0, length - span));
  return { ...fault, from, until: from + span };
}

// What a client does in its life, it does in the first part of it.
function closerTogether(plan: Plan, dice: Dice): Plan {
  const part = dice.between(2, 6);
  const clients = plan.clients.map((client) => ({
    ...client,
    lives: client.lives.map((life) => ({
      ...life,
      operations: life.operations.map((each) => ({
        ...each,
        at: life.from + Math.floor((Math.max(0, each.at - life.from) * part) / 8),
      })),
    })),
  }));
  return { ...plan, clients };
}

function savedMoreOften(plan: Plan, dice: Dice): Plan {
  const times = dice.between(2, 5);
  const partitions = plan.partitions.map((partition) => ({
    ...partition,
    replicas: partition.replicas.map((replica) => ({ ...replica, saves: Math.min(300, 10 + replica.saves * times) })),
  }));
  return { ...plan, partitions };
}

/** The plan with these faults besides its own, as far as whom they strike is there. */
function withFaults(plan: Plan, faults: readonly FaultPlan[]): Plan {
  const replicas = new Map(plan.partitions.map((each) => [each.partition, each.replicas.map((one) => one.replica)]));
  const clients = new Set(plan.clients.map((each) => each.client));
  const used = new Set(plan.faults.map(({ id }) => id));
  const all = [...plan.faults];
  for (const fault of faults) {
    const { partition, replica, client } = fault;
    if (partition !== undefined && !replicas.has(partition)) continue;
    if (replica !== undefined && replicas.get(partition ?? 1)?.includes(replica) !== true) continue;
    if (client !== undefined && !clients.has(client)) continue;
    let number = 1;
    while (used.has(`${fault.fault}.${number}`)) number++;
    const id = `${fault.fault}.${number}`;
    used.add(id);
    all.push(moved({ ...fault, id }, 0, plan.length));
  }
  return { ...plan, faults: all };
}
