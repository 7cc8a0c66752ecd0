// Messages get lost, any of them.
import { happens, Lane } from "../random.js";
import type { FaultKind } from "./fault.js";
import { instances, lasting, PER_MILLE } from "./instances.js";

export const messageLoss: FaultKind = {
  name: "message-loss",
  models: "packets dropped by a congested or broken network",
  counts: "a message that is lost",
  parameters: { ...lasting([1, 3], [500, 8000]), perMille: PER_MILLE(20, 400) },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "world"),
  fate(fault, _message, fate, bits) {
    if (!happens(bits(Lane.loss), fault.with["perMille"] ?? 0)) return false;
    fate.lost = true;
    return true;
  },
};
