// Answers and entries as words without ids or counts: what a fingerprint is made of. Nothing here judges.
import { Status } from "../protocol/failure.js";
import type { Emission, Reply } from "../protocol/machine.js";
import type { ExpectedOutput, ExpectedReply, Step } from "./models/step.js";

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(Status).map(([name, value]) => [value, name]));

export const statusName = (status: number | undefined): string => NAMES.get(status ?? 0) ?? "UNRECOGNIZED";

/** What an entry is about: "keep_alive", "service_command Acquire", … */
export function entryShape(step: Step): string {
  return step.operation === "" ? step.kind : `${step.kind} ${step.service?.spec.service ?? "?"}.${step.operation}`;
}

const outputsShape = (statuses: readonly string[], complete: boolean): string =>
  `${statuses.length === 0 ? "no output" : [...new Set(statuses)].join("+")}, ${complete ? "complete" : "open"}`;

export function expectedShape(reply: ExpectedReply): string {
  switch (reply.kind) {
    case "failure":
      return `failure ${statusName(reply.status)}`;
    case "outputs":
      return outputsShape(
        reply.outputs.map((output) => statusName(output.status)),
        reply.complete,
      );
    default:
      return reply.kind;
  }
}

export function replyShape(reply: Reply): string {
  if (reply.kind === "failure") return `failure ${statusName(reply.status)}`;
  const [first] = reply.outputs;
  if (first === undefined) return outputsShape([], reply.complete);
  const output = first.output;
  switch (output?.$case) {
    case undefined:
      return "tick";
    case "openSession":
      return "opened";
    case "keepAlive":
      return "kept-alive";
    case "closeSession":
      return "closed";
    case "sessionCommand":
      break;
  }
  switch (output.value.output?.$case) {
    case undefined:
      return "empty session_command";
    case "createService":
      return "service-opened";
    case "closeService":
      return "service-closed";
    case "serviceCommand":
      break;
  }
  const statuses = reply.outputs.map(({ output: each }) =>
    each?.$case === "sessionCommand" && each.value.output?.$case === "serviceCommand"
      ? statusName(each.value.output.value.operation?.status)
      : "?",
  );
  return outputsShape(statuses, reply.complete);
}

export const emissionShape = (emission: Emission): string =>
  `${statusName(emission.output.operation?.status)}, ${emission.complete ? "complete" : "open"}`;

export const expectedEmissionShape = (output: ExpectedOutput, complete: boolean): string =>
  `${output.about} ${statusName(output.status)}, ${complete ? "complete" : "open"}`;
