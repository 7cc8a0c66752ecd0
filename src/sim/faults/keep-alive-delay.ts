// Keep-alives are late enough for the next ones to overtake them, or for their session to be dead.
import { between, happens, Lane } from "../random.js";
import type { FaultKind } from "./fault.js";
import { instances, lasting, PER_MILLE } from "./instances.js";

export const keepAliveDelay: FaultKind = {
  name: "keep-alive-delay",
  models: "keep-alives stuck behind bulk traffic",
  counts: "a keep-alive that waits",
  parameters: {
    ...lasting([1, 3], [1000, 8000]),
    perMille: PER_MILLE(100, 900),
    most: { about: "longest delay", unit: "ms", range: [300, 3000] },
  },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "world"),
  fate(fault, message, fate, bits) {
    if (message.kind !== "keep-alive" || !happens(bits(Lane.slow), fault.with["perMille"] ?? 0)) return false;
    fate.delay += between(bits(Lane.delay), 0, (fault.with["most"] ?? 0) * 1000);
    return true;
  },
};
