// The same number with another input gets the old answer. Real: Atomix 4 (Go), which looks a proposal up by its number and
// replays it, whatever it says. Brought out by numbers that are used again for something else.
import { commands } from "../src/fsm/commands.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const conflictingInputAccepted = machineBug(
  {
    name: "conflicting-input-accepted",
    what: "the same number with another input gets the old answer",
    caughtBy: ["command/same-answer"],
    shows: log().open(10).create(1, "counter").run(1, 2, 1, "Increment").run(1, 2, 1, "Decrement").steps,
  },
  { commands: { ...commands, sameInput: () => true } },
);
