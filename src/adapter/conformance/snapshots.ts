// Questions about saved states: taken over whole or refused whole, the same for equal states, and readable where the machine
// says so. They use a counter.
import { CommandState, PartitionSnapshot } from "../../proto/atomix/multiraft/v1/fsm.js";
import { ValueState } from "../../proto/multiraft_sim/value/v1/value.js";
import { open, seal } from "../../protocol/snapshot-envelope.js";
import type { Question } from "./question.js";
import { section } from "./question.js";
import { counter, lock, value } from "./operations.js";
import type { Subject } from "./subject.js";

const { increment, get } = counter;
/** Session 1 of 100 s with the counter 2, where command 1 ran and is remembered, 2 was forgotten, and 3 is listed. Index 6. */
function withHistory(m: Subject): void {
  m.at(0).open(100);
  m.create(1, "counter");
  m.command(1, 1, 2, increment());
  m.command(1, 2, 2, increment());
  m.at(1).keepAlive(1, 3, [1, 3]);
  m.tick();
}

const restoring = section(
  "2.5",
  ["counter"],
  [
    [
      "a fresh replica with a saved state: a retry, a forgotten command, a listed one, a new one",
      "restored / #1 OK value 1 / failure CANCELED / #1 OK value 3 / #1 OK value 4",
      "Remembered answers, the mark and the listed numbers are part of the state. The filter's false positives aside.",
      (m) => {
        withHistory(m);
        const moved = m.moveTo(m.snapshot());
        return [moved, ...[1, 2, 3, 4].map((number) => m.command(1, number, 2, increment()))].join(" / ");
      },
    ],
    [
      "the same in chunks of one byte, with empty ones between",
      "restored / OK value 2 / restored",
      "Chunks may have any size, also none.",
      (m) => {
        withHistory(m);
        const bytes = m.snapshot();
        const moved = m.moveTo(bytes, 1);
        const none = new Uint8Array(0);
        return [moved, m.query(1, 2, get), m.restore(none, bytes.subarray(0, 9), none, bytes.subarray(9))].join(" / ");
      },
    ],
    [
      "a remembered command whose payload is no text, across a restore: its retry",
      "restored / #1 OK value -3",
      "Payloads are bytes. An encoding that takes them for text loses some, and the retry is then another input.",
      (m) => {
        m.at(0).open(100);
        m.create(1, "counter");
        m.command(1, 1, 2, increment(-3n));
        return [m.moveTo(m.snapshot()), m.command(1, 1, 2, increment(-3n))].join(" / ");
      },
    ],
    [
      "an older state, restored into a replica that went on",
      "restored / OK value 2 / dead",
      "restore replaces everything: what came since is gone.",
      (m) => {
        withHistory(m);
        const bytes = m.snapshot();
        m.command(1, 4, 2, increment(10n));
        m.open(100);
        return [m.restore(bytes), m.query(1, 2, get), m.lives(8)].join(" / ");
      },
    ],
    [
      "the deadline of a session, across a restore half way to it",
      "restored / alive / dead",
      "Deadlines are saved as what they are, absolute, with their nanoseconds.",
      (m) => {
        m.at(0, 5).open(9, 7);
        m.at(4).tick();
        return [m.moveTo(m.snapshot()), m.at(9, 11).lives(1), m.at(9, 12).lives(1)].join(" / ");
      },
    ],
    [
      "a saved state that is cut short, at every eighth of its length",
      "refused / OK value 2",
      "A cut state is refused, and the old one stands. A cut protobuf often still decodes: that is what the envelope is for.",
      (m) => {
        withHistory(m);
        const bytes = m.snapshot();
        const cuts = Array.from({ length: 8 }, (_, eighth) => Math.floor((bytes.length * eighth) / 8));
        const said = new Set([...cuts, bytes.length - 1].map((at) => m.restore(bytes.subarray(0, at))));
        return [[...said].sort().join(" and "), m.query(1, 2, get)].join(" / ");
      },
    ],
    [
      "a saved state with one bit flipped, in each of its bytes; and with one byte more",
      "refused / OK value 2",
      "Damage is refused, and the old state stands.",
      (m) => {
        withHistory(m);
        const bytes = m.snapshot();
        const said = new Set<string>();
        for (let at = 0; at < bytes.length; at++) {
          const damaged = Uint8Array.from(bytes);
          damaged[at] = (damaged[at] as number) ^ (1 << (at & 7));
          said.add(m.restore(damaged));
        }
        said.add(m.restore(bytes, Uint8Array.of(0)));
        return [[...said].sort().join(" and "), m.query(1, 2, get)].join(" / ");
      },
    ],
    [
      "a snapshot, then a retry of what it holds",
      "#1 OK value 1 / OK value 2",
      "snapshot() changes nothing.",
      (m) => {
        withHistory(m);
        m.snapshot();
        return [m.command(1, 1, 2, increment()), m.query(1, 2, get)].join(" / ");
      },
    ],
  ],
);

const locks = section(
  "2.5",
  ["lock"],
  [
    [
      "a lock with two waiters, across a restore: one of them closes its session, then the holder releases",
      "restored / session closed / #1 OK done; to 3/1: #1 OK token 9",
      "An open command is restored for its own session only: the end of another one leaves it waiting.",
      (m) => {
        m.at(0).open(100);
        m.open(100);
        m.open(100);
        for (const session of [1, 2, 3]) m.create(session, "lock");
        for (const session of [1, 2, 3]) m.command(session, 1, 4, lock.acquire());
        return [m.moveTo(m.snapshot()), m.close(2), m.command(1, 2, 4, lock.release())].join(" / ");
      },
    ],
    [
      "a lock with a waiter of 10 s, across a restore after 4 s",
      "restored / an empty output / an empty output; to 2/1: #1 TIMEOUT",
      "A waiter's deadline is absolute: it does not start anew with the restore.",
      (m) => {
        m.at(0).open(100);
        m.open(100);
        m.create(1, "lock");
        m.create(2, "lock");
        m.command(1, 1, 3, lock.acquire());
        m.command(2, 1, 3, lock.acquire(10));
        m.at(4).tick();
        return [m.moveTo(m.snapshot()), m.at(9, 999_999_999).tick(), m.at(10).tick()].join(" / ");
      },
    ],
  ],
);

const values = section(
  "2.5",
  ["value"],
  [
    [
      "a value with a TTL of 10 s, across a restore after 4 s",
      "restored / OK value x, version 3 / NOT_FOUND",
      "The deadline of a TTL is absolute: it does not start anew with the restore.",
      (m) => {
        m.at(0).open(100);
        m.create(1, "value");
        m.command(1, 1, 2, value.set("x", 10));
        m.at(4).tick();
        const moved = m.moveTo(m.snapshot());
        m.at(9, 999_999_999).tick();
        const before = m.query(1, 2, value.get);
        m.at(10).tick();
        return [moved, before, m.query(1, 2, value.get)].join(" / ");
      },
    ],
    [
      "a stream whose outputs are all acknowledged, across a restore: its next output",
      "restored / #1 OK version 7; to 1/1: #3 OK kind KIND_UPDATED, value y, version 7, open",
      "Numbering goes on: an open command that has nothing pending is saved with one output without an operation, its marker.",
      (m) => {
        m.at(0).open(100);
        m.create(1, "value");
        m.command(1, 1, 2, value.events);
        m.command(1, 2, 2, value.set("x"));
        m.keepAlive(1, 2, [1], { 1: 2 });
        m.tick();
        return [m.moveTo(m.snapshot()), m.command(1, 3, 2, value.set("y"))].join(" / ");
      },
    ],
  ],
);

const canonical = section(
  "2.5",
  ["counter", "canonical"],
  [
    [
      "the snapshot twice, and with a query between",
      "equal / equal",
      "Neither snapshot() nor query() changes anything, and equal states give equal bytes.",
      (m) => {
        withHistory(m);
        const first = m.snapshot();
        const second = m.snapshot();
        m.query(1, 2, get);
        return [compared(first, second), compared(first, m.snapshot())].join(" / ");
      },
    ],
    [
      "one log on two ways: with a restore in the middle, and without",
      "restored / equal",
      "Equal states give equal bytes, whatever path led there: write lists in their order, not in the order they grew.",
      (m) => {
        withHistory(m);
        const moved = m.moveTo(m.snapshot());
        m.open(50);
        m.create(7, "counter", "b");
        m.command(7, 9, 2, increment());
        m.command(1, 7, 2, increment());
        m.command(1, 4, 2, increment());
        m.create(7, "counter", "a");
        return [moved, compared(m.snapshot(), m.replayed())].join(" / ");
      },
    ],
  ],
);

type Edit = (state: PartitionSnapshot) => void;

const MARK = { state: CommandState.COMMAND_COMPLETE, input: undefined, pendingOutputs: [] };
const LISTED = { state: CommandState.COMMAND_OPEN, input: undefined, pendingOutputs: [] };

/** Edits after which a state contradicts itself. It has one session, whose mark is 3, and one service. */
const contradictions: readonly (readonly [what: string, edit: Edit])[] = [
  ["two marks", (state) => state.sessions[0]?.commands.push({ ...MARK, commandSequenceNum: 9n })],
  [
    "a listed number above the mark",
    (state) => state.sessions[0]?.commands.push({ ...LISTED, commandSequenceNum: 4n }),
  ],
  ["a record of number 0", (state) => state.sessions[0]?.commands.unshift({ ...LISTED, commandSequenceNum: 0n })],
  [
    "an input whose number is not its record's",
    (state) => {
      for (const { input } of state.sessions[0]?.commands ?? []) if (input !== undefined) input.sequenceNum += 1n;
    },
  ],
  [
    "outputs that are not consecutive",
    (state) => {
      const outputs = state.sessions[0]?.commands[0]?.pendingOutputs ?? [];
      const [first] = outputs;
      if (first !== undefined) outputs.push({ ...first, sequenceNum: first.sequenceNum + 2n });
    },
  ],
  [
    "sessions out of order",
    (state) => {
      const [first] = state.sessions;
      if (first !== undefined) state.sessions.push({ ...first, sessionId: 0n, commands: [] });
    },
  ],
  ["records in the wrong order", (state) => void state.sessions[0]?.commands.reverse()],
  [
    "an open command that no service holds",
    (state) => {
      for (const record of state.sessions[0]?.commands ?? []) {
        if (record.input !== undefined) record.state = CommandState.COMMAND_OPEN;
      }
    },
  ],
];

const listeners = section(
  "2.5",
  ["value", "readable"],
  [
    [
      "streams that were opened as 5, 3 and 4: the order of their records, and of the listeners in the service's data",
      "3 4 5 / 3 4 5",
      "Everything in a saved state stands in its own order, whatever the order in which it came.",
      (m) => {
        m.at(0).open(100);
        m.create(1, "value");
        for (const number of [5, 3, 4]) m.command(1, number, 2, value.events);
        const { sessions, services } = PartitionSnapshot.decode(payloadOf(m.snapshot()));
        const records = sessions.flatMap(({ commands }) => commands.map((record) => record.commandSequenceNum));
        const heard = services.flatMap(({ data }) => ValueState.decode(data).listeners.map((each) => each.sequenceNum));
        return [records.join(" "), heard.join(" ")].join(" / ");
      },
    ],
  ],
);

const readable = section(
  "2.5",
  ["counter", "readable"],
  [
    [
      "what the saved state says",
      "index 6, time 2000-01-01T00:00:01Z, session 1 with 1 complete, 3 listed, 3 mark, service 2 with sessions 1",
      "An envelope around a PartitionSnapshot: commands by number, at equal numbers first listed, then the mark; time always present.",
      (m) => {
        withHistory(m);
        return snapshotInWords(m.snapshot());
      },
    ],
    ...contradictions.map(
      ([what, contradict]) =>
        [
          `a saved state with ${what}`,
          "refused / OK value 2",
          "A state that contradicts itself, or stands in another order than 2.5's, is refused, and the old state stands.",
          (m: Subject) => {
            withHistory(m);
            return [m.restore(edited(m.snapshot(), contradict)), m.query(1, 2, get)].join(" / ");
          },
        ] as const,
    ),
    [
      "a saved state of a service that nobody knows",
      "refused / OK value 2",
      "An unknown service is refused, and the old state stands.",
      (m) => {
        withHistory(m);
        const unknown = edited(m.snapshot(), (state) => {
          for (const service of state.services) service.spec = { service: "teapot", namespace: "", name: "a" };
        });
        return [m.restore(unknown), m.query(1, 2, get)].join(" / ");
      },
    ],
  ],
);

function edited(bytes: Uint8Array, edit: Edit): Uint8Array {
  const state = PartitionSnapshot.decode(payloadOf(bytes));
  edit(state);
  return seal(PartitionSnapshot.encode(state).finish());
}

function payloadOf(bytes: Uint8Array): Uint8Array {
  const opened = open(bytes);
  if (opened.kind === "refused") throw new Error(`what snapshot() answers: ${opened.message}`);
  return opened.payload;
}

function compared(a: Uint8Array, b: Uint8Array): string {
  return a.length === b.length && a.every((byte, at) => byte === b[at]) ? "equal" : "different";
}

function snapshotInWords(bytes: Uint8Array): string {
  const { index, timestamp, sessions, services } = PartitionSnapshot.decode(payloadOf(bytes));
  const time =
    timestamp === undefined ? "none" : new Date(Number(timestamp.seconds) * 1000).toISOString().replace(".000", "");
  const said = [`index ${index}`, `time ${time}`];
  for (const { sessionId, commands } of sessions) {
    const records = commands.map(({ commandSequenceNum: number, state, input }) => {
      const complete = state === CommandState.COMMAND_COMPLETE;
      if (input === undefined) return `${number} ${complete ? "mark" : "listed"}`;
      return `${number} ${complete ? "complete" : "open"}`;
    });
    said.push(`session ${sessionId} with ${records.join(", ")}`);
  }
  for (const { serviceId, sessions: having } of services)
    said.push(`service ${serviceId} with sessions ${having.join(" ")}`);
  return said.join(", ");
}

export const snapshotQuestions: readonly Question[] = [
  ...restoring,
  ...locks,
  ...values,
  ...canonical,
  ...listeners,
  ...readable,
];
