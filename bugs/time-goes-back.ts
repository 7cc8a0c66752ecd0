// Log time is the entry's timestamp, also when that is behind it. The kind of slip that session machines have: leaders change,
// and no two clocks agree. Brought out by clock skew and a change of leader.
import { logTime } from "../src/fsm/log-time.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const timeGoesBack = machineBug(
  {
    name: "time-goes-back",
    what: "log time is the entry's timestamp, without the maximum",
    caughtBy: ["time/never-goes-back"],
    shows: log().at(20).open(10).at(15).tick().steps,
  },
  { time: { ...logTime, target: (m, timestamp) => m.parts.time.read(timestamp) ?? m.state.time } },
);
