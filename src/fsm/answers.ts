// How the parts of the machine write their answers.
import type { CommandOutput, OperationOutput } from "../proto/atomix/multiraft/v1/fsm.js";
import { Status } from "../protocol/failure.js";
import type { Answer } from "../protocol/machine.js";
import type { Machine } from "./state.js";

/** The one output of an entry that is no service command. */
export function answer(m: Machine, output: CommandOutput["output"]): Answer {
  return { kind: "answer", outputs: [{ index: m.state.index, output }], complete: true };
}

const NOTHING = new Uint8Array(0);

/** An operation's answer that is not OK. */
export function refusal(status: Status, message: string): OperationOutput {
  return { status, payload: NOTHING, message };
}

/** An operation's answer that is OK. */
export function accepted(payload: Uint8Array): OperationOutput {
  return { status: Status.OK, payload, message: "" };
}
