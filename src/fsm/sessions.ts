// The life of sessions: opened by an entry, kept alive by keep-alives alone, ended by close or by log time. SPEC 2.2.
import { isDurationInRange, Nanos, toNanos } from "../base/time.js";
import type { CloseSessionInput, OpenSessionInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { compareUints } from "../base/key-order.js";
import { failure, Status } from "../protocol/failure.js";
import type { Reply } from "../protocol/machine.js";
import { CommandNum, ServiceId, SessionId } from "../protocol/words.js";
import { answer } from "./answers.js";
import type { Instance, Machine, Session } from "./state.js";

export interface Sessions {
  /** The id that a session opened now gets: the entry's index. */
  newId(m: Machine): SessionId;
  open(m: Machine, input: OpenSessionInput): Reply;
  close(m: Machine, input: CloseSessionInput): Reply;
  /** The session that an input or a query is about, while it lives. */
  find(m: Machine, id: SessionId): Session | undefined;
  /** The instant at which it is dead, inclusive. */
  deadline(m: Machine, session: Session): Nanos;
  /** Sets the timer of its death anew. */
  watch(m: Machine, session: Session): void;
  /** It has given a sign of life. */
  refresh(m: Machine, session: Session): void;
  /** Its deadline has come. */
  expire(m: Machine, id: SessionId): void;
  /** It ends, closed or expired: its open commands silently, then its services take back and hand on, then it is gone. */
  end(m: Machine, session: Session, why: "closed" | "expired"): void;
  endCommands(m: Machine, session: Session): void;
  leaveServices(m: Machine, session: Session, why: "closed" | "expired"): void;
}

/** A session as it is when it opens. */
export function newSession(id: SessionId, timeout: Nanos, lastUpdated: Nanos): Session {
  return {
    id,
    timeout,
    lastUpdated,
    mark: CommandNum(0n),
    listed: new Set(),
    commands: new Map(),
    sorted: true,
    highest: CommandNum(0n),
    open: new Map(),
    services: new Set(),
    expiry: undefined,
  };
}

export const noSuchSession = (id: SessionId): Reply & { kind: "failure" } =>
  failure(Status.NOT_FOUND, `no session ${id} lives here`);

export const sessions: Sessions = {
  newId: (m) => SessionId(m.state.index),

  open(m, { timeout }) {
    if (timeout === undefined || !isDurationInRange(timeout) || toNanos(timeout) <= 0n) {
      return failure(Status.INVALID, "a session's timeout is a span above zero, within protobuf's range");
    }
    const session = newSession(m.parts.sessions.newId(m), toNanos(timeout), m.state.time);
    m.state.sessions.set(session.id, session);
    m.parts.sessions.watch(m, session);
    return answer(m, { $case: "openSession", value: { sessionId: session.id } });
  },

  close(m, input) {
    const session = m.parts.sessions.find(m, SessionId(input.sessionId));
    if (session === undefined) return noSuchSession(SessionId(input.sessionId));
    m.parts.sessions.end(m, session, "closed");
    return answer(m, { $case: "closeSession", value: {} });
  },

  find: (m, id) => m.state.sessions.get(id),

  deadline: (_m, session) => Nanos(session.lastUpdated + session.timeout),

  watch(m, session) {
    const { timers } = m.parts;
    if (session.expiry !== undefined) timers.cancel(m.state, session.expiry);
    session.expiry = {
      deadline: m.parts.sessions.deadline(m, session),
      expiry: true,
      service: ServiceId(0n),
      session: session.id,
      command: CommandNum(0n),
      key: "",
      slot: -1,
    };
    timers.set(m.state, session.expiry);
  },

  refresh(m, session) {
    session.lastUpdated = m.state.time;
    m.parts.sessions.watch(m, session);
  },

  expire(m, id) {
    const session = m.state.sessions.get(id);
    if (session !== undefined) m.parts.sessions.end(m, session, "expired");
  },

  end(m, session, why) {
    const { sessions: part, timers } = m.parts;
    part.endCommands(m, session);
    part.leaveServices(m, session, why);
    if (session.expiry !== undefined) timers.cancel(m.state, session.expiry);
    m.state.sessions.delete(session.id);
  },

  endCommands(m, session) {
    const numbers = [...session.open.keys()].sort(compareUints);
    for (const number of numbers) m.parts.commands.endSilently(m, session, number);
  },

  leaveServices(m, session, why) {
    for (const id of [...session.services].sort(compareUints)) {
      m.parts.services.leave(m, session, m.state.services.get(id) as Instance, why);
    }
  },
};
