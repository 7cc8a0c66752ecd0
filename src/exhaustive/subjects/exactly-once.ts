// Exactly once: two numbers of each session, retried, reused with another input, refused, given up, acknowledged and listed in
// every order.
import { both, keepAlive, run, SERVICE, type Subject, A, tick } from "../subject.js";

export const exactlyOnce: Subject = {
  name: "exactly-once",
  what: "numbers that are retried, reused, given up and listed",
  service: "set",
  letters: [
    ...both((who) => [
      run(who, 1, "Add", { element: "x" }),
      run(who, 2, "Add", { element: "x" }),
      run(who, 1, "Remove", { element: "x" }),
      run(who, 3, "Add", { bytes: "/w==" }),
      keepAlive(who, 1),
      keepAlive(who, 2, [1]),
      keepAlive(who, 2, [2], { 2: 1 }),
      keepAlive(who, 3, [3]),
    ]),
    tick(1),
  ],
  queries: [
    { session: A, service: SERVICE, query: "Elements" },
    { session: A, service: SERVICE, query: "Contains", with: { element: "y" } },
  ],
};
