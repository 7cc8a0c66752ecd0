// The state of a machine as bytes: equal states give equal bytes, whatever path led there. SPEC 2.5. Taking a snapshot
// changes nothing. restore.ts is the way back.
import { compareUints } from "../base/key-order.js";
import { fromNanos } from "../base/time.js";
import {
  CommandState,
  type PartitionSnapshot,
  type CommandSnapshot,
  type ServiceCommandOutput,
  type ServiceSnapshot,
  type SessionSnapshot,
} from "../proto/atomix/multiraft/v1/fsm.js";
import type { LogIndex } from "../protocol/words.js";
import { sealSnapshot } from "./snapshot-codec.js";
import type { Command, Instance, Machine, Session } from "./state.js";

export interface Saving {
  /** The snapshot in its envelope. */
  snapshot(m: Machine): Uint8Array;
  encode(message: PartitionSnapshot): Uint8Array;
  message(m: Machine): PartitionSnapshot;
  /** The index that the snapshot names: of the entry applied last. */
  index(m: Machine): LogIndex;
  session(m: Machine, session: Session): SessionSnapshot;
  /** The session's records in their order. */
  records(m: Machine, session: Session): CommandSnapshot[];
  /** Bookkeeping: the numbers listed. */
  listed(session: Session): CommandSnapshot[];
  /** Bookkeeping: the mark, while it is not 0. */
  mark(session: Session): CommandSnapshot[];
  /** What is remembered, by number. */
  commands(m: Machine, session: Session): CommandSnapshot[];
  command(m: Machine, command: Command): CommandSnapshot;
  /** The outputs not acknowledged; or the marker from which an open command's numbering goes on. */
  pending(command: Command): ServiceCommandOutput[];
  service(m: Machine, instance: Instance): ServiceSnapshot;
}

export const saving: Saving = {
  snapshot: (m) => m.parts.saving.encode(m.parts.saving.message(m)),

  encode: (message) => sealSnapshot(message),

  message(m) {
    const { saving: part } = m.parts;
    const { sessions, services, time } = m.state;
    return {
      index: part.index(m),
      timestamp: fromNanos(time),
      sessions: [...sessions.values()].sort((a, b) => compareUints(a.id, b.id)).map((one) => part.session(m, one)),
      services: [...services.values()].sort((a, b) => compareUints(a.id, b.id)).map((one) => part.service(m, one)),
    };
  },

  index: (m) => m.state.index,

  session: (m, session) => ({
    sessionId: session.id,
    timeout: fromNanos(session.timeout),
    lastUpdated: fromNanos(session.lastUpdated),
    commands: m.parts.saving.records(m, session),
  }),

  records(m, session) {
    const { saving: part } = m.parts;
    // At equal numbers: listed, mark, command. Each list is in order already.
    const bookkeeping = inOrder(part.listed(session), part.mark(session));
    return inOrder(bookkeeping, part.commands(m, session));
  },

  listed: (session) => Array.from(session.listed, (number) => bookkeepingRecord(number, CommandState.COMMAND_OPEN)),

  mark: (session) => (session.mark === 0n ? [] : [bookkeepingRecord(session.mark, CommandState.COMMAND_COMPLETE)]),

  commands: (m, session) =>
    Array.from(m.parts.commands.ascending(session), (command) => m.parts.saving.command(m, command)),

  command: (m, command) => ({
    commandSequenceNum: command.number,
    state: command.open ? CommandState.COMMAND_OPEN : CommandState.COMMAND_COMPLETE,
    input: command.input,
    pendingOutputs: m.parts.saving.pending(command),
  }),

  pending({ open, produced, outputs }) {
    if (open && produced > 0n && outputs.length === 0) return [{ sequenceNum: produced, operation: undefined }];
    return outputs;
  },

  service: (_m, { id, spec, type, state, sessions, at }) => ({
    serviceId: id,
    spec,
    data: type.save(state, at),
    sessions: [...sessions].sort(compareUints),
  }),
};

function bookkeepingRecord(number: bigint, state: CommandState): CommandSnapshot {
  return { commandSequenceNum: number, state, input: undefined, pendingOutputs: [] };
}

// Two lists in the order of their numbers as one; at equal numbers those of `first` come first.
function inOrder(first: CommandSnapshot[], second: CommandSnapshot[]): CommandSnapshot[] {
  if (first.length === 0) return second;
  const merged: CommandSnapshot[] = [];
  let at = 0;
  for (const record of second) {
    for (; at < first.length; at++) {
      const earlier = first[at] as CommandSnapshot;
      if (earlier.commandSequenceNum > record.commandSequenceNum) break;
      merged.push(earlier);
    }
    merged.push(record);
  }
  for (; at < first.length; at++) merged.push(first[at] as CommandSnapshot);
  return merged;
}
