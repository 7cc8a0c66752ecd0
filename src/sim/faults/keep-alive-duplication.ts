// Keep-alives arrive several times, the copies past later keep-alives.
import { between, happens, Lane } from "../random.js";
import type { FaultKind } from "./fault.js";
import { instances, lasting, PER_MILLE } from "./instances.js";

export const keepAliveDuplication: FaultKind = {
  name: "keep-alive-duplication",
  models: "keep-alives that a library retries on its own",
  counts: "a keep-alive that arrives twice",
  parameters: {
    ...lasting([1, 2], [2000, 15_000]),
    perMille: PER_MILLE(50, 500),
    within: { about: "how much later at most", unit: "ms", range: [10, 5000] },
  },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "world"),
  fate(fault, message, fate, bits) {
    if (message.kind !== "keep-alive" || !happens(bits(Lane.duplicate), fault.with["perMille"] ?? 0)) return false;
    fate.copies.push(fate.delay + between(bits(Lane.copy), 0, (fault.with["within"] ?? 0) * 1000));
    return true;
  },
};
