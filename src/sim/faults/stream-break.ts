// Later outputs of open commands get lost: streams break.
import { happens, Lane } from "../random.js";
import type { FaultKind } from "./fault.js";
import { instances, lasting, PER_MILLE } from "./instances.js";

export const streamBreak: FaultKind = {
  name: "stream-break",
  models: "long-lived connections that are reset",
  counts: "an output of an open command that is lost",
  parameters: { ...lasting([1, 3], [1000, 10_000]), perMille: PER_MILLE(50, 600) },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "world"),
  fate(fault, message, fate, bits) {
    if (message.kind !== "output" || !happens(bits(Lane.loss), fault.with["perMille"] ?? 0)) return false;
    fate.lost = true;
    return true;
  },
};
