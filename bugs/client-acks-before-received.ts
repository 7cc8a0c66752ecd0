// A keep-alive acknowledges outputs that have arrived and that nobody has taken. The kind of slip that clients of session
// machines have: the queue between the network and the user counts as the user. Brought out by outputs that are lost around a
// keep-alive.
import { clientBug } from "./bug.js";

export const clientAcksBeforeReceived = clientBug(
  {
    name: "client-acks-before-received",
    what: "acknowledges outputs when the keep-alive is built, before they were taken",
    caughtBy: ["output/none-lost"],
  },
  { acknowledges: (command) => command.arrived },
);
