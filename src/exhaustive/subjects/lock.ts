// The lock: holders, waiters with and without a time-out, releases by anyone, and what becomes of them when a service or a
// session is closed, or a number given up.
import { both, close, keepAlive, leave, run, SERVICE, type Subject, A, tick } from "../subject.js";

export const lock: Subject = {
  name: "lock",
  what: "who holds, who waits, and who is next",
  service: "lock",
  letters: [
    ...both((who) => [
      run(who, 1, "Acquire"),
      run(who, 2, "Acquire", { timeout: "2s" }),
      run(who, 3, "Acquire", { timeout: "0s" }),
      run(who, 4, "Release"),
      keepAlive(who, 4, [1], {}, 1),
      leave(who),
      close(who),
    ]),
    tick(1),
    tick(2.5),
  ],
  queries: [{ session: A, service: SERVICE, query: "Get" }],
};
