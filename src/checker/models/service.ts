// What a service's model is to the model of sessions, and which models there are. A model is the naive truth of one service:
// it shares nothing with the service on trial but the payloads' messages.
import { decode } from "../../protocol/codec.js";
import type { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import type { Nanos, SecondsAndNanos } from "../../base/time.js";
import { isDurationInRange, toNanos } from "../../base/time.js";
import { Status } from "../../protocol/failure.js";
import type { Journal } from "./journal.js";
import type { Sequential } from "./own-sequential.js";
import type { Cause, Note, OutputKind } from "./step.js";

/** What an operation answers. `open`: more outputs may follow. */
export interface Answered {
  readonly status: Status;
  readonly payload: Uint8Array;
  readonly open: boolean;
}

/** What a command comes to: an answer, or nothing as yet. */
export type Outcome = Answered | "waits";

/** Who asks: the session, the command's number, the entry's index. */
export interface Caller {
  readonly session: bigint;
  readonly num: bigint;
  readonly index: bigint;
}

/** What a service's model may use of the model around it. */
export interface Surroundings {
  readonly journal: Journal;
  /** Log time, in nanoseconds. */
  readonly now: bigint;
  /** The index of the entry. */
  readonly index: bigint;
  /** An output for another command. */
  emit(session: bigint, num: bigint, about: OutputKind, status: Status, payload: Uint8Array, complete: boolean): void;
  /** A deadline was set. */
  due(deadline: bigint): void;
  /** What started the change that is under way. */
  readonly cause: Cause;
  note(note: Note): void;
}

/** The timer of a service that runs next. */
export interface Timer {
  readonly deadline: bigint;
  fire(): void;
}

/** One difference between a model and a saved state. `session`: whose hold on the service it is about. */
export interface DataDifference {
  readonly what:
    | "unreadable"
    | "number"
    | "holder-extra"
    | "holder-missing"
    | "holder-other"
    | "holder-token"
    | "waiter-extra"
    | "waiter-missing"
    | "waiter-order"
    | "waiter-token"
    | "waiter-deadline"
    | "entry-extra"
    | "entry-missing"
    | "entry-value"
    | "entry-version"
    | "entry-deadline"
    | "element-extra"
    | "element-missing"
    | "term"
    | "participant-extra"
    | "participant-missing"
    | "participant-order"
    | "participant-session"
    | "listener-extra"
    | "listener-missing";
  readonly says: string;
  readonly session?: bigint;
  readonly num?: bigint;
  /** Of an entry: whether any write to it ever named a time to live. */
  readonly timed?: boolean;
  /** Since which index the model holds what is missing or other. */
  readonly since?: bigint;
}

/** What a saved state says of itself, whether or not the model agrees. */
export interface DataFacts {
  /** Why it is not in canonical order or does not encode to itself; null where it does. */
  readonly disorder: string | null;
  /** Deadlines of log time, in nanoseconds. */
  readonly deadlines: readonly bigint[];
  /** Open commands that it says wait or listen. */
  readonly waiting: readonly { readonly session: bigint; readonly num: bigint }[];
  /** Sessions that hold something there, without an open command. */
  readonly holders: readonly bigint[];
}

/** One service, as the judge knows it. What it changes goes through the journal of its surroundings. `defineModel` makes a simple one. */
export interface ServiceModel {
  command(operation: string, payload: Uint8Array, by: Caller): Outcome;
  query(operation: string, payload: Uint8Array): Answered;
  /** An open command is no more: what waits or listens for it goes. */
  ended(session: bigint, num: bigint): void;
  /** A session closed the service or ended: what it held goes, and is handed on. */
  left(session: bigint): void;
  /** The timer that runs next, by (deadline, the service's own order); null without. */
  nextTimer(): Timer | null;
  /** The bytes of the state. */
  data(): Uint8Array;
  /** Whether an operation is about something of which any write ever named a time to live. */
  timed?(operation: string, payload: Uint8Array): boolean;
  /** How a saved state differs. */
  differences(data: Uint8Array): DataDifference[];
}

/** A kind of service, as the judge knows it. */
export interface ServiceKindModel {
  create(around: Surroundings): ServiceModel;
  /** What bytes of a saved state say, whoever made them; null where they do not decode. */
  facts(data: Uint8Array): DataFacts | null;
  /** Names of the operations whose answer may be compared as a message, and how to read it. */
  readonly answers: Readonly<Record<string, Codec<unknown>>>;
  /** Of a user's own: the service without a log, for the search for a legal order. Without: linearizable/<kind> is not judged. */
  readonly sequential?: Sequential;
}

/** Models by kind of service. */
export type ModelRegistry = Readonly<Record<string, ServiceKindModel>>;

/** As much of a generated message as models need. */
export interface Codec<Message> {
  encode(message: Message): BinaryWriter;
  decode(bytes: Uint8Array | BinaryReader): Message;
}

export const NOTHING = new Uint8Array(0);

export const refuse = (status: Status): Answered => ({ status, payload: NOTHING, open: false });
export const ok = (payload: Uint8Array): Answered => ({ status: Status.OK, payload, open: false });
/** The first output of a stream. */
export const listening: Answered = { status: Status.OK, payload: NOTHING, open: true };

/** The message that bytes say; undefined where they say none. */
export function read<Message>(codec: Codec<Message>, bytes: Uint8Array): Message | undefined {
  try {
    return decode(codec, bytes);
  } catch {
    return undefined;
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A time-out or time to live: nanoseconds; undefined where it is INVALID. */
export function spanOf(value: SecondsAndNanos): Nanos | undefined {
  if (!isDurationInRange(value) || value.seconds < 0n || value.nanos < 0) return undefined;
  return toNanos(value);
}
