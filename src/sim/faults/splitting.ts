// What two-way and one-way splits share: who is on which side. A replica that is cut off gets no entries and counts for no
// majority, in either direction: Raft needs both.
import type { Draft } from "../draft.js";
import type { Message } from "../message.js";
import type { FaultPlan } from "../plan.js";
import { addressOf, bitsAt, happens, Lane, type Dice } from "../random.js";
import type { Stage } from "../stage.js";
import type { World } from "../world-view.js";
import type { Drawn, Parameter } from "./fault.js";
import { instances } from "./instances.js";

/** The parameters that both have. */
export const SIDES: Record<string, Parameter> = {
  leader: { about: "1: whoever leads then is cut off, alone", unit: "", range: [0, 1] },
  replicas: { about: "else: which replicas are, as bits", unit: "", range: [1, 7] },
  clients: { about: "of 1000 clients, how many are on their side", unit: "‰", range: [0, 600] },
};

/** Draws splits that cut off fewer replicas than there are; mostly so few that the others go on without them. */
export function splits(dice: Dice, draft: Draft, numbers: () => Record<string, number>): Drawn[] {
  return instances(dice, draft, numbers, "partition").map((drawnAnywhere) => {
    const each = dice.happens(700) ? aroundARead(dice, draft, drawnAnywhere) : drawnAnywhere;
    const replicas = draft.partitions.find((one) => one.partition === each.partition)?.replicas.length ?? 1;
    const drawn = (each.with["replicas"] ?? 1) % (2 ** replicas - 1);
    const mask = dice.happens(750) ? 1 << dice.between(0, replicas - 1) : Math.max(1, drawn);
    return { ...each, with: { ...each.with, replicas: mask } };
  });
}

// A client is cut off together with the leader that it knows; others write, and then it reads what they wrote.
function aroundARead(dice: Dice, draft: Draft, drawn: Drawn): Drawn {
  const operations = draft.clients.flatMap(({ client, lives }) =>
    lives.flatMap((life) => life.operations.map((operation) => ({ client, operation, service: operation.service }))),
  );
  const writes = operations.filter(({ operation }) => operation.kind === "command");
  const reads = operations
    .filter(({ operation }) => operation.sync === true)
    .flatMap(({ client, operation, service }) => {
      const before = writes.findLast((one) => {
        const ahead = operation.at - one.operation.at;
        return one.service === service && one.client !== client && ahead > 500_000 && ahead < 5_000_000;
      });
      return before === undefined ? [] : [{ client, service, read: operation.at, written: before.operation.at }];
    });
  // What counts changes with every write: old answers show.
  const counters = draft.services.filter((each) => each.kind === "counter").map((each) => each.name);
  const counts = reads.filter(({ service }) => counters.includes(service));
  const some = counts.length > 0 && dice.happens(850) ? counts : reads;
  if (some.length === 0) return drawn;
  const { client, service, read, written } = dice.pick(some);
  const partition = draft.services.find((each) => each.name === service)?.partition ?? 1;
  // The others need a new leader, and some time to find it, before they can write.
  const election = draft.partitions.find((each) => each.partition === partition)?.election.most ?? 0;
  const from = Math.max(0, written - election - dice.between(200_000, 1_200_000));
  const until = Math.min(draft.length - 1, read + dice.between(300_000, 1_500_000));
  const clients = dice.between(0, 200);
  return { from, until: Math.max(from, until), partition, client, with: { ...drawn.with, leader: 1, clients } };
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
  for (const { leader } of world.logsOf(fault)) {
    const alone = fault.with["leader"] === 1 && leader !== null;
    world.stage.cutOff.set(fault.id, alone ? 1 << (leader.replica - 1) : (fault.with["replicas"] ?? 0));
  }
  isolate(world, fault);
}

export function rejoin(world: World, fault: FaultPlan): void {
  const { stage } = world;
  // Another split may still be on, and keep some of them off.
  const others = stage.active.filter(({ plan }) => plan.fault === "network-split" || plan.fault === "one-way-split");
  for (const log of world.logsOf(fault)) {
    const still = others.filter(({ plan }) => plan.partition === log.partition);
    for (const replica of log.replicas) {
      if (!still.some(({ plan }) => isCutOff(plan, replica.name, stage))) replica.reach();
    }
  }
}

function isolate(world: World, fault: FaultPlan): void {
  for (const log of world.logsOf(fault)) {
    for (const replica of log.replicas) if (isCutOff(fault, replica.name, world.stage)) replica.isolate();
  }
}

function isCutOff(fault: FaultPlan, name: string, stage: Stage): boolean {
  const replica = name.indexOf(".r");
  if (replica < 0) {
    const client = name.slice(0, name.indexOf("."));
    if (client === fault.client) return true;
    const bits = bitsAt(stage.plan.keys.network, addressOf(client), Lane.side, addressOf(fault.id));
    return happens(bits, fault.with["clients"] ?? 0);
  }
  return (((stage.cutOff.get(fault.id) ?? 0) >> (Number(name.slice(replica + 2)) - 1)) & 1) === 1;
}
