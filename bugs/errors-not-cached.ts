// A command that was refused is not remembered, and runs again when it is retried. The kind of slip that session machines
// have: the error leaves by another way than the answer. Brought out by a refusal whose reply is lost.
import { commands } from "../src/fsm/commands.js";
import { Status } from "../src/protocol/failure.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";
import { set, update } from "./payloads.js";

export const errorsNotCached = machineBug(
  {
    name: "errors-not-cached",
    what: "a refused command runs again when it is retried",
    caughtBy: ["command/same-answer", "command/at-most-once"],
    // The update finds nothing; then there is something; its retry must hear of nothing all the same.
    shows: log()
      .open(10)
      .create(1, "value")
      .run(1, 2, 1, "Update", update(7, 5))
      .run(1, 2, 2, "Set", set(1))
      .run(1, 2, 1, "Update", update(7, 5)).steps,
  },
  {
    commands: {
      ...commands,
      run(m, session, input) {
        const reply = commands.run(m, session, input);
        const command = m.own;
        const status = command?.outputs.at(-1)?.operation?.status;
        if (command !== undefined && !command.open && status !== Status.OK) session.commands.delete(command.number);
        return reply;
      },
    },
  },
);
