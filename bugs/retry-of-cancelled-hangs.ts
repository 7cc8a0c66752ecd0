// A retry of a command that was cancelled is never complete. Real: Atomix 4 (Go), whose replay closes the stream of a complete
// proposal and not that of a cancelled one. Brought out by a service that is closed, a lost answer, and a retry.
import { commands } from "../src/fsm/commands.js";
import { Status } from "../src/protocol/failure.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const retryOfCancelledHangs = machineBug(
  {
    name: "retry-of-cancelled-hangs",
    what: "a retry of a cancelled command is never complete",
    caughtBy: ["command/same-answer", "liveness/progress"],
    shows: log().open(10).create(1, "value").run(1, 2, 1, "Events").leave(1, 2).run(1, 2, 1, "Events").steps,
  },
  {
    commands: {
      ...commands,
      reply(m, command) {
        const reply = commands.reply(m, command);
        const cancelled = command.outputs.at(-1)?.operation?.status === Status.CANCELED;
        return reply.kind === "answer" && cancelled ? { ...reply, complete: false } : reply;
      },
    },
  },
);
