// An entry without a timestamp moves log time to the epoch: the zero of a field that is not there is taken at its word. The
// kind of slip that session machines have. Brought out by entries without timestamps.
import { Nanos } from "../src/base/time.js";
import { logTime } from "../src/fsm/log-time.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const timeMissingIsEpoch = machineBug(
  {
    name: "time-missing-is-epoch",
    what: "an entry without a timestamp moves time to the epoch",
    caughtBy: ["time/never-goes-back"],
    shows: log().at(20).open(10).undated().tick().steps,
  },
  {
    time: {
      ...logTime,
      target: (m, timestamp) => (timestamp === undefined ? Nanos(0n) : logTime.target(m, timestamp)),
    },
  },
);
