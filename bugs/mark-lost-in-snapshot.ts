// The mark is not saved, nor what is listed below it: after a restore a number that was given up is new again. The kind of
// slip that session machines have. Brought out by a restore and a very late duplicate.
import { saving } from "../src/fsm/snapshot.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const markLostInSnapshot = machineBug(
  {
    name: "mark-lost-in-snapshot",
    what: "the mark is not saved",
    caughtBy: ["snapshot/invisible", "command/at-most-once"],
    shows: log()
      .open(10)
      .create(1, "counter")
      .run(1, 2, 1, "Increment")
      .keepAlive(1, 1, [])
      .restore()
      .run(1, 2, 1, "Increment").steps,
  },
  { saving: { ...saving, mark: () => [], listed: () => [] } },
);
