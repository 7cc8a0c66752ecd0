// Everything that can happen in a run, as one union. The stage writes lines, the judge reads them and sees nothing else;
// so a line holds what somebody outside the machine could know, as data, never a reference into anyone's live state.
// In memory a line carries decoded messages; on file they are canonical JSON (file.ts).
import type { Micros } from "../base/time.js";
import type { CommandInput, QueryInput, ServiceSpec } from "../proto/atomix/multiraft/v1/fsm.js";
import type { Session } from "../proto/atomix/runtime/v1/session.js";
import type { Status } from "../protocol/failure.js";
import type { Applied, Capabilities, QueryAnswer, Restored } from "../protocol/machine.js";
import type { CommandNum, LogIndex, OutputNum, ServiceId, SessionId } from "../protocol/words.js";

/** The version of the trace format. Raised when a reader of the last version would misread. */
export const TRACE_FORMAT = 1;

/** Which partition, from 1. */
export type PartitionId = number;
/** Which replica of its partition, from 1; 0 is the judge's shadow, which plays no part in the run. */
export type ReplicaId = number;

/** Who did something in the scenario: names that stay when anything else of the scenario is taken away. */
export interface ClientRef {
  /** The scenario's name of the client. */
  readonly client: string;
  /** Which life of that client, from 0: a restart under the same name begins the next one. */
  readonly incarnation: number;
}

/** What the judge must know of the trial before it begins. */
export interface Terms {
  readonly machine: { readonly name: string; readonly capabilities: Capabilities };
  readonly partitions: readonly { readonly partition: PartitionId; readonly replicas: number }[];
  /** Virtual time from the start of the liveness phase within which everything must have ended. SPEC 5. */
  readonly livenessBound: Micros;
  /** Whether clients, replicas and messages take part ("world"), or only entries, restores and queries ("log"). */
  readonly played: "world" | "log";
}

/** The first line of every trace. */
export interface HeaderLine {
  readonly e: "header";
  readonly format: number;
  readonly tool: string;
  readonly version: string;
  /** Decimal; null where the trace was not drawn from a seed. */
  readonly seed: string | null;
  /** The name of the scenario that the plan was drawn from. */
  readonly scenario: string;
  /** The zoo's bug that was put in; null without. */
  readonly bug: string | null;
  readonly terms: Terms;
  /** Everything that was drawn before the run began, faults included: enough to play it without its seed. JSON. */
  readonly plan: unknown;
}

interface At {
  /** Virtual time. Never less than that of the line before. */
  readonly t: Micros;
}
interface OnPartition extends At {
  readonly partition: PartitionId;
}
interface OnReplica extends OnPartition {
  readonly replica: ReplicaId;
}
interface ByClient extends At, ClientRef {
  readonly partition: PartitionId;
}

/** The run goes over to its liveness phase, or ends. `cannotRecover`: why the liveness phase promises nothing. */
export interface PhaseLine extends At {
  readonly e: "phase";
  readonly phase: "safety" | "liveness" | "end";
  readonly cannotRecover?: string;
}

/** A fault sets in, ceases, or strikes once; `what` says it in words for a person. */
export interface FaultLine extends At {
  readonly e: "fault";
  readonly fault: string;
  readonly change: "start" | "stop" | "strike";
  readonly what: string;
}

/** A replica leads from now on; null: nobody does. */
export interface LeaderLine extends OnPartition {
  readonly e: "leader";
  readonly term: number;
  readonly replica: ReplicaId | null;
}

/** A replica goes down, comes up with its last snapshot still to be restored, stops for a while, or goes on. */
export interface ReplicaLine extends OnReplica {
  readonly e: "replica";
  readonly change: "crash" | "restart" | "pause" | "resume";
}

/** A message leaves. `arrives` holds the instants at which copies of it will; none: it is lost. */
export interface SendLine extends At {
  readonly e: "send";
  /** Stable over changes of the scenario: made from client, incarnation, operation and attempt. */
  readonly message: string;
  readonly from: string;
  readonly to: string;
  /** In words: "Acquire #3", "keep-alive", "output 2 of #3". */
  readonly what: string;
  readonly arrives: readonly Micros[];
  /** The fault that decided its fate, where one did. */
  readonly by?: string;
}

/** A copy of a message arrives, or is dropped at the door (`dropped` says why). */
export interface DeliverLine extends At {
  readonly e: "deliver";
  readonly message: string;
  readonly dropped?: string;
}

/** An entry is committed: it has its index for ever. */
export interface CommitLine extends OnPartition {
  readonly e: "commit";
  readonly index: LogIndex;
  readonly term: number;
  /** The stable id of the proposal: the message that brought it, or "tick …". Two commits of one retry share a command. */
  readonly origin: string;
  readonly input: CommandInput | "undecodable";
  /** Only where the input does not encode to the committed bytes again. */
  readonly bytes?: Uint8Array;
}

/** A replica applied the entry at `index`, and this is what came out. */
export interface ApplyLine extends OnReplica {
  readonly e: "apply";
  readonly index: LogIndex;
  readonly applied: Applied;
}

/** The machine threw, hung or went silent where it had to answer. Nothing more is asked of that replica. */
export interface BrokeLine extends OnReplica {
  readonly e: "broke";
  readonly during: "apply" | "query" | "snapshot" | "restore";
  readonly index: LogIndex;
  readonly how: "threw" | "hung" | "silent";
  readonly message: string;
}

/** The machine touched what it must not: a clock, randomness, a timer. */
export interface AmbientLine extends OnReplica {
  readonly e: "ambient";
  readonly index: LogIndex;
  readonly source: string;
  readonly stack: string;
}

/**
 * The judge's look at a replica: the bytes of snapshot() after `index` was applied.
 * before/after: on both sides of something that must not change the state.
 */
export interface ObserveLine extends OnReplica {
  readonly e: "observe";
  readonly index: LogIndex;
  readonly why:
    | "drawn"
    | "end"
    | "shadow"
    | "before-query"
    | "after-query"
    | "before-refusal"
    | "after-refusal"
    | "again"
    | "restored";
  readonly bytes: Uint8Array;
}

/** A replica saved its state at `index` as snapshot number `snapshot` of its partition. */
export interface SaveLine extends OnReplica {
  readonly e: "save";
  readonly snapshot: number;
  readonly index: LogIndex;
  readonly bytes: Uint8Array;
}

/** A replica was given a saved state, whole or damaged, and took it or refused. */
export interface RestoreLine extends OnReplica {
  readonly e: "restore";
  readonly snapshot: number;
  /** The index that the saved state stands at. */
  readonly index: LogIndex;
  readonly why: "restart" | "install";
  readonly chunks: readonly number[];
  /** What was done to the bytes; absent: they are as saved. */
  readonly damage?: string;
  /** The bytes that were given, where they were damaged. */
  readonly bytes?: Uint8Array;
  readonly result: Restored;
}

/** A query reached a replica. It is answered in this very step where `max_received_index` is reached, else parked. */
export interface QueryLine extends OnReplica {
  readonly e: "query";
  /** Stable id of the query message. */
  readonly query: string;
  readonly sync: boolean;
  readonly input: QueryInput;
  /** The index that the replica has applied. */
  readonly index: LogIndex;
  readonly parked: boolean;
}

/** A replica answered a query at the index it has applied. */
export interface AnswerLine extends OnReplica {
  readonly e: "answer";
  readonly query: string;
  readonly sync: boolean;
  readonly input: QueryInput;
  readonly index: LogIndex;
  readonly answer: QueryAnswer;
}

/** What a client knows of its session with a partition. */
export interface SessionLine extends ByClient {
  readonly e: "session";
  readonly change: "opening" | "opened" | "lost" | "closing" | "closed" | "crashed";
  /** From "opened" on. */
  readonly session?: SessionId;
  /** The time-out that was asked for, in nanoseconds; in "opening". */
  readonly timeout?: bigint;
  /** The index of the answer, where one came. */
  readonly index?: LogIndex;
}

/** What a client knows of its use of one service. One use = one entry of the runtime's registry. SPEC 4. */
export interface UseLine extends ByClient {
  readonly e: "use";
  readonly change: "opening" | "opened" | "lost" | "closing" | "closed";
  readonly spec: ServiceSpec;
  readonly session?: SessionId;
  readonly service?: ServiceId;
  /** The instant the change is about, where it is told later (by a supervisor). */
  readonly since?: Micros;
}

/** A client sent a keep-alive: what it held open and had received at that instant. */
export interface KeepAliveLine extends ByClient {
  readonly e: "keep-alive";
  readonly session: SessionId;
  readonly lastInput: CommandNum;
  readonly open: readonly CommandNum[];
  readonly acknowledged: readonly { readonly command: CommandNum; readonly output: OutputNum }[];
}

/** A client began an operation of the scenario. */
export interface InvokeLine extends ByClient {
  readonly e: "invoke";
  /** The operation's stable number in its client's incarnation. */
  readonly op: number;
  readonly session: SessionId;
  /** The command's number; absent for a query. */
  readonly command?: CommandNum;
  readonly sync?: boolean;
  readonly service: ServiceId;
  readonly spec: ServiceSpec;
  readonly operation: string;
  readonly payload: Uint8Array;
}

/**
 * An operation ended for its client. ok: `status` and `payload` are the answer (whatever the status); failed: known not to
 * have run; unknown: it may have run, or may still; given-up: the client does not want it any more (outcome unknown).
 * A stream ends when it completes or is given up; a lock's Acquire when it is granted, refused or given up.
 */
export interface ReturnLine extends ByClient {
  readonly e: "return";
  readonly op: number;
  readonly outcome: "ok" | "failed" | "unknown" | "given-up";
  readonly status?: Status;
  readonly payload?: Uint8Array;
  /** The index that the answer carried. */
  readonly index?: LogIndex;
}

/** A client took an output of a command that may have several, in order and without a gap. */
export interface ReceiveLine extends ByClient {
  readonly e: "receive";
  readonly op: number;
  readonly session: SessionId;
  readonly command: CommandNum;
  readonly output: OutputNum;
  readonly status: Status;
  readonly payload: Uint8Array;
  readonly index: LogIndex;
  readonly complete: boolean;
}

/** The client protocol was broken towards a client. SPEC 3. */
export interface ClientErrorLine extends ByClient {
  readonly e: "client-error";
  readonly op?: number;
  readonly session?: SessionId;
  readonly command?: CommandNum;
  readonly error: "gap" | "missing-output" | "changed-output" | "after-complete" | "index-went-back";
  readonly what: string;
}

/** The runtime's registry changed an entry, or compacted it away. SPEC 4. */
export interface RegistryLine extends At {
  readonly e: "registry";
  readonly change: "moved" | "compacted";
  /** The registry's version after the change. */
  readonly version: bigint;
  readonly entry: Session;
  /** Which use the entry stands for. */
  readonly partition: PartitionId;
  readonly session?: SessionId;
}

/** The last line of a whole trace: how many lines came before it, and their digest. */
export interface EndLine extends At {
  readonly e: "end";
  readonly lines: number;
  readonly digest: string;
}

/** One event of a run. */
export type EventLine =
  | PhaseLine
  | FaultLine
  | LeaderLine
  | ReplicaLine
  | SendLine
  | DeliverLine
  | CommitLine
  | ApplyLine
  | BrokeLine
  | AmbientLine
  | ObserveLine
  | SaveLine
  | RestoreLine
  | QueryLine
  | AnswerLine
  | SessionLine
  | UseLine
  | KeepAliveLine
  | InvokeLine
  | ReturnLine
  | ReceiveLine
  | ClientErrorLine
  | RegistryLine;

/** One line of a trace. */
export type Line = HeaderLine | EventLine | EndLine;
