// Add answers that it changed something also where it did not. A classic slip. Brought out by adding an element twice.
import { set } from "../src/fsm/services/set.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { add } from "./payloads.js";

export const setAddAlwaysTrue = machineBug(
  {
    name: "set-add-always-true",
    what: "Add answers true for what is there",
    caughtBy: ["service/as-modelled", "linearizable/set"],
    shows: log().open(10).create(1, "set").run(1, 2, 1, "Add", add("a")).run(1, 2, 2, "Add", add("a")).steps,
  },
  withServices(
    changed(set, {
      add(at, state, input) {
        set.add.call(this, at, state, input);
        return this.changed(true);
      },
    }),
  ),
);
