// Queries that wait for an index are lost when a snapshot is installed. Real: Atomix 4 (Go), where they wait in the scheduler
// of the machine, which a recovery makes anew. Brought out by an install with a query parked.
import { replicaBug } from "./bug.js";

export const restoreDropsParkedQueries = replicaBug(
  {
    name: "restore-drops-parked-queries",
    what: "queries waiting for an index are lost when a snapshot is installed",
    caughtBy: ["query/answered"],
  },
  { keepsParked: () => [] },
);
