// A replica's clock is set ahead or back, once.
import type { Draft } from "../draft.js";
import type { Dice } from "../random.js";
import type { Drawn, FaultKind } from "./fault.js";
import { instances, striking } from "./instances.js";

export const clockJump: FaultKind = {
  name: "clock-jump",
  models: "an operator or a time server that sets a clock",
  parameters: {
    ...striking([1, 6]),
    by: { about: "ahead by", unit: "ms", range: [-4000, 6000] },
    leader: { about: "1: the clock of whoever leads then", unit: "", range: [0, 1] },
  },
  draw: (dice, draft, numbers) =>
    instances(dice, draft, numbers, "replica").map((each) =>
      dice.happens(750) ? duringAWait(dice, draft, each) : each,
    ),
  start(world, fault) {
    const by = fault.with["by"] ?? 0;
    const leaders = world.logsOf(fault).flatMap(({ leader }) => (leader === null ? [] : [leader]));
    for (const replica of fault.with["leader"] === 1 ? leaders : world.replicasOf(fault)) {
      replica.clock.jump(by * 1000);
      world.strike(fault, `${replica.name}: ${by} ms`);
    }
  },
};

// The leader's clock goes ahead while somebody waits for what another one holds: the wait, and sessions, end in one entry.
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
  const { acquire } = dice.pick(waits);
  const partition = draft.services.find((each) => each.name === acquire.service)?.partition ?? 1;
  const at = Math.min(draft.length - 1, acquire.at + dice.between(50_000, 500_000));
  return { from: at, until: at, partition, with: { ...drawn.with, leader: 1, by: dice.between(3000, 12_000) } };
}
