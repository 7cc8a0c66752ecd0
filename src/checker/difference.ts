// One difference between what a machine did and what the model says, as data: properties look at it and say whether it is
// their business. It names shapes for the fingerprint, and lines for the witness.
import type { Emission, QueryAnswer, Reply } from "../protocol/machine.js";
import type { QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { DataDifference } from "./models/service.js";
import type {
  CommandState,
  ExpectedEmission,
  ExpectedOutput,
  Grave,
  ServiceState,
  SessionState,
  Step,
} from "./models/step.js";

/** Expected and got, as shapes without ids or counts. */
interface Shapes {
  readonly expected: string;
  readonly got: string;
}

/** A difference in what an entry was answered, or in what it handed out. */
export type AnswerDifference = Shapes & { readonly step: Step } & (
    | {
        readonly what: "reply";
        readonly reply: Reply;
        /** Where the session that the entry names is no more: how it ended. */
        readonly grave: Grave | null;
      }
    /** An output of the entry's own command. */
    | { readonly what: "output-missing"; readonly output: ExpectedOutput }
    | { readonly what: "output-extra"; readonly num: bigint }
    | { readonly what: "output-changed"; readonly output: ExpectedOutput; readonly payload: Uint8Array }
    | { readonly what: "completeness"; readonly complete: boolean }
    /** An output for another command. */
    | { readonly what: "emission-missing"; readonly emission: ExpectedEmission }
    | {
        readonly what: "emission-extra";
        readonly emission: Emission;
        readonly session: SessionState | null;
        readonly grave: Grave | null;
        readonly command: CommandState | null;
        /** Whether the model has something of the same kind for another command in this entry. */
        readonly instead: ExpectedEmission | null;
      }
    | {
        readonly what: "emission-changed";
        readonly emission: ExpectedEmission;
        readonly payload: Uint8Array;
        readonly which: "number" | "status" | "payload" | "complete";
      }
    | { readonly what: "emission-order" }
  );

/** A difference in a state that was observed, saved, or restored. */
export type StateDifference = Shapes & { readonly says: string; readonly lines: readonly number[] } & (
    | { readonly what: "unreadable" }
    | { readonly what: "index" }
    | { readonly what: "time" }
    | { readonly what: "session-missing"; readonly session: SessionState }
    | { readonly what: "session-extra"; readonly id: bigint; readonly grave: Grave | null }
    | { readonly what: "timeout"; readonly session: SessionState }
    | { readonly what: "last-updated"; readonly session: SessionState; readonly later: boolean }
    | { readonly what: "mark"; readonly session: SessionState; readonly lower: boolean }
    /** A number that must never run again could: neither below the saved mark, nor remembered. */
    | { readonly what: "guard"; readonly session: SessionState; readonly num: bigint }
    | { readonly what: "listed-missing"; readonly session: SessionState; readonly num: bigint }
    | { readonly what: "listed-extra"; readonly session: SessionState; readonly num: bigint }
    | {
        readonly what: "command-missing";
        readonly session: SessionState;
        readonly command: CommandState;
        /** Whether a keep-alive of the session was applied since the command arrived. */
        readonly keptAliveSince: boolean;
      }
    | {
        readonly what: "command-extra";
        readonly session: SessionState;
        readonly num: bigint;
        readonly forgotten: boolean;
      }
    | { readonly what: "command-input"; readonly session: SessionState; readonly command: CommandState }
    | { readonly what: "command-state"; readonly session: SessionState; readonly command: CommandState }
    | { readonly what: "pending-missing"; readonly command: CommandState }
    | { readonly what: "pending-extra"; readonly command: CommandState; readonly acknowledged: boolean }
    | { readonly what: "pending-changed"; readonly command: CommandState }
    | { readonly what: "marker"; readonly command: CommandState }
    | { readonly what: "service-missing"; readonly service: ServiceState }
    | { readonly what: "service-extra" }
    | { readonly what: "service-spec"; readonly service: ServiceState }
    | { readonly what: "user-missing"; readonly service: ServiceState; readonly session: bigint }
    | { readonly what: "user-extra"; readonly service: ServiceState; readonly session: bigint; readonly alive: boolean }
    | {
        readonly what: "data";
        readonly service: ServiceState;
        readonly data: DataDifference;
        /** Of the session that the difference is about: whether it lives. */
        readonly alive: boolean;
      }
  );

/** A difference in what a query was answered. */
export interface QueryDifference extends Shapes {
  readonly input: QueryInput;
  /** Where the session that asks is no more: how it ended. */
  readonly grave: Grave | null;
  readonly sessionLives: boolean;
  readonly service: ServiceState | null;
  readonly operation: string;
  readonly payload: Uint8Array;
  readonly answer: QueryAnswer;
}
