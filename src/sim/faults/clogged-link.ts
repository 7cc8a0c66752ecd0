// Everything that a client sends to one replica, or all of it, waits until the window is over, and then comes at once.
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";

export const cloggedLink: FaultKind = {
  name: "clogged-link",
  models: "a full buffer between two places that drains at last",
  counts: "a message that waits for the end of the window",
  parameters: { ...lasting([1, 3], [200, 5000]), back: { about: "1: also the way back", unit: "", range: [0, 1] } },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "client"),
  fate(fault, message, fate, _bits, stage) {
    const mine = `${fault.client}.`;
    const back = fault.with["back"] === 1 && message.to.name.startsWith(mine);
    if (!message.from.name.startsWith(mine) && !back) return false;
    const length = fault.until - fault.from;
    const into = (stage.now % stage.plan.length) - fault.from;
    if (into < 0 || into > length) return false;
    fate.delay += length - into;
    return true;
  },
};
