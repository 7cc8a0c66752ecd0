// Claims about queries. SPEC 2.7. Judged in clients.ts and court.ts.
import { always } from "../property.js";

export const answered = always("query/answered", {
  claim: "A query is answered in the step in which its replica reaches the index that it waits for.",
  section: "2.7",
  judgement: "one query whose index was reached",
  witness: "the query, and the line by which it should have been answered",
});

export const monotonic = always("query/monotonic", {
  claim: "What a session is answered never goes back, whatever replica answers.",
  section: "2.7, 3",
  judgement: "one query that was answered to a client which had seen another answer before",
  witness: "the answer seen before, and the older one",
});

export const readYourWrites = always("query/read-your-writes", {
  claim: "A query sees every command that its session was answered before, whatever replica answers.",
  section: "2.7, 3",
  judgement: "one query that was answered by a replica",
  witness: "the query, and its answer",
});
