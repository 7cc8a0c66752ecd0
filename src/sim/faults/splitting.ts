// What two-way and one-way splits share: who is on which side. A replica that is cut off gets no entries and counts for no
// majority, in either direction: Raft needs both.
import type { Draft } from "../draft.js";
import type { Message } from "../message.js";
import type { FaultPlan } from "../plan.js";
import { addressOf, bitsAt, happens, Lane, type Dice } from "../random.js";
import type { Stage } from "../stage.js";
import type { World } from "../world-view.js";
import type { Drawn } from "./fault.js";
import { instances } from "./instances.js";

/** Draws splits that cut off fewer replicas than there are. */
export function splits(dice: Dice, draft: Draft, numbers: () => Record<string, number>): Drawn[] {
  return instances(dice, draft, numbers, "partition").map((each) => {
    const replicas = draft.partitions.find((one) => one.partition === each.partition)?.replicas.length ?? 1;
    const mask = (each.with["replicas"] ?? 1) % (2 ** replicas - 1);
    return { ...each, with: { ...each.with, replicas: mask === 0 ? 1 : mask } };
  });
}

/** From which side to which a message goes: out of the part that is cut off, into it, or neither. */
export function crosses(fault: FaultPlan, message: Message, stage: Stage): "no" | "out" | "in" {
  if (message.partition !== fault.partition) return "no";
  const from = isCutOff(fault, message.from.name, stage);
  const to = isCutOff(fault, message.to.name, stage);
  return from === to ? "no" : from ? "out" : "in";
}

export function separate(world: World, fault: FaultPlan): void {
  world.stage.count(fault.fault);
  for (const log of world.logsOf(fault)) {
    for (const replica of log.replicas) if (isCutOff(fault, replica.name, world.stage)) replica.isolate();
  }
}

export function rejoin(world: World, fault: FaultPlan): void {
  for (const log of world.logsOf(fault)) for (const replica of log.replicas) replica.reach();
  // Another split may still be on.
  for (const { plan } of world.stage.active) {
    if (plan.fault === "network-split" || plan.fault === "one-way-split") separateQuietly(world, plan);
  }
}

function separateQuietly(world: World, fault: FaultPlan): void {
  for (const log of world.logsOf(fault)) {
    for (const replica of log.replicas) if (isCutOff(fault, replica.name, world.stage)) replica.isolate();
  }
}

function isCutOff(fault: FaultPlan, name: string, stage: Stage): boolean {
  const replica = name.indexOf(".r");
  if (replica < 0) {
    const client = addressOf(name.slice(0, name.indexOf(".")));
    return happens(bitsAt(stage.plan.keys.network, client, Lane.side, addressOf(fault.id)), fault.with["clients"] ?? 0);
  }
  return (((fault.with["replicas"] ?? 0) >> (Number(name.slice(replica + 2)) - 1)) & 1) === 1;
}
