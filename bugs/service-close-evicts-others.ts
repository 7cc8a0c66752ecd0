// Closing a service ends other sessions' hold on it. The kind of slip that session machines have: the service is closed, not
// the session's use of it. Brought out by two sessions with one service, of which one closes it.
import { hosting } from "../src/fsm/hosting.js";
import { ServiceId } from "../src/protocol/words.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const serviceCloseEvictsOthers = machineBug(
  {
    name: "service-close-evicts-others",
    what: "closing a service ends other sessions' hold on it",
    caughtBy: ["session/isolation"],
    shows: log().open(10).open(10).create(1, "counter").create(2, "counter").leave(1, 3).run(2, 3, 1, "Increment")
      .steps,
  },
  {
    services: {
      ...hosting,
      close(m, session, input) {
        const { services: part, commands } = m.parts;
        const instance = part.find(m, ServiceId(input.serviceId));
        if (instance?.sessions.has(session.id) === true) {
          for (const id of [...instance.sessions]) {
            const other = m.state.sessions.get(id);
            if (other === undefined || other === session) continue;
            for (const { number } of part.openCommands(other, instance)) commands.endSilently(m, other, number);
            part.leave(m, other, instance, "closed");
          }
        }
        return hosting.close(m, session, input);
      },
    },
  },
);
