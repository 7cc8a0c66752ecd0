// Release does not look at who asks. A classic slip: a mutex is not a lock with an owner. Brought out by a Release of one who
// does not hold it.
import { lock } from "../src/fsm/services/lock.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { acquire } from "./payloads.js";

export const lockReleaseByAnyone = machineBug(
  {
    name: "lock-release-by-anyone",
    what: "Release does not look at who asks",
    caughtBy: ["lock/exclusive", "service/as-modelled"],
    shows: log()
      .open(90)
      .open(90)
      .create(1, "lock")
      .create(2, "lock")
      .run(1, 3, 1, "Acquire", acquire())
      .run(2, 3, 1, "Release").steps,
  },
  withServices(
    changed(lock, {
      mayRelease: (holder, _by, token) => holder !== undefined && (token === undefined || token === holder.token),
    }),
  ),
);
