// Time to live: one value with a TTL that is renewed, dropped, met and outlived, under streams that show it.
import { both, keepAlive, run, SERVICE, type Subject, A, FIRST, tick } from "../subject.js";

export const ttl: Subject = {
  name: "ttl",
  what: "a value with a time to live, and streams that show its end",
  service: "value",
  letters: [
    ...both((who) => [
      run(who, 1, "Events"),
      run(who, 2, "Set", { value: "v", ttl: "1s" }),
      run(who, 3, "Set", { value: "w", ttl: "2.5s" }),
      run(who, 4, "Delete"),
      // Over what the first letter set, where it did; then the value stays for good.
      run(who, 5, "Update", { value: "u", version: FIRST, ttl: "0s" }),
      keepAlive(who, 6, [1], { 1: 1 }),
    ]),
    tick(1),
    tick(1.5),
  ],
  queries: [{ session: A, service: SERVICE, query: "Get" }],
};
