// What a service is to the machine that hosts it: one record of functions over a state of its own. A service never sees
// sessions, other services or the log; it answers, tells open commands, and sets timers. SPEC 2.4.
import type { Nanos } from "../../base/time.js";
import type { OperationOutput } from "../../proto/atomix/multiraft/v1/fsm.js";
import type { Codec } from "../../protocol/codec.js";
import type { Status } from "../../protocol/failure.js";
import type { CommandNum, LogIndex, SessionId } from "../../protocol/words.js";
import { accepted, refusal } from "../answers.js";
import type { Timer } from "../state.js";

/** Whose command or query is being served. */
export interface Call {
  readonly session: SessionId;
  /** 0 in a query, which has no number. */
  readonly number: CommandNum;
}

/** How a service reaches the machine. One for each living service. */
export interface At {
  /** The index of the entry in hand: what versions and fencing tokens are made of. */
  readonly index: LogIndex;
  /** Log time; inside a timer, the timer's deadline. */
  readonly now: Nanos;
  /** An output for a command that stayed open. */
  tell(to: Call, output: OperationOutput, complete: boolean): void;
  /** A timer of this service. `rank` orders it among those of the same instant: a key, or the command that waits. */
  setTimer(deadline: Nanos, rank: string | Call): Timer;
  cancelTimer(timer: Timer): void;
}

/** What an operation comes to: its first output, if any, and whether anything may follow. */
export interface Outcome {
  readonly output: OperationOutput | undefined;
  readonly complete: boolean;
}

/** The operation waits: no output yet. */
export const WAITING: Outcome = { output: undefined, complete: false };

const EMPTY = new Uint8Array(0);

/** OK, and nothing follows. */
export function done(payload: Uint8Array = EMPTY): Outcome {
  return { output: accepted(payload), complete: true };
}

/** An empty OK, and more follows. */
export function opened(): Outcome {
  return { output: accepted(EMPTY), complete: false };
}

/** Anything but OK: the operation has changed nothing. */
export function refuse(status: Status, message: string): Outcome {
  return { output: refusal(status, message), complete: true };
}

/** Reads a payload. Throws where the bytes are none. */
export type Decoder<Input> = Pick<Codec<Input>, "decode">;

/** A command or a query of the service `Self`, by the name it has on the wire. */
export interface Operation<Self, State> {
  readonly input: Decoder<unknown>;
  run(self: Self, at: At, state: State, call: Call, input: unknown): Outcome;
}

export type Operations<Self, State> = ReadonlyMap<string, Operation<Self, State>>;

/** Ties an operation's payload to the function that runs it, which is looked up in the service's record at every call. */
export function operation<Self, State, Input>(
  input: Decoder<Input>,
  run: (self: Self, at: At, state: State, call: Call, input: Input) => Outcome,
): Operation<Self, State> {
  return { input, run: (self, at, state, call, decoded) => run(self, at, state, call, decoded as Input) };
}

/** What a service is given to come back from a snapshot. Each of its calls refuses the snapshot where it must. */
export interface Loading {
  /** Log time of the snapshot. */
  readonly now: Nanos;
  /**
   * The command is open, of this service and this operation, and nobody else holds it: now this service does. Returns the
   * payload that it came with.
   */
  hold(open: Call, operation: string): Uint8Array;
  setTimer(deadline: Nanos, rank: string | Call): Timer;
  /** Refuses the snapshot unless `condition` holds. */
  check(condition: boolean, message: string): asserts condition;
}

/** One kind of service. `State` is its own; the machine only carries it. */
export interface Service<State> {
  readonly kind: string;
  readonly commands: Operations<this, State>;
  readonly queries: Operations<this, State>;
  /** The state that a new one starts with. */
  empty(): State;
  /** An open command ended from outside: it waits and listens no more. Hands nothing on. */
  cancel(at: At, state: State, open: Call): void;
  /** The session no longer uses the service: takes back what it held, and hands on. Its open commands have ended before. */
  leave(at: At, state: State, session: SessionId): void;
  /** A timer of this service has come due. */
  due(at: At, state: State, timer: Timer): void;
  /** The canonical bytes of the state: ServiceSnapshot.data. Changes nothing. */
  save(state: State, at: At): Uint8Array;
  /** The state that `data` is the saving of. */
  load(data: Uint8Array, loading: Loading): State;
}
