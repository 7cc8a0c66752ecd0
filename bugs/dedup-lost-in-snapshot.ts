// Remembered answers are not saved, so a replica that was restored runs a retry that the others recognise. The kind of slip
// that session machines have: the services are saved, the sessions' bookkeeping is not. Brought out by a restore and a retry.
import { saving } from "../src/fsm/snapshot.js";
import { CommandState } from "../src/proto/atomix/multiraft/v1/fsm.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const dedupLostInSnapshot = machineBug(
  {
    name: "dedup-lost-in-snapshot",
    what: "remembered answers are not saved",
    caughtBy: ["snapshot/invisible", "command/at-most-once"],
    shows: log().open(10).create(1, "counter").run(1, 2, 1, "Increment").restore().run(1, 2, 1, "Increment").steps,
  },
  {
    saving: {
      ...saving,
      commands: (m, session) =>
        saving.commands(m, session).filter((record) => record.state === CommandState.COMMAND_OPEN),
    },
  },
);
