// A name that is taken over keeps its old session, and goes when that one ends. Real: Atomix 4 (Go), where to enter under a
// name that is there already changes nothing. Brought out by a client that restarts under the same name.
import { election } from "../src/fsm/services/election.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { candidate } from "./payloads.js";

export const electionKeepsOldSession = machineBug(
  {
    name: "election-keeps-old-session",
    what: "a name taken over keeps its old session",
    caughtBy: ["session/isolation", "service/as-modelled"],
    shows: log()
      .open(90)
      .open(90)
      .create(1, "election")
      .create(2, "election")
      .run(1, 3, 1, "Enter", candidate("a"))
      .run(2, 3, 1, "Enter", candidate("a"))
      .close(1).steps,
  },
  withServices(
    changed(election, {
      entered: (participants, name, session) =>
        participants.some((one) => one.name === name) ? participants : election.entered(participants, name, session),
    }),
  ),
);
