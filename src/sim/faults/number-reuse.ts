// The number of a command that is over is used once more with another input. The client does it (client.ts), with a message
// of its own, whose answer nobody waits for.
import type { FaultKind } from "./fault.js";
import { instances, lasting, PER_MILLE } from "./instances.js";

export const numberReuse: FaultKind = {
  name: "number-reuse",
  models: "a client that lost count",
  counts: "a command that is sent under a number that was used before",
  parameters: { ...lasting([1, 2], [3000, 20_000]), perMille: PER_MILLE(100, 600) },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "client"),
};
