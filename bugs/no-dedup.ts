// Every arrival of a command runs. A classic slip: retries without sessions. Brought out by any retry.
import { commands } from "../src/fsm/commands.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const noDedup = machineBug(
  {
    name: "no-dedup",
    what: "every arrival of a command runs",
    caughtBy: ["command/at-most-once"],
    shows: log().open(10).create(1, "counter").run(1, 2, 1, "Increment").run(1, 2, 1, "Increment").steps,
  },
  {
    commands: {
      ...commands,
      take: (m, session, input) =>
        input.sequenceNum === 0n ? commands.take(m, session, input) : m.parts.commands.run(m, session, input),
    },
  },
);
