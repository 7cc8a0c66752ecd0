// A restore attaches every open command of a service to every session of it; the end of one session ends them all. Real:
// Atomix 4 (Go), whose primitive sessions, when they are recovered, take all proposals of their primitive. Brought out by a
// restore with two sessions waiting, of which one is closed.
import { restoring } from "../src/fsm/restore.js";
import { sessions } from "../src/fsm/sessions.js";
import type { Command, Session, State } from "../src/fsm/state.js";
import { ServiceId } from "../src/protocol/words.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";
import { acquire } from "./payloads.js";

interface Attached {
  readonly owner: Session;
  readonly command: Command;
}

const attached = new WeakMap<State, readonly Attached[]>();

export const restoreAttachesToAll = machineBug(
  {
    name: "restore-attaches-to-all",
    what: "at a restore every open command is attached to every session of its service",
    caughtBy: ["session/isolation", "snapshot/invisible"],
    shows: log()
      .open(90)
      .open(90)
      .open(90)
      .create(1, "lock")
      .create(2, "lock")
      .create(3, "lock")
      .run(1, 4, 1, "Acquire", acquire())
      .run(2, 4, 1, "Acquire", acquire())
      .run(3, 4, 1, "Acquire", acquire())
      .restore()
      .close(2)
      .run(1, 4, 2, "Release").steps,
  },
  {
    restoring: {
      ...restoring,
      build(m, saved) {
        const state = restoring.build(m, saved);
        const all = [...state.sessions.values()].flatMap((owner) =>
          Array.from(owner.open.values(), (command) => ({ owner, command })),
        );
        attached.set(state, all);
        return state;
      },
    },
    sessions: {
      ...sessions,
      endCommands(m, session) {
        for (const { owner, command } of attached.get(m.state) ?? []) {
          if (!session.services.has(ServiceId(command.input.serviceId))) continue;
          m.parts.commands.endSilently(m, owner, command.number);
        }
        sessions.endCommands(m, session);
      },
    },
  },
);
