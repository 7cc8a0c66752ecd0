// Saved states are handed to the machine in chunks of a few bytes. The replica's host does it (replica.ts).
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";

export const snapshotChunks: FaultKind = {
  name: "snapshot-chunks",
  models: "readers that return less than they were asked for",
  counts: "a saved state that is handed over in small chunks",
  parameters: { ...lasting([1, 2], [5000, 40_000]), largest: { about: "largest chunk", unit: "bytes", range: [1, 7] } },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "world"),
};
