// Questions about maps and sets.
import { map, set } from "./operations.js";
import type { Question } from "./question.js";
import { section } from "./question.js";
import { withTwo } from "./two-sessions.js";

const maps = section(
  "2.4",
  ["map"],
  [
    [
      "Entries, after keys that UTF-16 would order otherwise",
      "OK keys [a z é \u{fffd} \u{1f600}]",
      "Key order is the order of UTF-8 bytes: U+FFFD stands before U+1F600.",
      (m) => {
        withTwo(m, "map");
        ["\u{1f600}", "z", "\u{fffd}", "a", "é"].forEach((key, at) => m.command(1, at + 1, 3, map.put(key, "x")));
        return m.query(1, 3, map.entries);
      },
    ],
    [
      "Remove, then Get, Put and Remove again",
      "#1 OK value x, version 5 / NOT_FOUND / #1 OK version 7 / #1 OK value y, version 7",
      "A removed key is gone, with its TTL; what comes back is new.",
      (m) => {
        withTwo(m, "map");
        m.command(1, 1, 3, map.put("k", "x", 5));
        const said = [m.command(1, 2, 3, map.remove("k")), m.query(1, 3, map.get("k"))];
        said.push(m.command(1, 3, 3, map.put("k", "y")));
        m.at(10).tick();
        return [...said, m.command(1, 4, 3, map.remove("k"))].join(" / ");
      },
    ],
    [
      "Get of a key that is not there, then the keys and their number",
      "NOT_FOUND / OK keys [] / OK done",
      "A query changes nothing: a missing key stays missing.",
      (m) => {
        withTwo(m, "map");
        return [m.query(1, 3, map.get("k")), m.query(1, 3, map.entries), m.query(1, 3, map.size)].join(" / ");
      },
    ],
    [
      "Clear of keys that were put in reverse order, under a stream",
      "#1 OK done; to 2/1: #2 OK kind KIND_REMOVED, key a, value 2, version 6, open; " +
        "to 2/1: #3 OK kind KIND_REMOVED, key b, value 1, version 5, open",
      "Clear publishes in key order, not in the order in which the keys came.",
      (m) => {
        withTwo(m, "map");
        m.command(1, 1, 3, map.put("b", "1"));
        m.command(1, 2, 3, map.put("a", "2"));
        m.command(2, 1, 3, map.events());
        return m.command(1, 3, 3, map.clear);
      },
    ],
    [
      "Clear, with one stream for all keys and one for a single key",
      "#1 OK done; to 2/1: #2 OK kind KIND_REMOVED, key a, value 1, version 5, open; " +
        "to 2/1: #3 OK kind KIND_REMOVED, key b, value 2, version 6, open; " +
        "to 2/2: #2 OK kind KIND_REMOVED, key b, value 2, version 6, open / #1 OK done",
      "One event for each key, in key order, to each stream that wants it; Clear of an empty map is OK, without events.",
      (m) => {
        withTwo(m, "map");
        m.command(1, 1, 3, map.put("a", "1"));
        m.command(1, 2, 3, map.put("b", "2"));
        m.command(2, 1, 3, map.events());
        m.command(2, 2, 3, map.events("b"));
        return [m.command(1, 3, 3, map.clear), m.command(1, 4, 3, map.clear)].join(" / ");
      },
    ],
  ],
);

const sets = section(
  "2.4",
  ["set"],
  [
    [
      "Add twice, Remove twice, and the elements",
      "#1 OK changed true / #1 OK changed false / #1 OK changed true / #1 OK changed false / OK elements [b c]",
      "Add and Remove answer whether they changed something; elements stand in key order.",
      (m) => {
        withTwo(m, "set");
        m.command(1, 1, 3, set.add("c"));
        m.command(1, 2, 3, set.add("b"));
        const said = [m.command(1, 3, 3, set.add("a")), m.command(1, 4, 3, set.add("a"))];
        said.push(m.command(2, 1, 3, set.remove("a")), m.command(2, 2, 3, set.remove("a")));
        return [...said, m.query(2, 3, set.elements)].join(" / ");
      },
    ],
  ],
);

export const collectionQuestions: readonly Question[] = [...maps, ...sets];
