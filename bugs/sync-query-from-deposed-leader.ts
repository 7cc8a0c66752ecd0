// A leader that has lost its term, and does not know it, answers sync queries. A classic slip of systems on Raft: reads from
// the leader without a round of the majority. Brought out by cutting the leader off, then sync queries to it.
import { logBug } from "./bug.js";

export const syncQueryFromDeposedLeader = logBug(
  {
    name: "sync-query-from-deposed-leader",
    what: "a leader that lost its term answers sync queries",
    caughtBy: ["linearizable/counter"],
  },
  { confirmsLead: () => true },
);
