// Who plays: the machine on trial, and the parts of the world that can be passed in. Defaults stand in the files that the
// parts are about (replica.ts, client.ts, log.ts); a defect of the zoo, or a user's variant, is another value here.
import type { Micros } from "../base/time.js";
import type { QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { MachineKind } from "../protocol/machine.js";
import type { LogIndex } from "../protocol/words.js";
import type { PartitionId, RegistryLine, ReplicaId, SessionLine, UseLine } from "../trace/line.js";
import type { FaultKind } from "./faults/fault.js";
import type { Schedule } from "./schedule.js";

/** Who plays: the machine on trial, and what else is passed in. */
export interface Cast {
  readonly machine: MachineKind | ((partition: PartitionId, replica: ReplicaId) => MachineKind);
  readonly parts?: Partial<WorldParts>;
  /** Faults of a user's own, for plans that were drawn with them. */
  readonly faults?: readonly FaultKind[];
  /** Hears of sessions and of their use of services. */
  readonly registry?: SessionListener;
}

/** Whoever keeps the registry of sessions. What it answers becomes lines at once. */
export interface SessionListener {
  heard(line: UseLine | SessionLine): readonly RegistryLine[];
  /** Called once in a virtual second. */
  tick(now: Micros): readonly RegistryLine[];
}

/** The parts of the world that can be passed in: a defect of the zoo, or a user's variant, is another value of one. */
export interface WorldParts {
  readonly replica: ReplicaParts;
  readonly client: ClientParts;
  readonly log: LogParts;
}

/** What the host of one machine decides. */
export interface ReplicaParts {
  /** Whether a query may be answered at the index applied so far; else it is parked. */
  mayAnswer(applied: LogIndex, query: QueryInput): boolean;
  /** The index that the envelope of an answer carries. */
  carriedIndex(applied: LogIndex): LogIndex;
  /** The first index to apply after a restart from a state saved at `saved` (0: from nothing). */
  resumesAt(saved: LogIndex): LogIndex;
  /** Which of the parked queries outlive the installation of a snapshot. */
  keepsParked<Parked>(parked: readonly Parked[]): readonly Parked[];
}

/** What a client knows of one of its commands, as far as parts may ask. */
export interface CommandView {
  readonly number: bigint;
  /** allocated: it has a number and was not sent; given-up: of these, one that never will be. */
  readonly stage: "allocated" | "given-up" | "open" | "done";
  /** The highest output that it has taken, without a gap before it. */
  readonly received: bigint;
  /** The highest output that has arrived, taken or not. */
  readonly arrived: bigint;
}

/** What the client protocol decides. */
export interface ClientParts {
  /** The highest number up to which every number was started or given up. `commands` are those not yet over, by number. */
  contiguous(next: bigint, commands: Iterable<CommandView>): bigint;
  /** The highest output that a keep-alive acknowledges for an open stream. */
  acknowledges(command: CommandView): bigint;
  /** What becomes of an output that arrives on a stream: `broken`, when a message before it was lost. */
  takes(command: CommandView, output: bigint, broken: boolean): "take" | "duplicate" | "ask-again" | "gap";
}

/** What the log decides. */
export interface LogParts {
  /** Whether a replica that believes it leads may answer a linearizable query. `leads`: whether it does, and reaches a majority. */
  confirmsLead(leads: boolean): boolean;
}

/** How a plan is to be played. */
export interface PlayOptions {
  /** Also a shadow replica (id 0) in each partition, observed after each entry. The accused get the calls of a play without it. */
  readonly shadow?: boolean;
  /** Decisions taken from a trace; what it does not hold is drawn by address. */
  readonly schedule?: Schedule;
  /** Asked after each event of the loop; true: the play stops there, without an ending. */
  readonly enough?: () => boolean;
}

/** What a play came to, in numbers. */
export interface Played {
  readonly virtualTime: Micros;
  /** Entries committed, over all partitions. */
  readonly entries: number;
  /** Entries applied, over all replicas. */
  readonly applied: number;
  /** Events of the loop. */
  readonly events: number;
  readonly lines: number;
  /** How often each fault struck, by its name; also those that never did, with 0. */
  readonly faults: Readonly<Record<string, number>>;
  /** How often each "sometimes" claim that the world can see was reached; also 0. */
  readonly milestones: Readonly<Record<string, number>>;
  /** "<fault> × <state of the session>" and how often. */
  readonly reachedBy: Readonly<Record<string, number>>;
}
