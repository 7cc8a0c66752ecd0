// Clear publishes in the order in which the keys came in, which a restore does not keep. Real: Atomix 4 (Go), whose Clear
// ranges over a hash map. Brought out by clearing several keys while one replica was restored.
import { map } from "../src/fsm/services/map.js";
import { set } from "../src/fsm/services/set.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { put } from "./payloads.js";

export const eventsInInsertionOrder = machineBug(
  {
    name: "events-in-insertion-order",
    what: "Clear publishes in insertion order",
    caughtBy: ["replica/same-outputs", "service/as-modelled"],
    shows: log()
      .open(10)
      .create(1, "map")
      .run(1, 2, 1, "Events")
      .run(1, 2, 2, "Put", put("b", 1))
      .run(1, 2, 3, "Put", put("a", 1))
      .run(1, 2, 4, "Clear").steps,
  },
  withServices(
    changed(map, {
      clear(at, state) {
        return map.clear.call({ ...this, keys: () => [...state.cells.keys()] }, at, state);
      },
    }),
    changed(set, {
      clear(at, state) {
        return set.clear.call({ ...this, keys: () => [...state.elements] }, at, state);
      },
    }),
  ),
);
