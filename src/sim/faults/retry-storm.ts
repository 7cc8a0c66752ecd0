// Clients have no patience: they ask again at once, and again. The client does it (client.ts).
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";

export const retryStorm: FaultKind = {
  name: "retry-storm",
  models: "time-outs that are shorter than the way there and back",
  counts: "a wait that is cut short",
  parameters: {
    ...lasting([1, 2], [100, 1200]),
    every: { about: "asks again after", unit: "µs", range: [4000, 40_000] },
  },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "client"),
};
