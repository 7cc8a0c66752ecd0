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
      sessions: ascending(sessions.values()).map((one) => part.session(m, one)),
      services: ascending(services.values()).map((one) => part.service(m, one)),
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

  listed(session) {
    const records: CommandSnapshot[] = [];
    for (const number of session.listed) records.push(bookkeepingRecord(number, CommandState.COMMAND_OPEN));
    return records;
  },

  mark: (session) => (session.mark === 0n ? [] : [bookkeepingRecord(session.mark, CommandState.COMMAND_COMPLETE)]),

  commands(m, session) {
    const { saving: part, commands: numbered } = m.parts;
    const records: CommandSnapshot[] = [];
    for (const command of numbered.ascending(session)) records.push(part.command(m, command));
    return records;
  },

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

// Sessions and services come about in the order of their ids: there is hardly ever anything to sort.
function ascending<One extends { readonly id: bigint }>(values: Iterable<One>): One[] {
  const list = [...values];
  for (let at = 1; at < list.length; at++) {
    if ((list[at - 1] as One).id > (list[at] as One).id) return list.sort((a, b) => compareUints(a.id, b.id));
  }
  return list;
}

function bookkeepingRecord(number: bigint, state: CommandState): CommandSnapshot {
  return { commandSequenceNum: number, state, input: undefined, pendingOutputs: [] };
}

// Two lists in the order of their numbers as one; at equal numbers those of `first` come first.
function inOrder(first: CommandSnapshot[], second: CommandSnapshot[]): CommandSnapshot[] {
  if (first.length === 0) return second;
  if (second.length === 0) return first;
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
