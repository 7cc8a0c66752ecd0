// An entry that expires publishes no event. The kind of slip that session machines have: events come from operations, and
// expiry is none. Brought out by a stream, and an entry with a TTL.
import { map } from "../src/fsm/services/map.js";
import { value } from "../src/fsm/services/value.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { set } from "./payloads.js";

export const ttlExpirySilent = machineBug(
  {
    name: "ttl-expiry-silent",
    what: "an expired entry publishes no event",
    caughtBy: ["events/complete"],
    shows: log().open(90).create(1, "value").run(1, 2, 1, "Events").run(1, 2, 2, "Set", set(1, 10)).at(20).tick().steps,
  },
  withServices(
    changed(map, {
      due: (_at, state, { key }) => {
        state.cells.delete(key);
      },
    }),
    changed(value, {
      due: (_at, state) => {
        state.cell = undefined;
      },
    }),
  ),
);
