// A replica that lives is given a saved state, mostly after it has lagged behind for a while.
import type { FaultKind } from "./fault.js";
import { instances, striking } from "./instances.js";

export const snapshotInstall: FaultKind = {
  name: "snapshot-install",
  models: "a leader that sends its snapshot because a follower is too far behind, or because it thinks so",
  parameters: {
    ...striking([1, 12]),
    lag: { about: "how long it applies nothing before", unit: "ms", range: [0, 2500] },
  },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "replica"),
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
