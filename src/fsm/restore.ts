// The way back from a snapshot: the bytes are joined, opened, decoded, checked and built into a new state; only a whole new
// state takes the place of the old one. What saving never writes is refused, and says why. SPEC 2.5.
import { isDurationInRange, isTimestampInRange, toNanos, type Nanos } from "../base/time.js";
import {
  CommandState,
  type PartitionSnapshot,
  type CommandSnapshot,
  type ServiceSnapshot,
  type SessionSnapshot,
} from "../proto/atomix/multiraft/v1/fsm.js";
import type { Restored } from "../protocol/machine.js";
import { open } from "../protocol/snapshot-envelope.js";
import { CommandNum, LogIndex, MAX_UINT64, ServiceId, SessionId } from "../protocol/words.js";
import { HostedAt, serviceTimer } from "./hosting.js";
import type { Call, Loading } from "./services/service.js";
import { newSession } from "./sessions.js";
import { decodeSnapshot } from "./snapshot-codec.js";
import { emptyState, nameKey, type Command, type Machine, type Session, type State } from "./state.js";

export interface Restoring {
  restore(m: Machine, chunks: Iterable<Uint8Array>): Restored;
  /** All bytes of the chunks, however they are cut. */
  join(chunks: Iterable<Uint8Array>): Uint8Array;
  /** The envelope is opened and its payload decoded. Throws a Refusal. */
  decode(bytes: Uint8Array): PartitionSnapshot;
  /** A new state; the machine's own is not touched. Throws a Refusal. */
  build(m: Machine, saved: PartitionSnapshot): State;
  session(m: Machine, state: State, saved: SessionSnapshot): Session;
  /** One record of a session: a listed number, the mark, or a remembered command. */
  record(m: Machine, session: Session, saved: CommandSnapshot): void;
  command(saved: CommandSnapshot): Command;
  /** `held` gathers the open commands that some service holds. */
  service(m: Machine, state: State, saved: ServiceSnapshot, held: Set<Command>): void;
  /** The open command that a service's data names; from here on that service holds it. Returns its payload. */
  attach(state: State, service: ServiceId, call: Call, operation: string, held: Set<Command>): Uint8Array;
  /** The new state takes the place of the old one. */
  swap(m: Machine, state: State): void;
}

/** Why a snapshot is refused. Thrown and caught within this room. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Refusal(message);
}

export const restoring: Restoring = {
  restore(m, chunks) {
    const { restoring: part } = m.parts;
    try {
      part.swap(m, part.build(m, part.decode(part.join(chunks))));
      return { kind: "restored" };
    } catch (reason) {
      if (reason instanceof Refusal) return { kind: "refused", message: reason.message };
      throw reason;
    }
  },

  join(chunks) {
    const list = [...chunks];
    const [only] = list;
    if (list.length === 1 && only !== undefined) return only;
    const bytes = new Uint8Array(list.reduce((sum, chunk) => sum + chunk.length, 0));
    let at = 0;
    for (const chunk of list) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  },

  decode(bytes) {
    const opened = open(bytes);
    if (opened.kind === "refused") throw new Refusal(opened.message);
    const saved = decodeSnapshot(opened.payload);
    check(saved !== undefined, "the payload is not the canonical encoding of a PartitionSnapshot");
    return saved;
  },

  build(m, saved) {
    const { restoring: part } = m.parts;
    const { timestamp } = saved;
    check(timestamp !== undefined && timestamp.seconds >= 0n, "the snapshot has no log time");
    check(isTimestampInRange(timestamp), "log time is out of range");
    const state = emptyState();
    const held = new Set<Command>();
    state.index = LogIndex(saved.index);
    state.time = toNanos(timestamp);
    let before = 0n;
    for (const session of saved.sessions) {
      check(session.sessionId > before, "sessions are not in the order of their ids");
      before = session.sessionId;
      state.sessions.set(SessionId(before), part.session(m, state, session));
    }
    before = 0n;
    for (const service of saved.services) {
      check(service.serviceId > before, "services are not in the order of their ids");
      before = service.serviceId;
      part.service(m, state, service, held);
    }
    for (const session of state.sessions.values()) {
      for (const command of session.open.values()) check(held.has(command), "an open command that no service holds");
    }
    return state;
  },

  session(m, state, saved) {
    const { timeout, lastUpdated } = saved;
    check(timeout !== undefined && isDurationInRange(timeout) && toNanos(timeout) > 0n, "a session without a timeout");
    check(
      lastUpdated !== undefined && isTimestampInRange(lastUpdated) && lastUpdated.seconds >= 0n,
      "a session that was never updated",
    );
    check(toNanos(lastUpdated) <= state.time, "a session was updated after log time");
    const session = newSession(SessionId(saved.sessionId), toNanos(timeout), toNanos(lastUpdated));
    // No record stands at number 0: it would have to follow one of the highest rank there.
    let number = 0n;
    let rank = Number.POSITIVE_INFINITY;
    for (const record of saved.commands) {
      const same = record.commandSequenceNum === number;
      check(record.commandSequenceNum > number || (same && rankOf(record) > rank), "records are out of order");
      number = record.commandSequenceNum;
      rank = rankOf(record);
      m.parts.restoring.record(m, session, record);
    }
    for (const listed of session.listed) check(listed <= session.mark, "a number above the mark is listed");
    m.parts.sessions.watch({ ...m, state }, session);
    return session;
  },

  record(m, session, saved) {
    const number = CommandNum(saved.commandSequenceNum);
    if (saved.input === undefined) {
      check(saved.pendingOutputs.length === 0, "a record without input has outputs");
      if (saved.state === CommandState.COMMAND_OPEN) {
        session.listed.add(number);
        return;
      }
      check(saved.state === CommandState.COMMAND_COMPLETE, "a record's state is unknown");
      check(session.mark === 0n, "a session has two marks");
      session.mark = number;
      return;
    }
    check(!session.listed.has(number), "a number is listed and also remembered");
    const command = m.parts.restoring.command(saved);
    session.commands.set(number, command);
    session.highest = number;
    if (command.open) session.open.set(number, command);
  },

  command({ commandSequenceNum, state, input, pendingOutputs }) {
    check(input?.sequenceNum === commandSequenceNum, "a command's input has another number than its record");
    const isOpen = state === CommandState.COMMAND_OPEN;
    check(isOpen || state === CommandState.COMMAND_COMPLETE, "a record's state is unknown");
    const [first] = pendingOutputs;
    const marker = pendingOutputs.length === 1 && first !== undefined && first.operation === undefined;
    check(!marker || isOpen, "a complete command carries a marker");
    let produced = first === undefined ? 0n : first.sequenceNum - 1n;
    for (const { sequenceNum, operation } of pendingOutputs) {
      check(sequenceNum === produced + 1n && sequenceNum > 0n, "outputs are not consecutive");
      check(operation !== undefined || marker, "an output says nothing");
      produced = sequenceNum;
    }
    check(!isOpen || produced < MAX_UINT64, "an open command has no number left for its next output");
    return {
      number: CommandNum(commandSequenceNum),
      input,
      open: isOpen,
      produced,
      outputs: marker ? [] : pendingOutputs,
      words: undefined,
    };
  },

  service(m, state, saved, held) {
    const { spec } = saved;
    const type = spec === undefined ? undefined : m.parts.registry.get(spec.service);
    check(spec !== undefined && type !== undefined, "a service of an unknown kind");
    check(!state.names.has(nameKey(spec)), "two services have one name");
    const id = ServiceId(saved.serviceId);
    const users = new Set<SessionId>();
    let before = 0n;
    for (const session of saved.sessions) {
      check(session > before, "a service's sessions are not in the order of their ids");
      before = session;
      const living = state.sessions.get(SessionId(session));
      check(living !== undefined, "a service is open in a session that does not live");
      living.services.add(id);
      users.add(living.id);
    }
    const loading: Loading = {
      now: state.time,
      hold: (call, operation) => m.parts.restoring.attach(state, id, call, operation, held),
      setTimer(deadline: Nanos, rank: string | Call) {
        const timer = serviceTimer(id, deadline, rank);
        m.parts.timers.set(state, timer);
        return timer;
      },
      check,
    };
    const inner = type.load(saved.data, loading);
    state.services.set(id, { id, spec, type, state: inner, sessions: users, at: new HostedAt(m, id) });
    state.names.set(nameKey(spec), id);
  },

  attach(state, service, { session, number }, operation, held) {
    const living = state.sessions.get(session);
    const command = living?.open.get(number);
    check(living !== undefined && command !== undefined, "a waiter or a listener without its open command");
    const { input } = command;
    check(
      input.serviceId === service && input.operation?.name === operation && living.services.has(service),
      "a waiter or a listener whose command is another's",
    );
    check(!held.has(command), "a command waits or listens twice");
    held.add(command);
    return input.operation.payload;
  },

  swap(m, state) {
    m.state = state;
  },
};

// At equal numbers: a listed number, the mark, a command.
function rankOf({ input, state }: CommandSnapshot): number {
  if (input !== undefined) return 3;
  return state === CommandState.COMMAND_OPEN ? 1 : 2;
}
