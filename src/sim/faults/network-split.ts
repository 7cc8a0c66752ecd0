// Some replicas of a partition, and with them some clients, are cut off from the others, both ways.
import type { FaultKind } from "./fault.js";
import { lasting } from "./instances.js";
import { crosses, rejoin, separate, SIDES, splits } from "./splitting.js";

export const networkSplit: FaultKind = {
  name: "network-split",
  models: "a network that falls into two parts",
  counts: "a message that is lost between the parts",
  parameters: {
    ...lasting([1, 3], [700, 7000]),
    ...SIDES,
  },
  draw: splits,
  start: separate,
  stop: rejoin,
  fate(fault, message, fate, _bits, stage) {
    if (crosses(fault, message, stage) === "no") return false;
    fate.lost = true;
    return true;
  },
};
