// A hand-over at the end of a session keeps the number of the term, so that term has two leaders. The kind of slip that session
// machines have: the term rises where operations change the leader, and the end of a session is none. Brought out by a leader
// that expires.
import { election } from "../src/fsm/services/election.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { candidate } from "./payloads.js";

export const electionTermTwice = machineBug(
  {
    name: "election-term-twice",
    what: "a hand-over at the end of a session keeps the term number",
    caughtBy: ["election/one-leader"],
    shows: log()
      .open(10)
      .open(90)
      .create(1, "election")
      .create(2, "election")
      .run(1, 3, 1, "Enter", candidate("a"))
      .run(2, 3, 1, "Enter", candidate("b"))
      .at(20)
      .tick()
      .ask(2, 3, "GetTerm").steps,
  },
  withServices(
    changed(election, {
      leave(at, state, session) {
        election.leave.call({ ...this, termAfter: (term: bigint) => term }, at, state, session);
      },
    }),
  ),
);
