// Claims about replicas of one partition: what they answer and what they hold is one thing. SPEC 2, 5.
// Judged in court.ts, where replicas meet.
import { always } from "../property.js";

export const sameOutputs = always("replica/same-outputs", {
  claim:
    "At every index every replica gives the same reply and the same emissions, once each, in the order of the log.",
  section: "2",
  judgement: "one application beyond the first of its index",
  witness: "the entry, the first application, and the one that differs",
});

export const sameState = always("replica/same-state", {
  claim: "Saved at the same index, every replica has the same bytes.",
  section: "2, 2.5",
  judgement: "one saved state compared with another one of the same index",
  witness: "both observations",
});

export const total = always("apply/total", {
  claim: "No entry, query, snapshot or restore throws, hangs, or goes without a reply.",
  section: "2",
  judgement: "one application on one replica",
  witness: "the entry, and the line that says what broke",
});
