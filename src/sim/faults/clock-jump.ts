// A replica's clock is set ahead or back, once.
import type { Draft } from "../draft.js";
import type { FaultPlan } from "../plan.js";
import type { Dice } from "../random.js";
import type { ReplicaHost } from "../replica.js";
import type { World } from "../world-view.js";
import type { Drawn, FaultKind } from "./fault.js";
import { instances, striking } from "./instances.js";

export const clockJump: FaultKind = {
  name: "clock-jump",
  models: "an operator or a time server that sets a clock",
  counts: "a clock that is set",
  parameters: {
    ...striking([1, 5]),
    by: { about: "ahead by", unit: "ms", range: [-4000, 6000] },
    whose: { about: "0: one replica's clock; 1: the leader's; 2: all of them", unit: "", range: [0, 2] },
  },
  draw: (dice, draft, numbers) =>
    instances(dice, draft, numbers, "replica").map((each) =>
      dice.happens(600) ? duringAWait(dice, draft, each) : each,
    ),
  start(world, fault) {
    const by = fault.with["by"] ?? 0;
    for (const replica of struck(world, fault)) {
      replica.clock.jump(by * 1000);
      world.strike(fault, `${replica.name}: ${by} ms`);
    }
  },
};

function struck(world: World, fault: FaultPlan): readonly ReplicaHost[] {
  const logs = world.logsOf(fault);
  if (fault.with["whose"] === 1) return logs.flatMap(({ leader }) => (leader === null ? [] : [leader]));
  return fault.with["whose"] === 2 ? logs.flatMap(({ replicas }) => replicas) : world.replicasOf(fault);
}

// The clocks go ahead while somebody waits for what another one holds: the wait, and sessions, end in one entry.
function duringAWait(dice: Dice, draft: Draft, drawn: Drawn): Drawn {
  const acquires = draft.clients.flatMap(({ client, lives }) =>
    lives.flatMap(({ operations }) =>
      operations.filter(({ kind }) => kind === "acquire").map((acquire) => ({ client, acquire })),
    ),
  );
  const waits = acquires.filter(
    ({ client, acquire }) =>
      (acquire.with.timeoutNanos ?? 0) > 0 &&
      acquires.some(
        (other) =>
          other.client !== client &&
          other.acquire.service === acquire.service &&
          other.acquire.at < acquire.at &&
          other.acquire.at + (other.acquire.holds ?? 0) > acquire.at,
      ),
  );
  if (waits.length === 0) return drawn;
  // Rather a wait that is over when sessions are: the end of one may call the other off.
  const long = waits.filter(({ acquire }) => (acquire.with.timeoutNanos ?? 0) > 1_500_000_000);
  const { acquire } = dice.pick(long.length > 0 && dice.happens(750) ? long : waits);
  const partition = draft.services.find((each) => each.name === acquire.service)?.partition ?? 1;
  const at = Math.min(draft.length - 1, acquire.at + dice.between(50_000, 500_000));
  return { from: at, until: at, partition, with: { ...drawn.with, whose: 2, by: dice.between(5000, 15_000) } };
}
