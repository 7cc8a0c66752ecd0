// Streams: of all keys and of one, opened out of order, acknowledged in part, ended by a keep-alive, a closed service or a
// session's end, while keys come and go.
import { both, keepAlive, run, SERVICE, type Subject, A, tick } from "../subject.js";

export const stream: Subject = {
  name: "stream",
  what: "streams of a map's changes, and who still hears them",
  service: "map",
  letters: [
    ...both((who) => [
      run(who, 2, "Events"),
      run(who, 1, "Events", { key: "a" }),
      run(who, 3, "Put", { key: "b", value: "1", ttl: "1s" }),
      run(who, 4, "Put", { key: "a", value: "2", ttl: "1s" }),
      run(who, 5, "Clear"),
      run(who, 6, "Remove", { key: "a" }),
      keepAlive(who, 6, [2], { 2: 1 }),
    ]),
    tick(1),
  ],
  queries: [
    { session: A, service: SERVICE, query: "Entries" },
    { session: A, service: SERVICE, query: "Get", with: { key: "c" } },
  ],
};
