// Messages arrive twice, the second time a little later.
import { between, happens, Lane } from "../random.js";
import type { FaultKind } from "./fault.js";
import { instances, lasting, PER_MILLE } from "./instances.js";

export const messageDuplication: FaultKind = {
  name: "message-duplication",
  models: "a network, or a library below the client, that sends again what had arrived",
  counts: "a message that arrives twice",
  parameters: {
    ...lasting([1, 3], [1000, 10_000]),
    perMille: PER_MILLE(30, 500),
    within: { about: "how much later at most", unit: "ms", range: [1, 1500] },
  },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "world"),
  fate(fault, _message, fate, bits) {
    if (!happens(bits(Lane.duplicate), fault.with["perMille"] ?? 0)) return false;
    fate.copies.push(fate.delay + between(bits(Lane.copy), 0, (fault.with["within"] ?? 0) * 1000));
    return true;
  },
};
