// An Update or Delete that answers CONFLICT is done all the same. Real: Atomix 4 (Go), whose value reports the error and goes
// on, for want of a return. Brought out by a stale version.
import { value } from "../src/fsm/services/value.js";
import { ANYTHING } from "../src/fsm/services/cells.js";
import { Status } from "../src/protocol/failure.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { set, update } from "./payloads.js";

export const valueConflictApplies = machineBug(
  {
    name: "value-conflict-applies",
    what: "an Update or Delete that answers CONFLICT is done all the same",
    caughtBy: ["service/as-modelled", "linearizable/value"],
    shows: log()
      .open(10)
      .create(1, "value")
      .run(1, 2, 1, "Set", set(1))
      .run(1, 2, 2, "Update", update(2, 99))
      .ask(1, 2, "Get").steps,
  },
  withServices(
    changed(value, {
      write(at, state, guard, input) {
        const answer = value.write.call(this, at, state, guard, input);
        if (answer.output?.status === Status.CONFLICT) value.write.call(this, at, state, ANYTHING, input);
        return answer;
      },
      delete(at, state, input) {
        const answer = value.delete.call(this, at, state, input);
        if (answer.output?.status === Status.CONFLICT) value.delete.call(this, at, state, { version: undefined });
        return answer;
      },
    }),
  ),
);
