// A session that has expired stays OPENED. The kind of slip that registries have: whoever would report it is dead. Brought out
// by an expiry.
import { refuse } from "../src/runtime/states.js";
import { registryBug } from "./bug.js";

export const registryMissesLoss = registryBug(
  {
    name: "registry-misses-loss",
    what: "an expired session stays OPENED",
    caughtBy: ["registry/agrees"],
  },
  { lost: () => refuse("nobody looks at expiries") },
);
