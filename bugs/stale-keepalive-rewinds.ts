// An old keep-alive lowers the mark, and numbers that were given up are new again. The kind of slip that session machines
// have: the last message is taken for the newest. Brought out by keep-alives out of order and a late duplicate of a command.
import { keepAlive } from "../src/fsm/keep-alive.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const staleKeepaliveRewinds = machineBug(
  {
    name: "stale-keepalive-rewinds",
    what: "an old keep-alive lowers the mark",
    caughtBy: ["command/at-most-once"],
    shows: log()
      .open(10)
      .create(1, "counter")
      .run(1, 2, 1, "Increment")
      .keepAlive(1, 1, [])
      .keepAlive(1, 0, [])
      .run(1, 2, 1, "Increment").steps,
  },
  {
    keepAlive: {
      ...keepAlive,
      raiseMark: (session, lastInput) => {
        session.mark = lastInput;
      },
    },
  },
);
