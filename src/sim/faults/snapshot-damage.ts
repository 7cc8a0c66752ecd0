// Saved states arrive damaged or cut, are refused, and are sent again. The replica's host does it (replica.ts): it looks at
// the state before and after the refusal.
import type { FaultKind } from "./fault.js";
import { instances, lasting, PER_MILLE } from "./instances.js";

export const snapshotDamage: FaultKind = {
  name: "snapshot-damage",
  models: "bad disks and torn transfers",
  counts: "a damaged state that a machine is given",
  parameters: { ...lasting([1, 2], [5000, 40_000]), perMille: PER_MILLE(300, 1000) },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "world"),
};
