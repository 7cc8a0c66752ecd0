// A write of an equal value keeps the old time to live. Real: Atomix 4 (Go), whose map takes a Put of the value that is there
// for nothing at all. Brought out by the same value again, with a longer TTL.
import { cells, type Cells } from "../src/fsm/services/cells.js";
import { map } from "../src/fsm/services/map.js";
import { value } from "../src/fsm/services/value.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { put } from "./payloads.js";

const keeping: Cells = {
  ...cells,
  write(at, old, key, written, span) {
    const equal = old !== undefined && sameBytes(old.value, written);
    return equal ? { ...old, version: at.index } : cells.write.call(this, at, old, key, written, span);
  },
};

export const ttlNotRefreshed = machineBug(
  {
    name: "ttl-not-refreshed",
    what: "a write of an equal value keeps the old TTL",
    caughtBy: ["ttl/exact"],
    shows: log()
      .open(90)
      .create(1, "map")
      .run(1, 2, 1, "Put", put("a", 1, 10))
      .run(1, 2, 2, "Put", put("a", 1, 50))
      .at(20)
      .tick().steps,
  },
  withServices(changed(map, { cells: keeping }), changed(value, { cells: keeping })),
);

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
