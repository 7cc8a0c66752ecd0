// The first kind of no: a failure is a value that stands for what the wire has no field for. SPEC 2.
import { OperationOutput_Status } from "../proto/atomix/multiraft/v1/fsm.js";

/** The statuses of an operation, by name. */
export const Status: typeof OperationOutput_Status = OperationOutput_Status;
export type Status = OperationOutput_Status;

/** A refusal that is never numbered and never remembered. */
export interface Failure {
  readonly kind: "failure";
  readonly status: Status;
  /** For a person; never compared. */
  readonly message: string;
}

/** A failure: an answer of the protocol, not an exception. The words are for people. */
export function failure(status: Status, message: string): Failure {
  return { kind: "failure", status, message };
}
