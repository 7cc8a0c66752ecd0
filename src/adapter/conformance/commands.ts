// Questions about commands: exactly once, whatever is repeated, late, given up or reused. They use a counter, which shows
// by its value how often something ran.
import type { Question } from "./question.js";
import { section } from "./question.js";
import { counter, raw } from "./operations.js";
import type { Subject } from "./subject.js";

const { increment, get, set } = counter;

/** Session 1 of 100 s with the counter 2 open in it. The next index is 3. */
function withCounter(m: Subject): void {
  m.at(0).open(100);
  m.create(1, "counter");
}

const last = (answers: readonly string[], count: number): string => answers.slice(-count).join(" / ");

/** A session's numbers 1 and 8 are in this filter: 1 was put in, 8 is its false positive; 2 to 7 are not. SPEC 2.6. */
const ONE_AND_EIGHT = Uint8Array.from('{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}', (letter) => letter.charCodeAt(0));

const exactlyOnce = section(
  "2.3",
  ["counter"],
  [
    [
      "a command, and the same again",
      "#1 OK value 1 / #1 OK value 1 / OK value 1",
      "A retry runs nothing: it repeats the outputs that were not acknowledged. The outer index is that of the retry's entry.",
      (m) => {
        withCounter(m);
        return last([m.command(1, 1, 2, increment()), m.command(1, 1, 2, increment()), m.query(1, 2, get)], 3);
      },
    ],
    [
      "the number of a remembered command with another input",
      "failure CONFLICT / OK value 1",
      "A number stands for one input; inputs are compared as decoded fields.",
      (m) => {
        withCounter(m);
        m.command(1, 1, 2, increment());
        return last([m.command(1, 1, 2, increment(2n)), m.query(1, 2, get)], 2);
      },
    ],
    [
      "number 0, in a session that lives and in one that never was",
      "failure INVALID / failure NOT_FOUND",
      "First the session, then the number.",
      (m) => {
        withCounter(m);
        return last([m.command(1, 0, 2, increment()), m.command(9, 0, 2, increment())], 2);
      },
    ],
    [
      "numbers 5, 3 and 2^64-1, in that order",
      "#1 OK value 1 / #1 OK value 2 / #1 OK value 3",
      "Numbers arrive in any order; each is a uint64.",
      (m) => {
        withCounter(m);
        return [5n, 3n, 2n ** 64n - 1n].map((number) => m.command(1, number, 2, increment())).join(" / ");
      },
    ],
    [
      "a command that was acknowledged and left the filter: again, also with another input",
      "kept alive / failure CANCELED / failure CANCELED / OK value 1",
      "At or below the mark, neither remembered nor listed: forgotten. It never runs again, whatever the input.",
      (m) => {
        withCounter(m);
        m.command(1, 1, 2, increment());
        const kept = m.keepAlive(1, 1, [], { 1: 1 });
        return last([kept, m.command(1, 1, 2, increment()), m.command(1, 1, 2, increment(5n)), m.query(1, 2, get)], 4);
      },
    ],
    [
      "a command that its client gave up before it arrived",
      "failure CANCELED / OK value 0",
      "A number at or below last_input that is not in the filter is given up: it does not run when it arrives late.",
      (m) => {
        withCounter(m);
        m.keepAlive(1, 1, []);
        return last([m.command(1, 1, 2, increment()), m.query(1, 2, get)], 2);
      },
    ],
    [
      "numbers that a keep-alive lists before they arrive: 1, its filter's false positive 8, and 2, which is not in it",
      "#1 OK value 1 / #1 OK value 2 / failure CANCELED / #1 OK value 1",
      "A number in the filter that never arrived is listed, and runs when it arrives. The filter's hash must be that of the clients.",
      (m) => {
        withCounter(m);
        m.keepAliveWith(1, 8, ONE_AND_EIGHT);
        return [1, 8, 2, 1].map((number) => m.command(1, number, 2, increment())).join(" / ");
      },
    ],
    [
      "a late copy of an old keep-alive, then a command that was forgotten since",
      "kept alive / failure CANCELED / OK value 1",
      "The mark never falls, and only numbers above the mark as it stood before are listed.",
      (m) => {
        withCounter(m);
        m.command(1, 1, 2, increment());
        m.keepAlive(1, 1, [1]);
        m.keepAlive(1, 2, []);
        return last([m.keepAlive(1, 1, [1]), m.command(1, 1, 2, increment()), m.query(1, 2, get)], 3);
      },
    ],
    [
      "a late keep-alive with a lower last_input, then the highest command that was forgotten",
      "kept alive / failure CANCELED / OK value 2",
      "The mark is max(mark, last_input): a late keep-alive does not take it back.",
      (m) => {
        withCounter(m);
        m.command(1, 1, 2, increment());
        m.command(1, 2, 2, increment());
        m.keepAlive(1, 2, []);
        return last([m.keepAlive(1, 1, []), m.command(1, 2, 2, increment()), m.query(1, 2, get)], 3);
      },
    ],
    [
      "a command above last_input, across a keep-alive that knows nothing of it",
      "#1 OK value 1 / OK value 1",
      "Remembered commands above last_input are untouched.",
      (m) => {
        withCounter(m);
        m.command(1, 5, 2, increment());
        m.keepAlive(1, 3, []);
        return last([m.command(1, 5, 2, increment()), m.query(1, 2, get)], 2);
      },
    ],
    [
      "a command whose output was acknowledged, while it is still in the filter",
      "no output / no output",
      "Acknowledged outputs are dropped, the command stays remembered; more than was produced acknowledges what was.",
      (m) => {
        withCounter(m);
        m.command(1, 1, 2, increment());
        m.keepAlive(1, 1, [1], { 1: 1 });
        const once = m.command(1, 1, 2, increment());
        m.keepAlive(1, 1, [1], { 1: 99 });
        return last([once, m.command(1, 1, 2, increment())], 2);
      },
    ],
    [
      "a keep-alive whose filter holds a command, without an acknowledgement",
      "#1 OK value 1",
      "What was not acknowledged can be had again, for as long as the session lives.",
      (m) => {
        withCounter(m);
        m.command(1, 1, 2, increment());
        m.keepAlive(1, 1, [1]);
        return m.command(1, 1, 2, increment());
      },
    ],
  ],
);

const refusals = section(
  "2.3",
  ["counter"],
  [
    [
      "a service that never was, an operation that is none, and a payload that does not decode",
      "#1 NOT_FOUND / #1 NOT_SUPPORTED / #1 INVALID",
      "What the command itself answers is its output, numbered 1, complete and remembered, also a refusal.",
      (m) => {
        withCounter(m);
        return last(
          [m.command(1, 1, 99, increment()), m.command(1, 2, 2, raw("Brew")), m.command(1, 3, 2, raw("Set", 0x08))],
          3,
        );
      },
    ],
    [
      "a service that is not open in the session; again once it is",
      "#1 FORBIDDEN / service 2 / #1 FORBIDDEN / #1 OK value 1",
      "A refusal is remembered like any answer: the retry repeats it. The next number sees the new state.",
      (m) => {
        withCounter(m);
        m.open(100);
        const refused = m.command(3, 1, 2, increment());
        const opened = m.create(3, "counter");
        return last([refused, opened, m.command(3, 1, 2, increment()), m.command(3, 2, 2, increment())], 4);
      },
    ],
    [
      "an operation without a name, and no operation at all",
      "#1 NOT_SUPPORTED / #1 NOT_SUPPORTED",
      "An absent operation is one with an empty name.",
      (m) => {
        withCounter(m);
        const none = { serviceId: 2n, sequenceNum: 2n, operation: undefined };
        return last([m.command(1, 1, 2, raw("")), m.inSession(1, { $case: "serviceCommand", value: none })], 2);
      },
    ],
  ],
);

const queries = section(
  "2.7",
  ["counter"],
  [
    [
      "a query in a session that never was, one without input, and one without its inner input",
      "failure NOT_FOUND / failure INVALID / failure INVALID",
      "The session is checked first; what lacks its input is INVALID.",
      (m) => {
        withCounter(m);
        const bare = { $case: "sessionQuery" as const, value: { sessionId: 1n, input: undefined } };
        return last(
          [
            m.query(9, 2, get),
            m.ask({ maxReceivedIndex: 0n, input: undefined }),
            m.ask({ maxReceivedIndex: 0n, input: bare }),
          ],
          3,
        );
      },
    ],
    [
      "a query of a service that never was, of one that is not open, with a name that is none, with a bad payload",
      "NOT_FOUND / FORBIDDEN / NOT_SUPPORTED / INVALID",
      "After the session these are outputs, in this order of checks.",
      (m) => {
        withCounter(m);
        m.open(100);
        return last(
          [m.query(1, 99, get), m.query(3, 2, get), m.query(1, 2, raw("Brew")), m.query(1, 2, raw("Get", 0x08))],
          4,
        );
      },
    ],
    [
      "a query by the name of a command, and a command by the name of a query",
      "NOT_SUPPORTED / #1 NOT_SUPPORTED / OK value 0",
      "A service's commands and queries are two lists.",
      (m) => {
        withCounter(m);
        return last([m.query(1, 2, set(4n)), m.command(1, 1, 2, get), m.query(1, 2, get)], 3);
      },
    ],
  ],
);

export const commandQuestions: readonly Question[] = [...exactlyOnce, ...refusals, ...queries];
