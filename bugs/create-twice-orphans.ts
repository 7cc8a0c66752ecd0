// Opening a service again drops what the session had there; its open commands wait for ever. Real: Atomix 4 (Go), where a
// second open puts a new primitive session in the place of the old one, with its proposals. Brought out by a create_service
// that arrives twice while an Acquire waits.
import { hosting } from "../src/fsm/hosting.js";
import { nameKey } from "../src/fsm/state.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";
import { acquire } from "./payloads.js";

export const createTwiceOrphans = machineBug(
  {
    name: "create-twice-orphans",
    what: "opening a service again drops what the session had there",
    caughtBy: ["lock/fifo", "liveness/progress", "service/as-modelled"],
    shows: log()
      .open(90)
      .open(90)
      .create(1, "lock")
      .create(2, "lock")
      .run(1, 3, 1, "Acquire", acquire())
      .run(2, 3, 1, "Acquire", acquire())
      .create(2, "lock")
      .run(1, 3, 2, "Release").steps,
  },
  {
    services: {
      ...hosting,
      create(m, session, input) {
        const known = input.spec === undefined ? undefined : m.state.names.get(nameKey(input.spec));
        const instance = known === undefined ? undefined : m.state.services.get(known);
        if (
          instance !== undefined &&
          instance.sessions.has(session.id) &&
          instance.spec.service === input.spec?.service
        ) {
          for (const command of m.parts.services.openCommands(session, instance)) {
            m.parts.services.cancel(m, session, command);
          }
          m.parts.services.leave(m, session, instance, "closed");
        }
        return hosting.create(m, session, input);
      },
    },
  },
);
