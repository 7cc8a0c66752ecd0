// Only what replicas answer gets lost: the work is done, and nobody hears of it.
import { happens, Lane } from "../random.js";
import type { FaultKind } from "./fault.js";
import { instances, lasting, PER_MILLE } from "./instances.js";

export const repliesLost: FaultKind = {
  name: "replies-lost",
  models: "a connection that breaks between the work and its answer",
  counts: "an answer that is lost",
  parameters: { ...lasting([1, 3], [500, 6000]), perMille: PER_MILLE(100, 900) },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "world"),
  fate(fault, message, fate, bits) {
    if (message.kind !== "reply" && message.kind !== "output") return false;
    if (!happens(bits(Lane.loss), fault.with["perMille"] ?? 0)) return false;
    fate.lost = true;
    return true;
  },
};
