// The outputs of a completed command go at once, before anyone has acknowledged them. The kind of slip that session machines
// have: sent is taken for received. Brought out by lost replies.
import { root } from "../src/fsm/session-machine.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const unackedDropped = machineBug(
  {
    name: "unacked-dropped",
    what: "a completed command's outputs go at once",
    caughtBy: ["output/none-lost", "command/same-answer"],
    shows: log().open(10).create(1, "counter").run(1, 2, 1, "Increment").run(1, 2, 1, "Increment").steps,
  },
  {
    root: {
      ...root,
      apply(m, entry) {
        const applied = root.apply(m, entry);
        if (m.own !== undefined && !m.own.open) m.own.outputs = [];
        for (const { sessionId, commandNum, complete } of m.emissions) {
          const command = m.state.sessions.get(sessionId)?.commands.get(commandNum);
          if (complete && command !== undefined) command.outputs = [];
        }
        return applied;
      },
    },
  },
);
