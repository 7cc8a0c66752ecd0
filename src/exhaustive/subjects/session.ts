// Sessions: what opens, refreshes and ends them, with time passing to their deadlines and entries whose time is missing, too
// early, or no entry at all.
import { both, close, keepAlive, leave, openAgain, run, SERVICE, type Subject, A, tick } from "../subject.js";

export const session: Subject = {
  name: "session",
  what: "what opens, refreshes and ends a session",
  service: "lock",
  letters: [
    ...both((who) => [
      keepAlive(who, 0),
      keepAlive(who, 0, [], {}, 1.5),
      {
        says: `${who.name} keeps alive with a filter that is none`,
        after: 0,
        step: { session: who.session, keepAlive: { lastInput: 0, filter: "{}" } },
      },
      run(who, 1, "Acquire"),
      close(who),
      leave(who),
      openAgain(who, "lock"),
    ]),
    tick(1),
    tick(1.5),
    { says: "an entry without a time", role: null, step: { tick: true } },
    { says: "an entry of 2 s before", role: null, after: -2, step: { tick: true } },
    { says: "a session opens, for 1 s", role: null, after: 0, step: { open: "1s" } },
    { says: "no entry at all", role: null, step: { entry: "/w==" } },
  ],
  queries: [{ session: A, service: SERVICE, query: "Get" }],
};
