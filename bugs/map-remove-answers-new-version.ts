// Remove leaves the key with an empty value, and answers with the version of that. The kind of slip that session machines
// have: a tombstone that everyone can see. Brought out by Remove, then Get.
import { map } from "../src/fsm/services/map.js";
import { done } from "../src/fsm/services/service.js";
import { Status } from "../src/protocol/failure.js";
import { RemoveOutput } from "../src/proto/multiraft_sim/map/v1/map.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { get, put, remove } from "./payloads.js";

export const mapRemoveAnswersNewVersion = machineBug(
  {
    name: "map-remove-answers-new-version",
    what: "Remove leaves the key with an empty value",
    caughtBy: ["service/as-modelled", "linearizable/map"],
    shows: log()
      .open(10)
      .create(1, "map")
      .run(1, 2, 1, "Put", put("a", 1))
      .run(1, 2, 2, "Remove", remove("a"))
      .ask(1, 2, "Get", get("a")).steps,
  },
  withServices(
    changed(map, {
      remove(at, state, input) {
        const old = state.cells.get(input.key);
        const answer = map.remove.call(this, at, state, input);
        if (old === undefined || answer.output?.status !== Status.OK) return answer;
        state.cells.set(input.key, { value: new Uint8Array(0), version: at.index, timer: undefined });
        return done(RemoveOutput.encode({ value: old.value, version: at.index }).finish());
      },
    }),
  ),
);
