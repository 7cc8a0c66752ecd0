// What a machine knows, as plain data, and the one record that every part is handed. Nothing here does anything.
import type { Nanos } from "../base/time.js";
import type { ServiceCommandInput, ServiceCommandOutput, ServiceSpec } from "../proto/atomix/multiraft/v1/fsm.js";
import type { HashWords } from "../protocol/input-filter.js";
import type { Emission } from "../protocol/machine.js";
import type { CommandNum, LogIndex, ServiceId, SessionId } from "../protocol/words.js";
import type { MachineParts } from "./session-machine.js";
import type { At, Service } from "./services/service.js";

/** The whole state of one replica. */
export interface State {
  /** The entry applied last; 0 before the first. */
  index: LogIndex;
  /** Log time. */
  time: Nanos;
  readonly sessions: Map<SessionId, Session>;
  readonly services: Map<ServiceId, Instance>;
  /** The id of the service of a namespace and a name: see nameKey(). */
  readonly names: Map<string, ServiceId>;
  /** What is to happen at an instant: a heap, see timers.ts. */
  readonly timers: Timer[];
}

/** A client's registration, alive. */
export interface Session {
  readonly id: SessionId;
  readonly timeout: Nanos;
  lastUpdated: Nanos;
  /** Highest last_input_sequence_num so far. */
  mark: CommandNum;
  /** Numbers up to the mark that are known to be open and never arrived, ascending. */
  readonly listed: Set<CommandNum>;
  /** Remembered commands, in the order in which they arrived: see commands.ascending(). */
  commands: Map<CommandNum, Command>;
  /** Whether `commands` stands in ascending order, and the highest number in it (0: none yet). */
  sorted: boolean;
  highest: CommandNum;
  /** Those of the remembered commands that are open. */
  readonly open: Map<CommandNum, Command>;
  /** Ids of the services that it has open. */
  readonly services: Set<ServiceId>;
  /** Fires at the instant of its death. */
  expiry: Timer | undefined;
}

/** A command that ran and is not forgotten. */
export interface Command {
  readonly number: CommandNum;
  readonly input: ServiceCommandInput;
  open: boolean;
  /** The number of its output produced last; 0 before the first. */
  produced: bigint;
  /** Outputs that were not acknowledged, in order. */
  outputs: ServiceCommandOutput[];
  /** What an input filter hashes its number to; made when the first filter asks. */
  words: HashWords | undefined;
}

/** One living service. */
export interface Instance {
  readonly id: ServiceId;
  readonly spec: ServiceSpec;
  readonly type: Service<unknown>;
  /** What the service itself knows. */
  readonly state: unknown;
  /** Sessions that have it open. */
  readonly sessions: Set<SessionId>;
  /** How it reaches the machine. */
  readonly at: At;
}

/** Something that happens at an instant. Its rank, from `service` on, belongs to it, not to when it was set. SPEC 2.1. */
export interface Timer {
  readonly deadline: Nanos;
  /** A session's expiry, before every service's timer of that instant. */
  readonly expiry: boolean;
  /** 0 for an expiry. */
  readonly service: ServiceId;
  /** The session that expires, or whose command waits; 0 where a key says what the timer is for. */
  readonly session: SessionId;
  readonly command: CommandNum;
  readonly key: string;
  /** Its place in the heap; -1 when it is not set. */
  slot: number;
}

/** What every part is handed: the parts, the state, and what the entry in hand has brought about so far. */
export interface Machine {
  readonly parts: MachineParts;
  state: State;
  emissions: Emission[];
  /** The remembered command that the entry in hand started or retries, and its session. */
  own: Command | undefined;
}

export function emptyState(): State {
  return {
    index: 0n as LogIndex,
    time: 0n as Nanos,
    sessions: new Map(),
    services: new Map(),
    names: new Map(),
    timers: [],
  };
}

/** One string for a namespace and a name. The length makes it unambiguous whatever the two contain. */
export function nameKey(spec: ServiceSpec): string {
  return `${spec.namespace.length}:${spec.namespace}${spec.name}`;
}
