// Removing an entry leaves its timer, which later removes its successor. The kind of slip that session machines have. Brought
// out by a Put with a TTL, a Remove, another Put, and a wait.
import { cells } from "../src/fsm/services/cells.js";
import { map } from "../src/fsm/services/map.js";
import { ttl } from "../src/fsm/services/ttl.js";
import { value } from "../src/fsm/services/value.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { get, put, remove } from "./payloads.js";

const neverStops = { ...cells, ttl: { ...ttl, stop: () => undefined } };

export const ttlTimerSurvivesRemove = machineBug(
  {
    name: "ttl-timer-survives-remove",
    what: "removing an entry leaves its timer, which later removes its successor",
    caughtBy: ["ttl/exact"],
    shows: log()
      .open(90)
      .create(1, "map")
      .run(1, 2, 1, "Put", put("a", 1, 10))
      .run(1, 2, 2, "Remove", remove("a"))
      .run(1, 2, 3, "Put", put("a", 2))
      .at(20)
      .tick()
      .ask(1, 2, "Get", get("a")).steps,
  },
  withServices(
    changed(map, {
      drop: (_at, state, key) => {
        state.cells.delete(key);
      },
    }),
    changed(value, {
      delete(at, state, input) {
        return value.delete.call({ ...this, cells: neverStops }, at, state, input);
      },
    }),
  ),
);
