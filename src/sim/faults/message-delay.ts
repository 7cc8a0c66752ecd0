// Messages are slow, some of them much.
import { between, happens, Lane } from "../random.js";
import type { FaultKind } from "./fault.js";
import { instances, lasting, PER_MILLE } from "./instances.js";

export const messageDelay: FaultKind = {
  name: "message-delay",
  models: "queues, retransmissions and slow routes",
  counts: "a message that waits",
  parameters: {
    ...lasting([1, 3], [500, 8000]),
    perMille: PER_MILLE(50, 1000),
    most: { about: "longest delay", unit: "ms", range: [20, 1500] },
  },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "world"),
  fate(fault, _message, fate, bits) {
    if (!happens(bits(Lane.slow), fault.with["perMille"] ?? 0)) return false;
    fate.delay += between(bits(Lane.delay), 0, (fault.with["most"] ?? 0) * 1000);
    return true;
  },
};
