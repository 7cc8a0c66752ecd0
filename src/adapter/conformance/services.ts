// Questions about services: making, opening and closing them; and about counters and values.
import type { Question } from "./question.js";
import { section } from "./question.js";
import { counter, value } from "./operations.js";
import { withTwo } from "./two-sessions.js";

const last = (answers: readonly string[], count: number): string => answers.slice(-count).join(" / ");

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
      "a write of the value that is there already, with a longer TTL, at the end of the first one",
      "OK value x, version 6",
      "Every write is a write, also of an equal value: new version, new TTL.",
      (m) => {
        withTwo(m, "value");
        m.command(1, 1, 3, value.set("x", 5));
        m.command(1, 2, 3, value.set("x", 50));
        m.at(5).tick();
        return m.query(1, 3, value.get);
      },
    ],
    [
      "a stream of which two outputs are acknowledged, asked for again",
      "#3 OK kind KIND_UPDATED, value y, version 7, open",
      "An acknowledgement names the command and its highest output: what lies above it is repeated, in order.",
      (m) => {
        withTwo(m, "value");
        m.command(1, 9, 3, value.events);
        m.command(2, 1, 3, value.set("x"));
        m.command(2, 2, 3, value.set("y"));
        m.keepAlive(1, 9, [9], { 9: 2 });
        return m.command(1, 9, 3, value.events);
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

export const serviceQuestions: readonly Question[] = [...hosting, ...conflicts, ...counters, ...values];
