// Old messages to replicas come again, seconds later, when everybody has forgotten them.
import { between, happens, Lane } from "../random.js";
import type { FaultKind } from "./fault.js";
import { instances, lasting, PER_MILLE } from "./instances.js";

export const messageReplay: FaultKind = {
  name: "message-replay",
  models: "a proxy that comes back from a pause and sends what it still had in its queue",
  counts: "an old message that comes again",
  parameters: {
    ...lasting([1, 3], [2000, 15_000]),
    perMille: PER_MILLE(20, 250),
    least: { about: "how much later at least", unit: "ms", range: [500, 4000] },
    most: { about: "how much later at most", unit: "ms", range: [4000, 12_000] },
  },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "world"),
  fate(fault, message, fate, bits, stage) {
    if (message.body.type !== "propose" || !happens(bits(Lane.replay), fault.with["perMille"] ?? 0)) return false;
    const least = fault.with["least"] ?? 0;
    const span = between(bits(Lane.copy), least, Math.max(least, fault.with["most"] ?? 0)) * 1000;
    // Nothing of the safety phase is replayed in the liveness phase.
    if (stage.now + span >= stage.plan.length * stage.plan.rounds) return false;
    fate.copies.push(fate.delay + span);
    if (message.kind === "command") stage.reach("very late duplicate of a command");
    return true;
  },
};
