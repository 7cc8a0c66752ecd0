// A follower answers a query before it has reached max_received_index. The kind of slip that session machines have: reads are
// made to wait on the way to one kind of replica only. Brought out by a follower that lags.
import { replicaBug } from "./bug.js";

export const queryIgnoresIndex = replicaBug(
  {
    name: "query-ignores-index",
    what: "a follower answers before it reaches max_received_index",
    caughtBy: ["query/read-your-writes"],
  },
  { mayAnswer: () => true },
);
