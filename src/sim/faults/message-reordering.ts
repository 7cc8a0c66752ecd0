// Messages overtake one another: each waits a random part of a short window, so that those sent close together change places.
import { between, Lane } from "../random.js";
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";

export const messageReordering: FaultKind = {
  name: "message-reordering",
  models: "several routes of different length between two places",
  counts: "a message that waits, so that others may overtake it",
  parameters: {
    ...lasting([1, 3], [500, 8000]),
    window: { about: "how far they scatter", unit: "ms", range: [5, 800] },
  },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "world"),
  fate(fault, _message, fate, bits) {
    fate.delay += between(bits(Lane.reorder), 0, (fault.with["window"] ?? 0) * 1000);
    return true;
  },
};
