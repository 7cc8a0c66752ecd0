// A time to live of 0 means at once, where it should mean none. The kind of slip that session machines have: the field's zero
// and its absence are told apart. Brought out by a TTL of 0.
import { Nanos } from "../src/base/time.js";
import { cells } from "../src/fsm/services/cells.js";
import { map } from "../src/fsm/services/map.js";
import { ttl, type Ttl } from "../src/fsm/services/ttl.js";
import { value } from "../src/fsm/services/value.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { set } from "./payloads.js";

const NONE = Nanos(-1n);

const atOnce: Ttl = {
  ...ttl,
  read: (duration) => (duration === undefined ? NONE : ttl.read(duration)),
  start: (at, span, key) => (span === NONE ? undefined : at.setTimer(Nanos(at.now + span), key)),
};

export const ttlZeroExpires = machineBug(
  {
    name: "ttl-zero-expires",
    what: "TTL 0 means at once",
    caughtBy: ["ttl/exact"],
    shows: log().open(10).create(1, "value").run(1, 2, 1, "Set", set(1, 0)).ask(1, 2, "Get").steps,
  },
  withServices(
    changed(map, { cells: { ...cells, ttl: atOnce } }),
    changed(value, { cells: { ...cells, ttl: atOnce } }),
  ),
);
