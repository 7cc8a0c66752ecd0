// Anoint makes the last candidate leader and loses the anointed. Real: Atomix 4 (Go), which keeps the address of its loop's
// variable; when the loop is over, the last candidate stands there. Brought out by three who take part.
import { election } from "../src/fsm/services/election.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { candidate } from "./payloads.js";

export const electionAnointLast = machineBug(
  {
    name: "election-anoint-last",
    what: "Anoint makes the last candidate leader and loses the anointed",
    caughtBy: ["service/as-modelled", "linearizable/election"],
    shows: log()
      .open(10)
      .create(1, "election")
      .run(1, 2, 1, "Enter", candidate("a"))
      .run(1, 2, 2, "Enter", candidate("b"))
      .run(1, 2, 3, "Enter", candidate("c"))
      .run(1, 2, 4, "Anoint", candidate("b")).steps,
  },
  withServices(
    changed(election, {
      anoint(at, state, input) {
        const rest = state.participants.filter(({ name }) => name !== input.candidate);
        const last = rest.at(-1);
        const known = rest.length < state.participants.length;
        if (!known || last === undefined) return election.anoint.call(this, at, state, input);
        this.change(at, state, [last, ...rest.slice(0, -1)]);
        return this.getTerm(state);
      },
    }),
  ),
);
