// Claims about the second phase of a run. SPEC 5. Judged in endings.ts.
import { eventually } from "../property.js";

export const progress = eventually("liveness/progress", {
  claim: "Within the stated bound of the liveness phase every operation has ended for its client.",
  section: "5",
  judgement: "one operation of a client that did not crash",
  witness: "the operation's beginning, the start of the phase, and the line at which the bound had passed",
});

export const expiry = eventually("liveness/expiry", {
  claim: "Within the stated bound of the liveness phase every dead client's session has expired.",
  section: "5",
  judgement: "one session that nobody keeps alive, on one replica, at the run's end",
  witness: "the last sign of its client, and the observation at the end",
});
