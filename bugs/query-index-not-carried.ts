// Answers don't carry the index at which they were read, so a client can't ask the next replica for no less. Near: the
// QueryOutput of Atomix 4's multiraft FSM protocol has no index. Brought out by two followers of which one is behind.
import { LogIndex } from "../src/protocol/words.js";
import { replicaBug } from "./bug.js";

export const queryIndexNotCarried = replicaBug(
  {
    name: "query-index-not-carried",
    what: "answers don't carry the index they were read at",
    caughtBy: ["query/monotonic"],
  },
  { carriedIndex: () => LogIndex(0n) },
);
