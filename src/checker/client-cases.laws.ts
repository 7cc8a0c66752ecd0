// Properties of what clients, queries, the registry and the end of a run show: a run that keeps each, and one that breaks it.
import { SessionStatus_State as State } from "../proto/atomix/runtime/v1/session.js";
import { CommandNum, LogIndex, OutputNum, SessionId } from "../protocol/words.js";
import { output } from "./tape.laws.js";
import {
  type Case,
  OK,
  answers,
  asks,
  begun,
  crashed,
  increment,
  invoke,
  listening,
  number,
  opened,
  receives,
  ref,
  registered,
  returns,
  state,
  with_,
} from "./runs.laws.js";

export const clientCases: Readonly<Record<string, Case>> = {
  "output/none-lost": {
    holds: with_(
      listening(),
      (t) => invoke(t, 1, 1n, "Events"),
      (t) => receives(t, 1n),
      (t) =>
        t.line({
          e: "keep-alive",
          ...ref,
          session: SessionId(1n),
          lastInput: CommandNum(1n),
          open: [CommandNum(1n)],
          acknowledged: [{ command: CommandNum(1n), output: OutputNum(1n) }],
        }),
    ),
    breaks: with_(
      listening(),
      (t) => invoke(t, 1, 1n, "Events"),
      (t) =>
        t.line({
          e: "keep-alive",
          ...ref,
          session: SessionId(1n),
          lastInput: CommandNum(1n),
          open: [CommandNum(1n)],
          acknowledged: [{ command: CommandNum(1n), output: OutputNum(1n) }],
        }),
    ),
    lines: [9],
  },
  "query/answered": {
    holds: with_(
      begun(),
      (t) => asks(t, 1, 1, 2n, 3n),
      (t) => t.entry(100n, undefined, t.answers.tick()),
      (t) => answers(t, 1, 1, 3n, 0n, 3n),
    )
      .later(1)
      .line({ e: "phase", phase: "end" }),
    breaks: with_(
      begun(),
      (t) => asks(t, 1, 1, 2n, 3n),
      (t) => t.entry(100n, undefined, t.answers.tick()),
    )
      .later(1)
      .line({ e: "phase", phase: "end" }),
    lines: [6, 8, 9],
  },
  "query/monotonic": {
    holds: with_(
      begun(),
      (t) => answers(invoke(t, 1), 1, 1, 2n, 0n),
      (t) => returns(t, 1, 0n, 2n),
      (t) => answers(invoke(t, 2), 1, 2, 2n, 0n),
      (t) => returns(t, 2, 0n, 2n),
    ),
    // Replica 1 has applied more than replica 2, which answers the second query. The counter is 0 at both.
    breaks: with_(
      begun(),
      (t) => t.entry(100n, undefined, t.answers.tick()),
      (t) => answers(invoke(t, 1), 1, 1, 3n, 0n),
      (t) => returns(t, 1, 0n, 3n),
      (t) => answers(invoke(t, 2), 2, 2, 2n, 0n),
      (t) => returns(t, 2, 0n, 2n),
    ),
    lines: [10, 11, 13],
  },
  "query/read-your-writes": {
    holds: with_(begun(), (t) => answers(t, 1, 1, 2n, 0n, 2n)),
    breaks: with_(begun(), (t) => answers(t, 1, 1, 2n, 0n, 3n)),
    lines: [6],
  },
  "linearizable/counter": {
    holds: with_(
      begun(),
      (t) => invoke(t, 1, 1n, "Increment"),
      (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))),
      (t) => returns(t, 1, 1n, 3n),
      (t) => answers(invoke(t, 2, undefined, "Get", true), 1, 2, 3n, 1n, 0n, true),
      (t) => returns(t, 2, 1n, 3n),
    ),
    // The increment was answered before the query began; it is answered with the value before.
    breaks: with_(
      begun(),
      (t) => invoke(t, 1, 1n, "Increment"),
      (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(1n)))),
      (t) => returns(t, 1, 1n, 3n),
      (t) => answers(invoke(t, 2, undefined, "Get", true), 2, 2, 2n, 0n, 0n, true),
      (t) => returns(t, 2, 0n, 2n),
    ),
    lines: [9, 10, 12],
  },
  "liveness/progress": {
    holds: with_(
      begun(),
      (t) => invoke(t, 1),
      (t) => t.line({ e: "phase", phase: "liveness" }),
      (t) => returns(t, 1, 0n, 2n),
    ).line({ e: "phase", phase: "end" }),
    breaks: with_(
      begun(),
      (t) => invoke(t, 1),
      (t) => t.line({ e: "phase", phase: "liveness" }),
    )
      .later(1)
      .line({ e: "phase", phase: "end" }),
    lines: [6, 7, 8],
  },
  "liveness/expiry": {
    holds: with_(begun().line(opened()).line(crashed()), (t) => t.entry(110n, undefined, t.answers.tick()))
      .line({ e: "phase", phase: "liveness" })
      .observe(
        1,
        state({
          index: 3n,
          timestamp: { seconds: 110n, nanos: 0 },
          sessions: [],
          services: [{ ...state().services[0]!, sessions: [] }],
        }),
        "end",
      ),
    breaks: begun().line(opened()).line(crashed()).line({ e: "phase", phase: "liveness" }).observe(1, state(), "end"),
    lines: [8, 9],
  },
  "registry/legal-moves": {
    holds: with_(
      begun(),
      (t) => registered(t, 1n, State.OPENING),
      (t) => registered(t, 2n, State.OPENED),
    ),
    breaks: with_(
      begun(),
      (t) => registered(t, 1n, State.OPENING),
      (t) => registered(t, 2n, State.NONE),
    ),
    lines: [6, 7],
  },
  "registry/agrees": {
    // Within one keep-alive interval, 2.5 s, of the entry's application.
    holds: with_(
      begun(),
      (t) => registered(t, 1n, State.OPENING),
      (t) => t.entry(110n, undefined, t.answers.tick()).later(2),
      (t) => registered(t, 2n, State.CLOSED).later(3),
    ).line({ e: "phase", phase: "end" }),
    breaks: with_(
      begun(),
      (t) => registered(t, 1n, State.OPENING),
      (t) => t.entry(110n, undefined, t.answers.tick()).later(3),
    ).line({ e: "phase", phase: "end" }),
    lines: [6, 7, 9],
  },
  "determinism/ambient": {
    holds: begun(),
    breaks: begun().line({
      e: "ambient",
      partition: 1,
      replica: 1,
      index: LogIndex(2n),
      source: "Math.random",
      stack: "",
    }),
    lines: [6],
  },
};
