// Entries carry no timestamp.
import { happens, Lane } from "../random.js";
import type { FaultKind } from "./fault.js";
import { instances, lasting, PER_MILLE } from "./instances.js";

export const timestampsMissing: FaultKind = {
  name: "timestamps-missing",
  models: "a proposer of an older version, or one that knows no time yet",
  counts: "an entry without a timestamp",
  parameters: { ...lasting([1, 3], [1000, 10_000]), perMille: PER_MILLE(20, 700) },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "partition"),
  stamp(fault, stamp, bits) {
    if (!happens(bits(Lane.stamp), fault.with["perMille"] ?? 0)) return false;
    stamp.missing = true;
    return true;
  },
};
