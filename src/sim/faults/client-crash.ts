// A client is gone from one instant to the next, with nothing closed. It stands in the plan as the end of a life.
import type { FaultKind } from "./fault.js";

export const clientCrash: FaultKind = {
  name: "client-crash",
  models: "a process that is killed",
  counts: "a life of a client that ends so",
  parameters: {},
  draw: () => [],
};
