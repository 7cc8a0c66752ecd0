// Questions about entries as such, log time, and sessions: what every machine has, whatever its services.
import type { Question } from "./question.js";
import { section } from "./question.js";
import type { Subject } from "./subject.js";

/** The last instant that a Timestamp may name: 9999-12-31T23:59:59.999999999Z. */
const LAST = { seconds: 253_402_300_799n, nanos: 999_999_999 };
const MANY_YEARS = 315_576_000_000n;

const entries = section(
  "2",
  [],
  [
    [
      "bytes that are no CommandInput",
      "failure INVALID",
      "apply is total: what does not decode takes its index and is answered by INVALID.",
      (m) => m.bytes(0xff, 0xff, 0xff),
    ],
    [
      "a CommandInput that is cut short inside its timestamp",
      "failure INVALID",
      "A message that ends before its last field does not decode.",
      (m) => m.bytes(0x0a, 0x7f, 0x01),
    ],
    [
      "no bytes at all, then a field that nobody knows, then a tick",
      "an empty output / an empty output / an empty output",
      "Decodable without an input is a tick: an empty CommandOutput with the entry's index, complete.",
      (m) => [m.bytes(), m.bytes(0x7a, 0x03, 0x61, 0x62, 0x63), m.at(1).tick()].join(" / "),
    ],
    [
      "a session_command without its inner input, in a session that lives and in one that never was",
      "failure INVALID / failure NOT_FOUND",
      "The session is checked first, then the missing input is INVALID.",
      (m) => [m.at(0).open(10), m.inSession(1, undefined), m.inSession(9, undefined)].slice(1).join(" / "),
    ],
  ],
);

const time = section(
  "2.1",
  [],
  [
    [
      "a session of 10 s, one nanosecond before its deadline and at it",
      "alive / dead",
      "Deadlines are inclusive: at last_updated + timeout the session is dead.",
      (m) => [m.at(0).open(10), m.at(9, 999_999_999).lives(1), m.at(10).lives(1)].slice(1).join(" / "),
    ],
    [
      "a session of 1.5 s, one nanosecond before its deadline and at it",
      "alive / dead",
      "Time-outs keep their nanoseconds.",
      (m) => [m.at(0).open(1, 5e8), m.at(1, 499_999_999).lives(1), m.at(1, 5e8).lives(1)].slice(1).join(" / "),
    ],
    [
      "entries whose time is behind log time",
      "alive / alive / dead / dead",
      "Log time is max(log time, the entry's timestamp): it never goes back, so a deadline that passed stays passed.",
      (m) => {
        m.at(100).open(10);
        return [m.at(50).lives(1), m.at(109).lives(1), m.at(110).lives(1), m.at(50).lives(1)].join(" / ");
      },
    ],
    [
      "a session of 10 s, opened by an entry whose time is 50 s behind log time, 5 s of log time later",
      "alive / dead",
      "What an entry sets is set at log time, not at the entry's own.",
      (m) => {
        m.at(100).open(10);
        m.at(50).open(10);
        return [m.at(105).lives(2), m.at(110).lives(2)].join(" / ");
      },
    ],
    [
      "a session opened by an entry without a timestamp, looked at one second later",
      "alive",
      "A missing timestamp moves nothing: log time stays what it was, it does not become the epoch.",
      (m) => {
        m.at(100).tick();
        m.stamped(undefined).open(10);
        return m.at(101).lives(2);
      },
    ],
    [
      "timestamps before the epoch, in the year 10000, and with 10^9 nanoseconds",
      "an empty output / an empty output / an empty output / alive",
      "A timestamp outside protobuf's documented range, or before the epoch, moves nothing.",
      (m) => {
        m.at(0).open(10);
        const ticks = [
          m.stamped({ seconds: -5n, nanos: 0 }).tick(),
          m.stamped({ seconds: LAST.seconds + 1n, nanos: 0 }).tick(),
          m.stamped({ seconds: 946_684_900n, nanos: 1_000_000_000 }).tick(),
        ];
        return [...ticks, m.at(9).lives(1)].join(" / ");
      },
    ],
    [
      "the last instant that a timestamp can name, for a session of 10 s and one of 10 000 years",
      "dead / alive",
      "The whole documented range counts; a deadline past it never comes. Nanoseconds since the epoch don't fit 64 bits there.",
      (m) => {
        m.at(0).open(10);
        m.open(MANY_YEARS);
        m.stamped(LAST).tick();
        return `${m.lives(1)} / ${m.lives(2)}`;
      },
    ],
    [
      "a keep-alive in the entry that reaches the session's deadline",
      "failure NOT_FOUND",
      "Timers run before the entry's own input: the session is dead when its keep-alive is looked at.",
      (m) => [m.at(0).open(10), m.at(10).keepAlive(1, 0, [])][1] as string,
    ],
  ],
);

const sessions = section(
  "2.2",
  [],
  [
    [
      "open_session at index 3",
      "session 3",
      "A session's id is the index of the entry that opened it.",
      (m) => [m.at(0).tick(), m.tick(), m.open(10)][2] as string,
    ],
    [
      "open_session without a time-out, with 0, -1 s, more than 10 000 years, and mixed signs",
      "failure INVALID / failure INVALID / failure INVALID / failure INVALID / failure INVALID",
      "The time-out must be greater than 0 and in protobuf's documented range.",
      (m) => [m.at(0).open(undefined), m.open(0), m.open(-1), m.open(MANY_YEARS + 1n), m.open(1, -5)].join(" / "),
    ],
    [
      "keep_alive and close_session for a session that never was",
      "failure NOT_FOUND / failure NOT_FOUND",
      "An unknown session is NOT_FOUND.",
      (m) => [m.at(0).keepAlive(7, 0, []), m.close(7)].join(" / "),
    ],
    [
      "close_session twice, and the session afterwards",
      "session closed / failure NOT_FOUND / dead",
      "A closed session is gone.",
      (m) => [m.at(0).open(10), m.close(1), m.close(1), m.lives(1)].slice(1).join(" / "),
    ],
    [
      "a keep-alive 9 s into a session of 10 s",
      "kept alive / alive / dead",
      "A keep-alive sets last_updated to log time.",
      (m) => {
        m.at(0).open(10);
        return [m.at(9).keepAlive(1, 0, []), m.at(18, 999_999_999).lives(1), m.at(19).lives(1)].join(" / ");
      },
    ],
    [
      "another entry of the session, 9 s into a session of 10 s",
      "alive / dead",
      "Only keep-alives refresh a session.",
      (m) => [m.at(0).open(10), m.at(9).lives(1), m.at(10).lives(1)].slice(1).join(" / "),
    ],
    [
      "two sessions, of 5 s and of 60 s",
      "dead / alive",
      "Each session has its own time-out, and expires in whatever entry reaches its deadline.",
      (m) => {
        m.at(0).open(5);
        m.open(60);
        m.at(5).tick();
        return `${m.lives(1)} / ${m.lives(2)}`;
      },
    ],
    [
      "two sessions, the longer one first",
      "alive / dead",
      "The deadline of a session is its own time-out's, not the longest one's.",
      (m) => {
        m.at(0).open(60);
        m.open(5);
        m.at(5).tick();
        return `${m.lives(1)} / ${m.lives(2)}`;
      },
    ],
    [
      "a keep-alive that covers 65 537 numbers at once, and one that covers 65 536",
      "failure INVALID / kept alive",
      "No input makes apply do unbounded work: more than 65 536 numbers that never arrived are INVALID, and change nothing.",
      (m) => [m.at(0).open(10), m.keepAlive(1, 65_537, []), m.keepAlive(1, 65_536, [])].slice(1).join(" / "),
    ],
    [
      "a keep-alive with last_input 2^64-1",
      "failure INVALID / alive",
      "The distance is counted, not walked: uint64 is exact over its whole range.",
      (m) => [m.at(0).open(10), m.keepAlive(1, 2n ** 64n - 1n, []), m.lives(1)].slice(1).join(" / "),
    ],
  ],
);

/** Filters that are none, each refused at once. */
const BAD_FILTERS = [
  "",
  "{}",
  "null",
  '{"m":1,"k":1}',
  '{"m":0,"k":3,"b":"AAAAAAAAAAA="}',
  '{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="',
  '{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAA"}',
  '{"m":7,"k":65,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}',
  '{"m":7, "k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}',
  '{"k":5,"m":7,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}',
  '{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ==","x":1}',
];

const filters = section(
  "2.6",
  [],
  [
    ...BAD_FILTERS.map(
      (filter) =>
        [
          `a keep-alive whose filter is ${filter === "" ? "empty" : filter}, and the session at its deadline`,
          "failure INVALID / dead",
          "A filter that is not exactly of the one shape is INVALID at once, and the keep-alive refreshes nothing.",
          (m: Subject) =>
            [m.at(0).open(10), m.at(9).keepAliveWith(1, 0, ascii(filter)), m.at(10).lives(1)].slice(1).join(" / "),
        ] as const,
    ),
    [
      "the filters of clients that hold nothing open, from amd64 and from arm64",
      "kept alive / kept alive",
      "With no bit set nothing is in, whatever k: it is not to be looped over.",
      (m) => {
        m.at(0).open(10);
        const amd64 = m.keepAliveWith(1, 0, ascii('{"m":1,"k":9223372036854775808,"b":"AAAAAAAAAAA="}'));
        return [amd64, m.keepAliveWith(1, 0, ascii('{"m":1,"k":1,"b":"AAAAAAAAAAA="}'))].join(" / ");
      },
    ],
  ],
);

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

export const sessionQuestions: readonly Question[] = [...entries, ...time, ...sessions, ...filters];
