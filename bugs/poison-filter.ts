// A filter that does not decode throws, on every replica, at every replay of the log. Real: the Bloom filter that Atomix 4
// (Go) reads from the wire takes `{}` for everything and divides by the zero in others. Brought out by the list of SPEC 2.6.
import { keepAlive } from "../src/fsm/keep-alive.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const poisonFilter = machineBug(
  {
    name: "poison-filter",
    what: "a malformed filter throws",
    caughtBy: ["apply/total"],
    shows: log().open(10).keepAliveWith(1, 0, Uint8Array.of(0x7b, 0x7d)).steps,
  },
  {
    keepAlive: {
      ...keepAlive,
      readFilter(bytes) {
        const filter = keepAlive.readFilter(bytes);
        if (filter === undefined) throw new RangeError("the input filter is malformed");
        return filter;
      },
    },
  },
);
