// Filters hold numbers of commands that are over, as Bloom filters do by accident. The client does it (client-session.ts).
import type { FaultKind } from "./fault.js";
import { instances, lasting, PER_MILLE } from "./instances.js";

export const filterFalsePositives: FaultKind = {
  name: "filter-false-positives",
  models: "filters that are too small for what they hold",
  counts: "a keep-alive whose filter holds more than it should",
  parameters: { ...lasting([1, 2], [3000, 20_000]), perMille: PER_MILLE(50, 500) },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "world"),
};
