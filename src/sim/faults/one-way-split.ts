// Messages get from one side of a split to the other, but not back.
import type { FaultKind } from "./fault.js";
import { lasting } from "./instances.js";
import { crosses, rejoin, separate, SIDES, splits } from "./splitting.js";

export const oneWaySplit: FaultKind = {
  name: "one-way-split",
  models: "a firewall rule or a routing mistake that stops one direction",
  counts: "a message that is lost on its way",
  parameters: {
    ...lasting([1, 2], [700, 7000]),
    ...SIDES,
    out: { about: "1: what they send is lost; 0: what is sent to them", unit: "", range: [0, 1] },
  },
  draw: splits,
  start: separate,
  stop: rejoin,
  fate(fault, message, fate, _bits, stage) {
    if (crosses(fault, message, stage) !== (fault.with["out"] === 1 ? "out" : "in")) return false;
    fate.lost = true;
    return true;
  },
};
