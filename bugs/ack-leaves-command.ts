// A number that has left the filter keeps its remembered answer, and memory grows with every command. The kind of slip that
// session machines have. Brought out by any command that is answered and acknowledged.
import { commands } from "../src/fsm/commands.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const ackLeavesCommand = machineBug(
  {
    name: "ack-leaves-command",
    what: "a number that left the filter keeps its remembered answer",
    caughtBy: ["state/bounded"],
    shows: log().open(10).create(1, "counter").run(1, 2, 1, "Increment").keepAlive(1, 1, []).steps,
  },
  {
    commands: {
      ...commands,
      forget: (m, session, command) => {
        if (command.open) m.parts.commands.endSilently(m, session, command.number);
      },
    },
  },
);
