// A session's open commands are not ended with it: what waits for a lock waits on, and is granted it. The kind of slip that
// session machines have: commands belong to their service, and nobody tells it. Brought out by a session that expires while
// its Acquire waits, and the holder's Release.
import { sessions } from "../src/fsm/sessions.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";
import { acquire } from "./payloads.js";

export const streamsOutliveSession = machineBug(
  {
    name: "streams-outlive-session",
    what: "a session's open commands are not ended with it",
    caughtBy: ["session/dead-stays-dead", "lock/holder-alive", "snapshot/refuses-damage"],
    shows: log()
      .open(100)
      .open(10)
      .create(1, "lock")
      .create(2, "lock")
      .run(1, 3, 1, "Acquire", acquire())
      .run(2, 3, 1, "Acquire", acquire())
      .at(20)
      .run(1, 3, 2, "Release").steps,
  },
  { sessions: { ...sessions, endCommands: () => undefined } },
);
