// THE SEAM. What a state machine is to everything else in this house: four calls, all synchronous, all total.
// The accused stands behind it, the stage calls it, the judge never sees more of it than what it answers. SPEC 2.
import type {
  CommandInput,
  CommandOutput,
  QueryInput,
  QueryOutput,
  ServiceCommandOutput,
} from "../proto/atomix/multiraft/v1/fsm.js";
import type { Failure } from "./failure.js";
import type { CommandNum, LogIndex, SessionId } from "./words.js";

/** One committed entry of a partition's log. Decoded once: every replica in the process sees the same object. */
export interface Entry {
  readonly index: LogIndex;
  /** The bytes that were committed. May be encoded on demand: do not read them where the message serves. */
  readonly bytes: Uint8Array;
  /** What the bytes say; "undecodable" where they are no CommandInput. Nobody changes it. */
  readonly input: CommandInput | "undecodable";
}

/**
 * The answer to an entry: a failure, or its outputs, each one a CommandOutput with the entry's index.
 * `outputs` is empty for a command that waits, and holds several for a retry; `complete` says whether anything may follow.
 * Everything but a service command has exactly one output and is complete.
 */
export type Reply = Failure | Answer;

/** What a query is answered. */
export interface Answer {
  readonly kind: "answer";
  readonly outputs: readonly CommandOutput[];
  readonly complete: boolean;
}

/** An output for another open command than the entry's own. */
export interface Emission {
  readonly sessionId: SessionId;
  readonly commandNum: CommandNum;
  readonly output: ServiceCommandOutput;
  readonly complete: boolean;
}

/** All that an entry brings about for anyone outside. */
export interface Applied {
  readonly reply: Reply;
  /** In the order in which they came about; those of one change by (session, number). */
  readonly emissions: readonly Emission[];
}

/** The answer to a query: a failure, or its output. It was read at the index applied so far, which the caller knows. */
export type QueryAnswer = Failure | { readonly kind: "answer"; readonly output: QueryOutput };

/** Whether a snapshot was taken over. A refusal says why; the machine is then what it was before. */
export type Restored = { readonly kind: "restored" } | { readonly kind: "refused"; readonly message: string };

/** One replica of one partition: a pure function of the entries applied to it and of the snapshot that it started from. */
export interface StateMachine {
  /** Applies the next entry. Never throws, never hangs, whatever the entry says. */
  apply(entry: Entry): Applied;
  /** Answers at the index applied so far; changes nothing. */
  query(input: QueryInput): QueryAnswer;
  /** The whole state as bytes, equal for equal states; changes nothing. */
  snapshot(): Uint8Array;
  /** Replaces the whole state by a saved one, given in chunks of any size; or refuses, and stays as it was. */
  restore(chunks: Iterable<Uint8Array>): Restored;
  /**
   * The state as the judge reads it, an envelope around a PartitionSnapshot; changes nothing. Only where snapshot() is
   * opaque and `capabilities.observations` says so: everyone else is observed by snapshot().
   */
  observe?(): Uint8Array;
}

/** What the trial may ask of a machine; what it lacks is reported as not judged. */
export interface Capabilities {
  /** The kinds of service that it knows, e.g. "counter". */
  readonly services: readonly string[];
  /** canonical: equal states give equal bytes; readable: the judge may decode it; opaque: neither. */
  readonly snapshots: "canonical" | "readable" | "opaque";
  /** The same of what observe() answers; absent: there is no observe(), and the judge looks at snapshot(). */
  readonly observations?: "canonical" | "readable";
  /** Whether it is to be told of time by entries without input. */
  readonly ticks: boolean;
  /** "own": decodes entries with a codec of its own, so bytes on which codecs differ are not put before it. SPEC 2. */
  readonly codec?: "own";
}

/** A kind of machine: a name, what it can do, and a way to make replicas of it. */
export interface MachineKind {
  /** As the user named it: "reference", "bug:purge-forgets", a path, "exec:…". */
  readonly name: string;
  readonly capabilities: Capabilities;
  /** A fresh replica with the empty state. */
  create(): StateMachine;
  /** A new run begins: of the replicas made before, none is called again. For a machine that hosts them elsewhere. */
  begin?(): void;
}
