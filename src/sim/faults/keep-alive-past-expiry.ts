// All keep-alives of one client come so late that its session's time is over.
import { between, Lane } from "../random.js";
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";

export const keepAlivePastExpiry: FaultKind = {
  name: "keep-alive-past-expiry",
  models: "a client behind a link that stalls for longer than its session's time-out",
  counts: "a keep-alive that waits",
  parameters: { ...lasting([1, 2], [2000, 9000]), late: { about: "delay", unit: "ms", range: [1000, 12_000] } },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "client"),
  fate(fault, message, fate, bits, stage) {
    if (message.kind !== "keep-alive" || !message.from.name.startsWith(`${fault.client}.`)) return false;
    const late = (fault.with["late"] ?? 0) * 1000;
    const delay = between(bits(Lane.delay), late >> 1, late);
    if (stage.now + delay >= stage.plan.length * stage.plan.rounds) return false;
    fate.delay += delay;
    return true;
  },
};
