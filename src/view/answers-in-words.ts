// Answers in words, those that the models expect and those that a machine gave: written alike, so that a reader can lay one
// beside the other. Whether they are the same is said by the judge, never by comparing these.
import { unreachable } from "../base/assert.js";
import type { ExpectedEmission, ExpectedOutput, ExpectedReply, Refusal, Step } from "../checker/models/step.js";
import type { ExpectedQuery } from "../checker/models/partition-state.js";
import type { CommandOutput, QueryInput, ServiceCommandOutput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { Status } from "../protocol/failure.js";
import type { Applied, QueryAnswer } from "../protocol/machine.js";
import { statusName } from "../replay/words.js";
import type { AnswerFacts } from "./film.js";
import { outputInWords } from "./payloads.js";

/** Whose output it is: what its payload means hangs on that. */
export interface Owner {
  readonly kind: string;
  readonly operation: string;
}

/** How an open command is known, for the words of what it is handed. */
export type OwnerOf = (session: bigint, num: bigint) => Owner;

const refusals: Readonly<Record<Refusal, string>> = {
  undecodable: "the bytes say nothing",
  "no-session": "there is no such session",
  "bad-timeout": "the time-out is none",
  "bad-filter": "the filter is none",
  "no-input": "there is no inner input",
  "number-zero": "the number is 0",
  forgotten: "its client gave this number up, or has its answer",
  "other-input": "the number was used with another input",
  "unknown-kind": "there is no such kind of service",
  "name-taken": "the name is another kind's",
  "no-service": "there is no such service",
};

/** What the models expect of an entry. */
export function expectedInWords(step: Step): AnswerFacts {
  const owner = { kind: step.service?.spec.service ?? "", operation: step.operation };
  return {
    reply: expectedReply(step.reply, owner),
    emissions: step.emissions.map(expectedEmission),
  };
}

/** Why it is refused, where it must be; else "". */
export function refusalInWords({ reply }: Step): string {
  return reply.kind === "failure" ? refusals[reply.why] : "";
}

function expectedReply(reply: ExpectedReply, owner: Owner): string {
  switch (reply.kind) {
    case "failure":
      return `refused: ${statusName(reply.status)}`;
    case "tick":
    case "kept-alive":
    case "closed":
    case "service-closed":
      return "OK";
    case "opened":
      return `OK, session ${reply.id}`;
    case "service-opened":
      return `OK, service ${reply.id}`;
    case "outputs":
      return outputs(
        reply.outputs.map((output) => expectedOutput(output, owner)),
        reply.complete,
      );
    case "anything":
      return "whatever it likes: the judge has no model of this service";
    default:
      return unreachable(reply);
  }
}

function outputs(said: readonly string[], complete: boolean): string {
  if (said.length === 0) return complete ? "no output" : "no output as yet; it stays open";
  return `${said.join("; ")}${complete ? "" : "; it stays open"}`;
}

// What is refused says nothing beside.
const isSilent = (status: Status, payload: Uint8Array): boolean => payload.length === 0 && statusName(status) !== "OK";

const expectedOutput = ({ num, status, payload, about }: ExpectedOutput, owner: Owner): string =>
  outputText(num, status, payload, owner, about === "event" || about === "expired-event");

function outputText(num: bigint, status: Status, payload: Uint8Array, owner: Owner, isEvent: boolean): string {
  const said = isSilent(status, payload) ? "" : outputInWords(owner.kind, owner.operation, payload, isEvent);
  return `output ${num} ${statusName(status)}${said === "" ? "" : `, ${said}`}`;
}

function expectedEmission({ session, command, output, complete }: ExpectedEmission): string {
  const owner = { kind: command.service?.spec.service ?? "", operation: command.input.operation?.name ?? "" };
  return emission(session.id, command.num, owner, expectedOutput(output, owner), complete);
}

const emission = (session: bigint, num: bigint, { operation }: Owner, said: string, complete: boolean): string =>
  `session ${session} #${num}${operation === "" ? "" : ` (${operation})`} gets ${said}${complete ? ", complete" : ""}`;

/** What a replica answered to an entry. */
export function givenInWords({ reply, emissions }: Applied, owner: Owner, ownerOf: OwnerOf): AnswerFacts {
  return {
    reply:
      reply.kind === "failure"
        ? `refused: ${statusName(reply.status)}`
        : outputs(
            reply.outputs.map((output) => givenOutput(output, owner)),
            reply.complete,
          ),
    emissions: emissions.map(({ sessionId, commandNum, output, complete }) => {
      const whose = ownerOf(sessionId, commandNum);
      return emission(sessionId, commandNum, whose, serviceOutput(output, whose, output.sequenceNum > 1n), complete);
    }),
  };
}

function givenOutput({ output }: CommandOutput, owner: Owner): string {
  if (output?.$case === "openSession") return `OK, session ${output.value.sessionId}`;
  if (output?.$case !== "sessionCommand") return "OK";
  const inner = output.value.output;
  if (inner?.$case === "createService") return `OK, service ${inner.value.serviceId}`;
  if (inner?.$case !== "serviceCommand") return "OK";
  return serviceOutput(inner.value, owner, inner.value.sequenceNum > 1n);
}

function serviceOutput({ sequenceNum, operation }: ServiceCommandOutput, owner: Owner, later: boolean): string {
  if (operation === undefined) return `output ${sequenceNum}`;
  return outputText(sequenceNum, operation.status, operation.payload, owner, later && owner.operation === "Events");
}

/** What the models' state says to a query. */
export function expectedQueryInWords(expected: ExpectedQuery, owner: Owner): string {
  switch (expected.kind) {
    case "failure":
      return `refused: ${statusName(expected.status)}`;
    case "anything":
      return "whatever it likes: the judge has no model of this service";
    case "output":
      return operationText(expected.output.status, expected.output.payload, owner);
    default:
      return unreachable(expected);
  }
}

/** What a replica answered to a query. */
export function queryAnswerInWords(answer: QueryAnswer, owner: Owner): string {
  if (answer.kind === "failure") return `refused: ${statusName(answer.status)}`;
  const operation = answer.output.output?.value.output?.value.operation;
  return operation === undefined ? "no output" : operationText(operation.status, operation.payload, owner);
}

function operationText(status: Status, payload: Uint8Array, owner: Owner): string {
  const said = isSilent(status, payload) ? "" : outputInWords(owner.kind, owner.operation, payload, false);
  return `${statusName(status)}${said === "" ? "" : `, ${said}`}`;
}

/** The service and the operation that a query names. */
export function queryOf({ input }: QueryInput): { service: bigint; session: bigint; operation: string } {
  const inner = input?.value.input?.value;
  return {
    service: inner?.serviceId ?? 0n,
    session: input?.value.sessionId ?? 0n,
    operation: inner?.operation?.name ?? "nothing",
  };
}
