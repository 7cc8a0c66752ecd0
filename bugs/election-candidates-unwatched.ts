// Only the leader's session is watched: a candidate whose session has ended stays, and leads when its turn comes. Real: Atomix 4
// (Go), whose election watches one session at a time. Brought out by a candidate that expires, then the leader.
import { election } from "../src/fsm/services/election.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { candidate } from "./payloads.js";

export const electionCandidatesUnwatched = machineBug(
  {
    name: "election-candidates-unwatched",
    what: "only the leader's session is watched",
    caughtBy: ["election/alive"],
    shows: log()
      .open(90)
      .open(10)
      .create(1, "election")
      .create(2, "election")
      .run(1, 3, 1, "Enter", candidate("a"))
      .run(2, 3, 1, "Enter", candidate("b"))
      .at(20)
      .tick().steps,
  },
  withServices(
    changed(election, {
      without: (participants, session) => (participants[0]?.session === session ? participants.slice(1) : participants),
    }),
  ),
);
