// Nothing marks a number that was forgotten: its late duplicate runs again. Real: Atomix 4 (Go), whose keep-alive deletes a
// proposal and leaves no trace of its number. Brought out by a command, a keep-alive, and the command's late duplicate.
import { commands } from "../src/fsm/commands.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const purgeForgets = machineBug(
  {
    name: "purge-forgets",
    what: "nothing marks a forgotten number: its duplicate runs again",
    caughtBy: ["command/at-most-once"],
    shows: log().open(10).create(1, "counter").run(1, 2, 1, "Increment").keepAlive(1, 1, []).run(1, 2, 1, "Increment")
      .steps,
  },
  { commands: { ...commands, isForgotten: () => false } },
);
