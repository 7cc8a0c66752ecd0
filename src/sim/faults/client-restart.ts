// A client comes back under the same name, perhaps before its old session is dead. It stands in the plan as another life.
import type { FaultKind } from "./fault.js";

export const clientRestart: FaultKind = {
  name: "client-restart",
  models: "a supervisor that starts a process again",
  counts: "a life of a client that is not its first",
  parameters: {},
  draw: () => [],
};
