// A payload that does not decode throws, on every replica, at every replay of the log. A classic slip: decoding is thought
// of as the sender's problem. Brought out by hostile inputs.
import { hosting } from "../src/fsm/hosting.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const poisonPayload = machineBug(
  {
    name: "poison-payload",
    what: "an undecodable payload throws",
    caughtBy: ["apply/total"],
    shows: log().open(10).create(1, "counter").run(1, 2, 1, "Increment", Uint8Array.of(0xff)).steps,
  },
  { services: { ...hosting, decode: (decoder, payload) => decoder.decode(payload) } },
);
