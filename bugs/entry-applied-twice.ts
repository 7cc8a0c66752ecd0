// After a restart the entry at the snapshot's index is applied again. A classic slip: "from" for "after". Brought out by a
// crash between a snapshot and the truncation of the log.
import { replicaBug } from "./bug.js";

export const entryAppliedTwice = replicaBug(
  {
    name: "entry-applied-twice",
    what: "after a restart the entry at the snapshot's index is applied again",
    caughtBy: ["replica/same-outputs"],
  },
  { resumesAt: (saved) => saved },
);
