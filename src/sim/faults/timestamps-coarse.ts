// Timestamps are rounded down, so that entries and deadlines fall together.
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";

export const timestampsCoarse: FaultKind = {
  name: "timestamps-coarse",
  models: "clocks that tick in milliseconds, or in seconds",
  counts: "an entry whose timestamp is rounded",
  parameters: {
    ...lasting([1, 2], [8000, 60_000]),
    quarters: { about: "grain, in quarters of a second", unit: "¼ s", range: [1, 8] },
  },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "partition"),
  stamp(fault, stamp) {
    const grain = (fault.with["quarters"] ?? 1) * 250_000;
    stamp.micros = Math.floor(stamp.micros / grain) * grain;
    stamp.nanos = 0;
    return true;
  },
};
