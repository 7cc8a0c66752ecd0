// A keep-alive also ends commands above its last_input, of which it can't know. The kind of slip that session machines have:
// the filter is asked, and the number that bounds it is not. Brought out by commands in flight across a keep-alive.
import { keepAlive } from "../src/fsm/keep-alive.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";
import { acquire } from "./payloads.js";

export const filterIgnoresBound = machineBug(
  {
    name: "filter-ignores-bound",
    what: "numbers above last_input are ended too",
    caughtBy: ["keepalive/harmless"],
    shows: log()
      .open(10)
      .open(10)
      .create(1, "lock")
      .create(2, "lock")
      .run(1, 3, 1, "Acquire", acquire())
      .run(2, 3, 1, "Acquire", acquire())
      .keepAlive(2, 0, [])
      .run(1, 3, 2, "Release").steps,
  },
  {
    keepAlive: {
      ...keepAlive,
      reached: (m, session) => [...m.parts.commands.ascending(session)],
      uncovered: (session, lastInput, remembered) =>
        keepAlive.uncovered(
          session,
          lastInput,
          remembered.filter((command) => command.number <= lastInput),
        ),
    },
  },
);
