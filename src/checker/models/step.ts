// What one entry comes to according to the model: the answer that every replica must give, what it must hand out, and the
// facts that tell properties and milestones what the entry was about. A step is never changed once it is made.
import type { CommandInput, ServiceCommandInput, ServiceSpec } from "../../proto/atomix/multiraft/v1/fsm.js";
import type { Status } from "../../protocol/failure.js";
import type { ServiceModel } from "./service.js";

/** One output as it must come: everything but the words of its message, which are the machine's own. */
export interface ExpectedOutput {
  /** Counts from 1 within its command. */
  readonly num: bigint;
  readonly status: Status;
  readonly payload: Uint8Array;
  readonly about: OutputKind;
  /** The line of the entry that brought it about. */
  readonly line: number;
}

/** Why an output exists: the command's own answer, a change that a stream shows, or what a timer or a release handed on. */
export type OutputKind = "answer" | "event" | "expired-event" | "grant" | "timeout" | "canceled";

/** What started the change that an emission is a part of. */
export type Cause = "expiry" | "timer" | "command" | "keep-alive" | "close-service" | "close-session";

/** An output for another command than the entry's own. */
export interface ExpectedEmission {
  readonly session: SessionState;
  readonly command: CommandState;
  readonly output: ExpectedOutput;
  readonly complete: boolean;
  readonly cause: Cause;
  /** Whose act or end it was; 0n for a timer of a service. */
  readonly by: bigint;
}

/** Why an entry is refused. */
export type Refusal =
  | "undecodable"
  | "no-session"
  | "bad-timeout"
  | "bad-filter"
  | "no-input"
  | "number-zero"
  | "forgotten"
  | "other-input"
  | "unknown-kind"
  | "name-taken"
  | "no-service";

/** The answer that must come. `anything`: of a service that the judge has no model of. */
export type ExpectedReply =
  | { readonly kind: "failure"; readonly status: Status; readonly why: Refusal }
  | { readonly kind: "tick" }
  | { readonly kind: "opened"; readonly id: bigint }
  | { readonly kind: "kept-alive" }
  | { readonly kind: "closed" }
  | { readonly kind: "service-opened"; readonly id: bigint }
  | { readonly kind: "service-closed" }
  | { readonly kind: "outputs"; readonly outputs: readonly ExpectedOutput[]; readonly complete: boolean }
  | { readonly kind: "anything" };

/** What kind of entry it is. */
export type EntryKind =
  | "undecodable"
  | "tick"
  | "open_session"
  | "keep_alive"
  | "close_session"
  | "create_service"
  | "close_service"
  | "service_command"
  | "session_command"; // without its inner input

/** How a command came to be answered. */
export type Run = "first" | "listed" | "retry" | "refused";

/** A state of the machine's life that tests are worth more for having seen; see milestones.ts. */
export type Note =
  | "two-expiries"
  | "timer-and-expiry"
  | "numbers-listed"
  | "listed-number-left"
  | "stale-keep-alive"
  | "open-command-forgotten"
  | "outputs-acknowledged"
  | "forgotten-across-timer"
  | "emission-to-the-dead"
  | "grant-by-expiry"
  | "grant-by-close"
  | "lock-contended"
  | "acquire-timed-out"
  | "try-refused"
  | "waiter-left"
  | "rewritten-with-ttl"
  | "ttl-met-by-rewrite"
  | "ttl-expired"
  | "ttl-for-a-stream"
  | "leader-expired"
  | "leader-taken-over"
  | "candidate-expired"
  | "anointed"
  | "events-to-several"
  | "cleared-several"
  | "stale-version"
  | "service-opened-again";

/** What an entry comes to. */
export interface Step {
  readonly index: bigint;
  /** The line that committed it. */
  readonly line: number;
  readonly kind: EntryKind;
  readonly input: CommandInput | "undecodable";
  readonly reply: ExpectedReply;
  readonly emissions: readonly ExpectedEmission[];
  /** The session that the entry names: alive before its own input ran; null where there is none. */
  readonly session: SessionState | null;
  /** The id that it names, whether or not it lives. */
  readonly sessionId: bigint;
  readonly command: CommandState | null;
  readonly run: Run | null;
  readonly service: ServiceState | null;
  /** The operation's name; empty for what is none. */
  readonly operation: string;
  /** Sessions that ended in this entry. */
  readonly ended: readonly Grave[];
  /** Timers of services that ran. */
  readonly timersRun: number;
  readonly notes: readonly Note[];
  /** What the entry's session was like when it came. */
  readonly sessionWas: SessionWas;
}

/** A session's state in one word, for the table of what faults met. */
export type SessionWas =
  "none" | "unknown" | "expired" | "closed" | "fresh" | "idle" | "remembering" | "waiting" | "listing";

/** A session as the model has it. Written through the journal only. */
export interface SessionState {
  readonly id: bigint;
  /** Nanoseconds. */
  readonly timeout: bigint;
  /** Nanoseconds of log time. */
  lastUpdated: bigint;
  mark: bigint;
  /** Numbers known to be open that never arrived, and the line of the keep-alive that listed them. */
  readonly listed: Map<bigint, number>;
  readonly commands: Map<bigint, CommandState>;
  /** The line that opened it. */
  readonly openedLine: number;
  /** The line of the last keep-alive that was accepted, else that of the opening. */
  refreshedLine: number;
  /** The index of the last keep-alive that was accepted; 0 before. */
  keptAliveAt: bigint;
}

/** A remembered command. */
export interface CommandState {
  readonly session: bigint;
  readonly num: bigint;
  readonly input: ServiceCommandInput;
  readonly service: ServiceState | null;
  /** The line and the index of the entry that first ran it. */
  readonly line: number;
  readonly index: bigint;
  open: boolean;
  produced: bigint;
  /** Outputs not acknowledged, by number. */
  readonly pending: Map<bigint, ExpectedOutput>;
}

/** A service, as the session machine has it; `object` is what it is inside, null where the judge has no model of it. */
export interface ServiceState {
  readonly id: bigint;
  readonly spec: ServiceSpec;
  /** Sessions that have it open, and the line since when. */
  readonly sessions: Map<bigint, number>;
  readonly object: ServiceModel | null;
  /** The last session that ended or closed it, and at which index. */
  leftBy: bigint;
  leftAt: bigint;
}

/** What is remembered of a session that is no more. */
export interface Grave {
  readonly id: bigint;
  readonly how: "expired" | "closed";
  readonly line: number;
  readonly index: bigint;
  readonly openedLine: number;
  readonly refreshedLine: number;
  readonly timeout: bigint;
  /** It had commands open. */
  readonly open: boolean;
  /** The services that it had open. */
  readonly used: readonly bigint[];
}
