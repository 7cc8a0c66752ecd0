// A session's id is drawn from Math.random, by each replica for itself. The kind of slip that session machines have: ids from
// a library that makes them unique. Brought out by any session.
import { sessions } from "../src/fsm/sessions.js";
import { SessionId } from "../src/protocol/words.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const randomInApply = machineBug(
  {
    name: "random-in-apply",
    what: "an id is drawn from Math.random",
    caughtBy: ["determinism/ambient"],
    shows: log().open(10).steps,
  },
  { sessions: { ...sessions, newId: () => SessionId(BigInt(Math.floor(Math.random() * 2 ** 48)) + 1n) } },
);
