// Questions about services: making, opening and closing them, and for each kind what users would be surprised by.
import type { Question } from "./question.js";
import { section } from "./question.js";
import { counter, election, lock, map, set, value } from "./operations.js";
import type { Subject } from "./subject.js";

const last = (answers: readonly string[], count: number): string => answers.slice(-count).join(" / ");

/** Sessions 1 and 2 of 100 s, and in both of them the service 3, which is called "a". The next index is 5. */
function withTwo(m: Subject, kind: string): void {
  m.at(0).open(100);
  m.open(100);
  m.create(1, kind);
  m.create(2, kind);
}

const hosting = section(
  "2.4",
  ["counter"],
  [
    [
      "create_service at index 4, the same again, and by another session",
      "service 4 / service 4 / service 4",
      "An equal (service, namespace, name) is opened, else created with the index as its id.",
      (m) => {
        m.at(0).open(100);
        m.open(100);
        m.tick();
        return [m.create(1, "counter"), m.create(1, "counter"), m.create(2, "counter")].join(" / ");
      },
    ],
    [
      "create_service of a kind that nobody knows",
      "failure NOT_SUPPORTED",
      "An unknown `service` is a Failure NOT_SUPPORTED.",
      (m) => last([m.at(0).open(100), m.create(1, "teapot")], 1),
    ],
    [
      "close_service twice, an operation after it, and an id that never was",
      "service closed / service closed / #1 FORBIDDEN / failure NOT_FOUND",
      "Not open here is OK; an id that never was is NOT_FOUND.",
      (m) => {
        m.at(0).open(100);
        m.create(1, "counter");
        const closed = [m.closeService(1, 2), m.closeService(1, 2)];
        return [...closed, m.command(1, 1, 2, counter.increment()), m.closeService(1, 99)].join(" / ");
      },
    ],
    [
      "a counter that was set by a session that ended since",
      "service 2 / OK value 7",
      "A service and its data outlive its sessions.",
      (m) => {
        m.at(0).open(100);
        m.create(1, "counter");
        m.command(1, 1, 2, counter.set(7n));
        m.close(1);
        m.open(100);
        return last([m.create(5, "counter"), m.query(5, 2, counter.get)], 2);
      },
    ],
  ],
);

const conflicts = section(
  "2.4",
  ["counter", "set"],
  [
    [
      "create_service of another kind under a name that is taken",
      "failure CONFLICT",
      "Another `service` under the same (namespace, name) is a CONFLICT.",
      (m) => last([m.at(0).open(100), m.create(1, "counter"), m.create(1, "set")], 1),
    ],
  ],
);

const counters = section(
  "2.4",
  ["counter"],
  [
    [
      "Increment of 2^63-1, Decrement of -2^63, Increment by 0 and by -3",
      "#1 OK value -9223372036854775808 / #1 OK value 9223372036854775807 / #1 OK value 9223372036854775807 / #1 OK value 9223372036854775804",
      "A counter is an int64 that wraps; an absent delta is 1, a delta of 0 is 0.",
      (m) => {
        m.at(0).open(100);
        m.create(1, "counter");
        m.command(1, 1, 2, counter.set(2n ** 63n - 1n));
        return [
          m.command(1, 2, 2, counter.increment()),
          m.command(1, 3, 2, counter.decrement()),
          m.command(1, 4, 2, counter.increment(0n)),
          m.command(1, 5, 2, counter.increment(-3n)),
        ].join(" / ");
      },
    ],
    [
      "CompareAndSet with the value that is there, and with another",
      "#1 OK value 5 / #1 CONFLICT / OK value 5",
      "A CompareAndSet that answers CONFLICT changes nothing.",
      (m) => {
        m.at(0).open(100);
        m.create(1, "counter");
        return last(
          [
            m.command(1, 1, 2, counter.compareAndSet(0n, 5n)),
            m.command(1, 2, 2, counter.compareAndSet(0n, 6n)),
            m.query(1, 2, counter.get),
          ],
          3,
        );
      },
    ],
  ],
);

const values = section(
  "2.4",
  ["value"],
  [
    [
      "Set, Insert, Update of a stale version, Delete, Get",
      "#1 OK version 5 / #1 ALREADY_EXISTS / #1 CONFLICT / #1 OK value x, version 5 / NOT_FOUND",
      "The version is the index of the write; what is refused changes nothing; Delete answers what was there.",
      (m) => {
        withTwo(m, "value");
        const said = [m.command(1, 1, 3, value.set("x")), m.command(1, 2, 3, value.insert("y"))];
        said.push(m.command(1, 3, 3, value.update("z", 4n)), m.command(1, 4, 3, value.delete()));
        return [...said, m.query(1, 3, value.get)].join(" / ");
      },
    ],
    [
      "a value with a TTL of 5 s, before its end and at it; then one with a TTL of 0",
      "OK value x, version 5 / NOT_FOUND / OK value y, version 8",
      "A TTL ends inclusively, in whatever entry reaches it; 0 is none.",
      (m) => {
        withTwo(m, "value");
        m.command(1, 1, 3, value.set("x", 5));
        m.at(4, 999_999_999).tick();
        const before = m.query(1, 3, value.get);
        m.at(5).tick();
        const after = m.query(1, 3, value.get);
        m.command(1, 2, 3, value.set("y", 0));
        m.at(50).tick();
        return [before, after, m.query(1, 3, value.get)].join(" / ");
      },
    ],
    [
      "a stream of events: its beginning, a write by another session, the end of the TTL",
      "#1 OK done, open / #1 OK version 6; to 1/1: #2 OK kind KIND_INSERTED, value x, version 6, open / " +
        "an empty output; to 1/1: #3 OK kind KIND_EXPIRED, value x, version 6, open",
      "Events answers first with an empty OK output, then one output for each change, the end of a TTL included.",
      (m) => {
        withTwo(m, "value");
        return [m.command(1, 1, 3, value.events), m.command(2, 1, 3, value.set("x", 5)), m.at(5).tick()].join(" / ");
      },
    ],
  ],
);

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

const locks = section(
  "2.4",
  ["lock"],
  [
    [
      "Acquire, Acquire by another session, its retry, Release, its retry again",
      "#1 OK token 5 / no output, open / no output, open / #1 OK done; to 2/1: #1 OK token 6 / #1 OK token 6",
      "A waiting Acquire has no output yet; its grant goes out with the Release. The token is the index of the Acquire's own entry.",
      (m) => {
        withTwo(m, "lock");
        return [
          m.command(1, 1, 3, lock.acquire()),
          m.command(2, 1, 3, lock.acquire()),
          m.command(2, 1, 3, lock.acquire()),
          m.command(1, 2, 3, lock.release()),
          m.command(2, 1, 3, lock.acquire()),
        ].join(" / ");
      },
    ],
    [
      "a try, a wait of 5 s, and the Release after both",
      "#1 TIMEOUT / no output, open / an empty output; to 2/2: #1 TIMEOUT / #1 OK done",
      "A time-out of 0 is a try. Who timed out has left the queue.",
      (m) => {
        withTwo(m, "lock");
        m.command(1, 1, 3, lock.acquire());
        return [
          m.command(2, 1, 3, lock.acquire(0)),
          m.command(2, 2, 3, lock.acquire(5)),
          m.at(5).tick(),
          m.command(1, 2, 3, lock.release()),
        ].join(" / ");
      },
    ],
    [
      "Release by another session, with another token, and of a free lock",
      "#1 CONFLICT / #1 CONFLICT / #1 OK done / #1 CONFLICT",
      "Only the holder releases, and with a token only that one.",
      (m) => {
        withTwo(m, "lock");
        m.command(1, 1, 3, lock.acquire());
        return [
          m.command(2, 1, 3, lock.release()),
          m.command(1, 2, 3, lock.release(4n)),
          m.command(1, 3, 3, lock.release(5n)),
          m.command(1, 4, 3, lock.release()),
        ].join(" / ");
      },
    ],
    [
      "a holder whose session expires while another waits",
      "an empty output; to 2/1: #1 OK token 7",
      "At its end a session gives back what it holds, and the next one is granted in the same entry.",
      (m) => {
        m.at(0).open(10);
        m.open(100);
        m.create(1, "lock");
        m.create(2, "lock");
        m.tick();
        m.command(1, 1, 3, lock.acquire());
        m.command(2, 1, 3, lock.acquire());
        return m.at(10).tick();
      },
    ],
    [
      "the end of two sessions at one instant, the holder's and the first waiter's; a third one waits",
      "an empty output; to 3/1: #1 OK token 9",
      "Sessions expire by id at the same deadline; what is handed to one that ends in the same entry is not sent.",
      (m) => {
        m.at(0).open(10);
        m.open(10);
        m.open(100);
        for (const session of [1, 2, 3]) m.create(session, "lock");
        for (const session of [1, 2, 3]) m.command(session, 1, 4, lock.acquire());
        return m.at(10).tick();
      },
    ],
    [
      "a granted Acquire that its client forgets",
      "kept alive / OK holder {sessionId 1, token 5}",
      "Forgetting the command leaves the lock held: it stays the session's until Release or its end.",
      (m) => {
        withTwo(m, "lock");
        m.command(1, 1, 3, lock.acquire());
        return [m.keepAlive(1, 1, [], { 1: 1 }), m.query(1, 3, lock.get)].join(" / ");
      },
    ],
    [
      "close_service by one who waits, and by the holder",
      "service closed; to 2/1: #1 CANCELED / service closed; to 1/2: #1 CANCELED / #1 OK token 12",
      "Open commands get one last output CANCELED, complete; the lock is handed on, here to nobody.",
      (m) => {
        withTwo(m, "lock");
        m.command(1, 1, 3, lock.acquire());
        m.command(2, 1, 3, lock.acquire());
        m.command(1, 2, 3, lock.acquire());
        const closed = [m.closeService(2, 3), m.closeService(1, 3)];
        m.open(100);
        m.create(10, "lock");
        return [...closed, m.command(10, 1, 3, lock.acquire())].join(" / ");
      },
    ],
  ],
);

const elections = section(
  "2.4",
  ["election"],
  [
    [
      "two candidates, the second is anointed, then promoted and demoted",
      "#1 OK term 1, leader a / #1 OK term 1, leader a, candidates [b] / #1 OK term 2, leader b, candidates [a] / " +
        "#1 OK term 2, leader b, candidates [a] / #1 OK term 3, leader a, candidates [b]",
      "The first of the list leads. A change of who leads raises the term by one; Promote of the first changes nothing.",
      (m) => {
        withTwo(m, "election");
        return [
          m.command(1, 1, 3, election.enter("a")),
          m.command(2, 1, 3, election.enter("b")),
          m.command(1, 2, 3, election.anoint("b")),
          m.command(1, 3, 3, election.promote("b")),
          m.command(1, 4, 3, election.demote("b")),
        ].join(" / ");
      },
    ],
    [
      "the leader's name taken over by a newer session, whose older holder then withdraws it",
      "#1 OK term 2, leader a / #1 CONFLICT / #1 NOT_FOUND",
      "The newest session takes a name over, and with the leader's name that is a change of leader.",
      (m) => {
        withTwo(m, "election");
        m.command(1, 1, 3, election.enter("a"));
        return [
          m.command(2, 1, 3, election.enter("a")),
          m.command(1, 2, 3, election.withdraw("a")),
          m.command(1, 3, 3, election.evict("c")),
        ].join(" / ");
      },
    ],
    [
      "a leader whose session ends, then the last candidate",
      "session closed / OK term 2, leader b / session closed / OK term 2",
      "Participants live as long as their sessions. The term rises when someone becomes leader, and stays when nobody is.",
      (m) => {
        withTwo(m, "election");
        m.open(100);
        m.create(5, "election");
        m.command(1, 1, 3, election.enter("a"));
        m.command(2, 1, 3, election.enter("b"));
        return [m.close(1), m.query(5, 3, election.term), m.close(2), m.query(5, 3, election.term)].join(" / ");
      },
    ],
  ],
);

export const serviceQuestions: readonly Question[] = [
  ...hosting,
  ...conflicts,
  ...counters,
  ...values,
  ...maps,
  ...sets,
  ...locks,
  ...elections,
];
