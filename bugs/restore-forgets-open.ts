// Open commands are not saved: whatever waits or listens is lost with a restore. The kind of slip that session machines have:
// only results are thought worth saving. Brought out by a restore with open streams.
import { saving } from "../src/fsm/snapshot.js";
import { CommandState } from "../src/proto/atomix/multiraft/v1/fsm.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const restoreForgetsOpen = machineBug(
  {
    name: "restore-forgets-open",
    what: "open commands are not saved",
    caughtBy: ["snapshot/invisible", "snapshot/refuses-damage"],
    shows: log().open(10).create(1, "value").run(1, 2, 1, "Events").restore().steps,
  },
  {
    saving: {
      ...saving,
      commands: (m, session) =>
        saving.commands(m, session).filter((record) => record.state === CommandState.COMMAND_COMPLETE),
    },
  },
);
