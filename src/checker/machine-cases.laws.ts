// Properties of a machine and its replicas: for each a run that keeps it, one that breaks it, and the lines that show it.
import { ElectionState, EnterInput, Term } from "../proto/multiraft_sim/election/v1/election.js";
import { LogIndex } from "../protocol/words.js";
import {
  closeService,
  closeSession,
  command,
  emission,
  keepAlive,
  openSession,
  output,
  savedMark,
  savedSession,
  Tape,
} from "./tape.laws.js";
import {
  CANCELED,
  type Case,
  INVALID,
  NOT_FOUND,
  OK,
  add,
  afterIncrement,
  begun,
  changed,
  contended,
  expired,
  granted,
  increment,
  incremented,
  listening,
  number,
  rememberedIncrement,
  shared,
  state,
  token,
  told,
  with_,
  writtenWithTtl,
} from "./runs.laws.js";

export const machineCases: Readonly<Record<string, Case>> = {
  "time/never-goes-back": {
    holds: begun().observe(1, state()),
    breaks: begun().observe(1, state({ timestamp: { seconds: 99n, nanos: 0 } })),
    lines: [6],
  },
  "timer/nothing-due-left": {
    holds: expired().observe(
      1,
      state({
        index: 3n,
        timestamp: { seconds: 110n, nanos: 0 },
        sessions: [],
        services: [{ ...state().services[0]!, sessions: [] }],
      }),
    ),
    breaks: expired().observe(1, state({ index: 3n, timestamp: { seconds: 110n, nanos: 0 } })),
    lines: [8],
  },
  "session/never-early": {
    holds: with_(begun(), (t) => t.entry(109n, keepAlive(1n), t.answers.kept())),
    breaks: with_(begun(), (t) => t.entry(109n, keepAlive(1n), t.answers.no(NOT_FOUND))),
    lines: [2, 6, 7],
  },
  "session/never-late": {
    holds: with_(begun(), (t) => t.entry(110n, keepAlive(1n), t.answers.no(NOT_FOUND))),
    breaks: with_(begun(), (t) => t.entry(110n, keepAlive(1n), t.answers.kept())),
    lines: [2, 6, 7],
  },
  "session/dead-stays-dead": {
    holds: with_(
      begun(),
      (t) => t.entry(101n, closeSession(1n), t.answers.closed()),
      (t) => t.entry(101n, increment(1n), t.answers.no(NOT_FOUND)),
    ),
    breaks: with_(
      begun(),
      (t) => t.entry(101n, closeSession(1n), t.answers.closed()),
      (t) => t.entry(101n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))),
    ),
    lines: [2, 6, 8, 9],
  },
  "session/id-is-index": {
    holds: begun(),
    breaks: with_(begun(), (t) => t.entry(100n, openSession(10n), t.answers.opened(2n))),
    lines: [6, 7],
  },
  "session/isolation": {
    holds: with_(contended(), (t) => t.entry(100n, closeService(1n, 2n), t.answers.serviceClosed(), [granted])),
    breaks: with_(contended(), (t) =>
      t.entry(100n, closeService(1n, 2n), t.answers.serviceClosed(), [emission(3n, 1n, output(1n, CANCELED), true)]),
    ),
    lines: [14, 15],
  },
  "command/at-most-once": {
    holds: with_(incremented(), (t) =>
      t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))),
    ),
    breaks: with_(incremented(), (t) =>
      t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(2n)))),
    ),
    lines: [6, 8, 9],
  },
  "command/same-answer": {
    holds: with_(
      incremented(),
      (t) => t.entry(100n, keepAlive(1n, 1n), t.answers.kept()),
      (t) => t.entry(100n, increment(1n), t.answers.no(CANCELED)),
    ),
    breaks: with_(incremented(), (t) => t.entry(100n, increment(1n), t.answers.outputs(false))),
    lines: [6, 8, 9],
  },
  "output/gapless": {
    holds: with_(listening(), (t) =>
      t.entry(100n, command(1n, 2n, 2n, "Add", add), t.answers.outputs(true, changed), [told(2n)]),
    ),
    breaks: with_(listening(), (t) =>
      t.entry(100n, command(1n, 2n, 2n, "Add", add), t.answers.outputs(true, changed), [told(1n)]),
    ),
    lines: [6, 8, 9],
  },
  "keepalive/harmless": {
    // {1} holds the open command 1; command 2 is above last_input.
    holds: with_(
      incremented(),
      (t) => t.entry(100n, keepAlive(1n, 0n), t.answers.kept()),
      (t) => t.observe(1, afterIncrement({ index: 4n })),
    ),
    breaks: with_(
      incremented(),
      (t) => t.entry(100n, keepAlive(1n, 0n), t.answers.kept()),
      (t) => t.observe(1, afterIncrement({ index: 4n }, [])),
    ),
    lines: [6, 8, 10],
  },
  "service/as-modelled": {
    holds: incremented(),
    breaks: with_(begun(), (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(7n))))),
    lines: [6, 7],
  },
  "replica/same-outputs": {
    holds: with_(new Tape(2), (t) => {
      const reply = t.answers.opened();
      t.commit(100n, openSession(10n)).apply(1, reply).apply(2, reply);
    }),
    breaks: with_(begun(), (t) => t.apply(2, t.answers.no(INVALID), [], 1n)),
    lines: [2, 3, 6],
  },
  "replica/same-state": {
    holds: with_(
      new Tape(2),
      (t) => t.commit(100n).apply(1, t.answers.tick()),
      (t) => {
        const empty = { index: 1n, timestamp: { seconds: 100n, nanos: 0 }, sessions: [], services: [] };
        t.observe(1, empty);
        t.apply(2, { kind: "answer", complete: true, outputs: [{ index: 1n, output: undefined }] });
        t.observe(2, empty);
      },
    ),
    breaks: with_(
      new Tape(2),
      (t) => t.commit(100n).apply(1, t.answers.tick()),
      (t) => {
        const empty = { index: 1n, timestamp: { seconds: 100n, nanos: 0 }, sessions: [], services: [] };
        t.observe(1, empty);
        t.apply(2, { kind: "answer", complete: true, outputs: [{ index: 1n, output: undefined }] });
        t.observe(2, { ...empty, timestamp: { seconds: 101n, nanos: 0 } });
      },
    ),
    lines: [4, 6],
  },
  "snapshot/canonical": {
    holds: shared("counter").observe(
      1,
      state({
        index: 4n,
        sessions: [savedSession(1n, 10n, 100n), savedSession(3n, 10n, 100n)],
        services: [{ ...state().services[0]!, sessions: [1n, 3n] }],
      }),
    ),
    breaks: shared("counter").observe(
      1,
      state({
        index: 4n,
        sessions: [savedSession(3n, 10n, 100n), savedSession(1n, 10n, 100n)],
        services: [{ ...state().services[0]!, sessions: [1n, 3n] }],
      }),
    ),
    lines: [10],
  },
  "snapshot/invisible": {
    holds: with_(
      begun().save(1, 1, state()).restore(2, 1, 2n),
      (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))),
      (t) =>
        t.apply(2, {
          kind: "answer",
          complete: true,
          outputs: [
            {
              index: 3n,
              output: {
                $case: "sessionCommand",
                value: { output: { $case: "serviceCommand", value: output(1n, OK, number(1n)) } },
              },
            },
          ],
        }),
    ),
    breaks: with_(
      begun().save(1, 1, state()).restore(2, 1, 2n),
      (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))),
      (t) =>
        t.apply(2, {
          kind: "answer",
          complete: true,
          outputs: [
            {
              index: 3n,
              output: {
                $case: "sessionCommand",
                value: { output: { $case: "serviceCommand", value: output(1n, OK, number(2n)) } },
              },
            },
          ],
        }),
    ),
    lines: [7, 8, 10],
  },
  "snapshot/refuses-damage": {
    holds: begun().save(1, 1, state()).restore(2, 1, 2n, { damage: "one bit", refused: "checksum" }).restore(2, 1, 2n),
    breaks: begun().save(1, 1, state()).restore(2, 1, 2n, { damage: "one bit" }),
    lines: [6, 7],
  },
  "reads/change-nothing": {
    holds: begun().observe(1, state(), "before-query").observe(1, state(), "after-query"),
    breaks: begun()
      .observe(1, state(), "before-query")
      .observe(1, state({ services: [] }), "after-query"),
    lines: [6, 7],
  },
  "lock/exclusive": {
    holds: contended(),
    breaks: with_(
      shared("lock"),
      (t) => t.entry(100n, command(1n, 1n, 2n, "Acquire"), t.answers.outputs(true, output(1n, OK, token(5n)))),
      (t) => t.entry(100n, command(3n, 1n, 2n, "Acquire"), t.answers.outputs(true, output(1n, OK, token(6n)))),
    ),
    lines: [12, 13],
  },
  "lock/fifo": {
    holds: with_(contended(), (t) =>
      t.entry(100n, command(1n, 2n, 2n, "Release"), t.answers.outputs(true, output(1n, OK)), [granted]),
    ),
    breaks: with_(contended(), (t) =>
      t.entry(100n, command(1n, 2n, 2n, "Release"), t.answers.outputs(true, output(1n, OK)), []),
    ),
    lines: [12, 14, 15],
  },
  "lock/holder-alive": {
    holds: with_(contended(), (t) => t.entry(100n, closeSession(1n), t.answers.closed(), [granted])),
    breaks: with_(contended(), (t) => t.entry(100n, closeSession(1n), t.answers.closed(), [])),
    lines: [14, 15],
  },
  "election/one-leader": {
    holds: with_(begun("election"), (t) =>
      t.entry(
        100n,
        command(1n, 1n, 2n, "Enter", EnterInput.encode({ candidate: "a" }).finish()),
        t.answers.outputs(true, output(1n, OK, Term.encode({ term: 1n, leader: "a", candidates: [] }).finish())),
      ),
    ),
    breaks: with_(begun("election"), (t) =>
      t.entry(
        100n,
        command(1n, 1n, 2n, "Enter", EnterInput.encode({ candidate: "a" }).finish()),
        t.answers.outputs(true, output(1n, OK, Term.encode({ term: 0n, leader: "a", candidates: [] }).finish())),
      ),
    ),
    lines: [6, 7],
  },
  "election/alive": {
    holds: begun("election").observe(1, state({}, "election")),
    breaks: begun("election").observe(
      1,
      state(
        {},
        "election",
        ElectionState.encode({ term: 0n, participants: [{ name: "a", sessionId: 9n }], listeners: [] }).finish(),
      ),
    ),
    lines: [6],
  },
  "ttl/exact": {
    holds: writtenWithTtl(105n),
    breaks: writtenWithTtl(106n),
    lines: [8],
  },
  "events/complete": {
    holds: with_(listening(), (t) =>
      t.entry(100n, command(1n, 2n, 2n, "Add", add), t.answers.outputs(true, changed), [told(2n)]),
    ),
    breaks: with_(listening(), (t) =>
      t.entry(100n, command(1n, 2n, 2n, "Add", add), t.answers.outputs(true, changed), []),
    ),
    lines: [6, 8, 9],
  },
  "apply/total": {
    holds: begun(),
    breaks: begun()
      .commit(100n, keepAlive(1n))
      .line({
        e: "broke",
        partition: 1,
        replica: 1,
        during: "apply",
        index: LogIndex(3n),
        how: "threw",
        message: "no filter",
      }),
    lines: [6, 7],
  },
  "state/bounded": {
    holds: with_(
      incremented(),
      (t) => t.entry(100n, keepAlive(1n, 1n), t.answers.kept()),
      (t) => t.observe(1, afterIncrement({ index: 4n }, [savedMark(1n)])),
    ),
    breaks: with_(
      incremented(),
      (t) => t.entry(100n, keepAlive(1n, 1n), t.answers.kept()),
      (t) => t.observe(1, afterIncrement({ index: 4n }, [savedMark(1n), rememberedIncrement])),
    ),
    lines: [8, 10],
  },
};
