// The state machine of SPEC 2, put together from parts. The root of this room: an entry moves log time, is routed to the
// part that answers it, and what came about on the way is collected. It never throws, sleeps, draws or looks at a clock.
import type { CommandInput, QueryInput, SessionCommandInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { unreachable } from "../base/assert.js";
import { failure, Status } from "../protocol/failure.js";
import type { Applied, Emission, Entry, QueryAnswer, Reply, Restored, StateMachine } from "../protocol/machine.js";
import { CommandNum, SessionId } from "../protocol/words.js";
import { answer } from "./answers.js";
import { commands, type Commands } from "./commands.js";
import { hosting, type Hosting } from "./hosting.js";
import { keepAlive, type KeepAlive } from "./keep-alive.js";
import { logTime, type LogTime } from "./log-time.js";
import { restoring, type Restoring } from "./restore.js";
import { registry, type Registry } from "./services/registry.js";
import { noSuchSession, sessions, type Sessions } from "./sessions.js";
import { saving, type Saving } from "./snapshot.js";
import { emptyState, type Machine } from "./state.js";
import { timers, type Timers } from "./timers.js";

/** What happens to an entry, step by step. */
export interface Root {
  apply(m: Machine, entry: Entry): Applied;
  /** The way of a decoded entry: time first, then its input. */
  take(m: Machine, input: CommandInput): Reply;
  route(m: Machine, input: CommandInput): Reply;
  routeCommand(m: Machine, input: SessionCommandInput): Reply;
  /** The emissions that go out: see SPEC 2 for those that don't. */
  collect(m: Machine): readonly Emission[];
  query(m: Machine, input: QueryInput): QueryAnswer;
}

/** A machine by its parts. To put something else in, spread the record: { ...referenceParts, timers: myTimers }. */
export interface MachineParts {
  readonly root: Root;
  readonly time: LogTime;
  readonly timers: Timers;
  readonly sessions: Sessions;
  readonly keepAlive: KeepAlive;
  readonly commands: Commands;
  readonly services: Hosting;
  /** The kinds of service by name. */
  readonly registry: Registry;
  readonly saving: Saving;
  readonly restoring: Restoring;
}

export const root: Root = {
  apply(m, { index, input }) {
    m.state.index = index;
    if (input === "undecodable") {
      return { reply: failure(Status.INVALID, "the entry's bytes are no CommandInput"), emissions: NONE };
    }
    m.emissions = [];
    m.own = undefined;
    let reply = m.parts.root.take(m, input);
    // A timer that was set with a deadline already due.
    m.parts.time.advance(m, m.state.time);
    if (m.own !== undefined) reply = m.parts.commands.reply(m, m.own);
    return { reply, emissions: m.emissions.length === 0 ? NONE : m.parts.root.collect(m) };
  },

  take(m, input) {
    const { time } = m.parts;
    time.advance(m, time.target(m, input.timestamp));
    return m.parts.root.route(m, input);
  },

  route(m, { input }) {
    const { sessions: life, keepAlive: alive } = m.parts;
    if (input === undefined) return answer(m, undefined);
    switch (input.$case) {
      case "openSession":
        return life.open(m, input.value);
      case "keepAlive":
        return alive.take(m, input.value);
      case "closeSession":
        return life.close(m, input.value);
      case "sessionCommand":
        return m.parts.root.routeCommand(m, input.value);
      default:
        return unreachable(input);
    }
  },

  routeCommand(m, { sessionId, input }) {
    const { services, commands: numbered } = m.parts;
    const session = m.parts.sessions.find(m, SessionId(sessionId));
    if (session === undefined) return noSuchSession(SessionId(sessionId));
    if (input === undefined) return failure(Status.INVALID, "a session command without its input");
    switch (input.$case) {
      case "createService":
        return services.create(m, session, input.value);
      case "closeService":
        return services.close(m, session, input.value);
      case "serviceCommand":
        return numbered.take(m, session, input.value);
      default:
        return unreachable(input);
    }
  },

  collect(m) {
    return m.emissions.filter(({ sessionId, commandNum }) => {
      const command = m.state.sessions.get(sessionId)?.commands.get(commandNum);
      // Gone with its session, or forgotten by this entry; or the entry's own, whose outputs stand in the reply.
      return command !== undefined && command !== m.own;
    });
  },

  query(m, { input }) {
    if (input === undefined) return failure(Status.INVALID, "a query without its input");
    const { sessionId, input: request } = input.value;
    const session = m.parts.sessions.find(m, SessionId(sessionId));
    if (session === undefined) return noSuchSession(SessionId(sessionId));
    if (request === undefined) return failure(Status.INVALID, "a session query without its input");
    const { output } = m.parts.services.serve(m, session, "queries", CommandNum(0n), request.value);
    const value = { output: { $case: "serviceQuery" as const, value: { operation: output } } };
    return { kind: "answer", output: { output: { $case: "sessionQuery", value } } };
  },
};

const NONE: readonly Emission[] = [];

/** The parts of the real machine. */
export const referenceParts: MachineParts = {
  root,
  time: logTime,
  timers,
  sessions,
  keepAlive,
  commands,
  services: hosting,
  registry,
  saving,
  restoring,
};

/** A machine of these parts, with the empty state. */
export function createMachine(parts: MachineParts): StateMachine {
  const m: Machine = { parts, state: emptyState(), emissions: [], own: undefined };
  return {
    apply: (entry: Entry): Applied => parts.root.apply(m, entry),
    query: (input: QueryInput): QueryAnswer => parts.root.query(m, input),
    snapshot: (): Uint8Array => parts.saving.snapshot(m),
    restore: (chunks: Iterable<Uint8Array>): Restored => parts.restoring.restore(m, chunks),
  };
}
