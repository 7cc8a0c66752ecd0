// Only a close gives the lock back; a holder that expires keeps it for ever. The kind of slip that session machines have: two
// ways to end, of which one is remembered. Brought out by a holder that expires with a waiter behind it.
import { hosting } from "../src/fsm/hosting.js";
import { lock } from "../src/fsm/services/lock.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";
import { acquire } from "./payloads.js";

export const lockNotReleasedOnExpiry = machineBug(
  {
    name: "lock-not-released-on-expiry",
    what: "only close gives the lock back",
    caughtBy: ["lock/holder-alive", "liveness/progress"],
    shows: log()
      .open(10)
      .open(90)
      .create(1, "lock")
      .create(2, "lock")
      .run(1, 3, 1, "Acquire", acquire())
      .run(2, 3, 1, "Acquire", acquire())
      .at(20)
      .tick().steps,
  },
  {
    services: {
      ...hosting,
      leave(m, session, instance, why) {
        if (why === "closed" || instance.spec.service !== lock.kind) return hosting.leave(m, session, instance, why);
        instance.sessions.delete(session.id);
        session.services.delete(instance.id);
      },
    },
  },
);
