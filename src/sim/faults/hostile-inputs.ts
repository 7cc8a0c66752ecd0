// A sender with a session of its own says what the protocol forbids: malformed filters, numbers out of order, unknown
// services, payloads that don't decode. The sender is hostile.ts.
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";
import { startHostileSender } from "../hostile.js";

export const hostileInputs: FaultKind = {
  name: "hostile-inputs",
  models: "clients of other versions, other authors, and other intentions",
  counts: "an input that the hostile sender sends",
  parameters: {
    ...lasting([1, 2], [3000, 15_000]),
    inputs: { about: "how many", unit: "", range: [8, 28] },
    timeout: { about: "time-out of its session", unit: "ms", range: [800, 3000] },
  },
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "partition"),
  start: startHostileSender,
};
