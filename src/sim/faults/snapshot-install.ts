// A replica that lives is given a saved state, mostly after it has lagged behind for a while.
import type { Draft } from "../draft.js";
import type { OperationPlan } from "../plan.js";
import type { Dice } from "../random.js";
import type { Drawn, FaultKind } from "./fault.js";
import { instances, striking } from "./instances.js";

export const snapshotInstall: FaultKind = {
  name: "snapshot-install",
  models: "a leader that sends its snapshot because a follower is too far behind, or because it thinks so",
  counts: "a living replica that is to take a saved state",
  parameters: {
    ...striking([1, 12]),
    lag: { about: "how long it applies nothing before", unit: "ms", range: [0, 2500] },
  },
  draw: (dice, draft, numbers) =>
    instances(dice, draft, numbers, "replica").map((each) =>
      dice.happens(600) ? inTheMiddle(dice, draft, each) : each,
    ),
  start(world, fault) {
    for (const replica of world.replicasOf(fault)) {
      if (!replica.isUp) continue;
      world.stage.count(fault.fault);
      const lag = (fault.with["lag"] ?? 0) * 1000;
      if (lag === 0) replica.installNow();
      else replica.installAfter(lag);
    }
  },
};

// While something waits for its time: a TTL, or the time-out of a lock.
function inTheMiddle(dice: Dice, draft: Draft, drawn: Drawn): Drawn {
  const waits = draft.clients.flatMap(({ lives }) =>
    lives.flatMap((life) => life.operations.filter(({ with: having }) => having.ttlNanos ?? having.timeoutNanos)),
  );
  if (waits.length === 0) return drawn;
  // Rather where several end together: a restored state must bring them in the same order.
  const twins = waits.filter((one) => waits.some((each) => each !== one && endsWith(each, one)));
  const { at, service } = dice.pick(twins.length > 0 && dice.happens(500) ? twins : waits);
  const home = draft.services.find((each) => each.name === service)?.partition;
  const partition = draft.partitions.find((each) => each.partition === home);
  if (partition === undefined) return drawn;
  const from = Math.min(draft.length - 1, at + dice.between(30_000, 900_000));
  return {
    from,
    until: from,
    partition: partition.partition,
    replica: dice.pick(partition.replicas).replica,
    with: { ...drawn.with, lag: dice.pick([0, 0, 50, 300]) },
  };
}

function endsWith(one: OperationPlan, other: OperationPlan): boolean {
  return one.at === other.at && one.service === other.service && one.with.ttlNanos === other.with.ttlNanos;
}
