// A line of a trace in words, short enough to stand in a column. For people only: nothing reads it back.
import { unreachable } from "../base/assert.js";
import { MICROS_PER_SECOND } from "../base/time.js";
import type {
  CommandInput,
  CommandOutput,
  QueryInput,
  ServiceCommandOutput,
} from "../proto/atomix/multiraft/v1/fsm.js";
import { SessionStatus_State } from "../proto/atomix/runtime/v1/session.js";
import { Status } from "../protocol/failure.js";
import type { Applied, QueryAnswer } from "../protocol/machine.js";
import type { EventLine, Line } from "../trace/line.js";

const statusNames = new Map(Object.entries(Status).map(([name, number]) => [number as Status, name]));
const stateNames = new Map(Object.entries(SessionStatus_State).map(([name, number]) => [number as number, name]));

export function statusName(status: Status): string {
  return statusNames.get(status) ?? `status ${status}`;
}

/** Virtual time as a person reads it: seconds since the start, to the microsecond. */
export function timeInWords(t: number): string {
  return `+${(t / MICROS_PER_SECOND).toFixed(6)}`;
}

/** What an entry asks for: "Acquire #3 by session 17". */
export function entryInWords(input: CommandInput | "undecodable"): string {
  if (input === "undecodable") return "undecodable bytes";
  const { input: inner } = input;
  switch (inner?.$case) {
    case undefined:
      return "tick";
    case "openSession":
      return `open_session ${durationInWords(inner.value.timeout)}`;
    case "keepAlive":
      return `keep_alive of session ${inner.value.sessionId}, last_input ${inner.value.lastInputSequenceNum}`;
    case "closeSession":
      return `close_session ${inner.value.sessionId}`;
    case "sessionCommand":
      return `${sessionCommandInWords(inner.value.input)} by session ${inner.value.sessionId}`;
    default:
      return unreachable(inner);
  }
}

type SessionCommand = Extract<CommandInput["input"], { $case: "sessionCommand" }>["value"]["input"];

function sessionCommandInWords(command: SessionCommand): string {
  switch (command?.$case) {
    case undefined:
      return "session_command without input";
    case "createService":
      return `create_service ${command.value.spec?.service ?? "?"} "${command.value.spec?.name ?? ""}"`;
    case "closeService":
      return `close_service ${command.value.serviceId}`;
    case "serviceCommand":
      return `${command.value.operation?.name ?? "nothing"} #${command.value.sequenceNum} on service ${command.value.serviceId}`;
    default:
      return unreachable(command);
  }
}

function durationInWords(span: { readonly seconds: bigint; readonly nanos: number } | undefined): string {
  return span === undefined ? "without a time-out" : `for ${Number(span.seconds) + span.nanos / 1e9} s`;
}

/** What came out of an entry: "OK", "FAILURE CANCELED", "waits", "+2 emissions". */
export function appliedInWords({ reply, emissions }: Applied): string {
  const said =
    reply.kind === "failure"
      ? `FAILURE ${statusName(reply.status)}`
      : reply.outputs.length === 0
        ? "no output"
        : reply.outputs.map(outputInWords).join(", ");
  const open = reply.kind === "answer" && !reply.complete ? ", stays open" : "";
  const emitted = emissions.map(
    (emission) =>
      `; session ${emission.sessionId} #${emission.commandNum} gets ${serviceOutputInWords(emission.output)}${emission.complete ? ", complete" : ""}`,
  );
  return `${said}${open}${emitted.join("")}`;
}

function outputInWords({ output }: CommandOutput): string {
  if (output?.$case === "openSession") return `session ${output.value.sessionId}`;
  if (output?.$case !== "sessionCommand") return "OK";
  const { output: inner } = output.value;
  if (inner?.$case === "createService") return `service ${inner.value.serviceId}`;
  if (inner?.$case !== "serviceCommand") return "OK";
  return serviceOutputInWords(inner.value);
}

function serviceOutputInWords({ sequenceNum, operation }: ServiceCommandOutput): string {
  if (operation === undefined) return `output ${sequenceNum}`;
  const payload = operation.payload.length === 0 ? "" : ` ${hex(operation.payload)}`;
  return `output ${sequenceNum} ${statusName(operation.status)}${payload}`;
}

function queryInWords({ maxReceivedIndex, input }: QueryInput): string {
  const query = input?.value.input?.value;
  return `${query?.operation?.name ?? "nothing"} on service ${query?.serviceId ?? "?"}, not before ${maxReceivedIndex}`;
}

function answerInWords(answer: QueryAnswer): string {
  if (answer.kind === "failure") return `FAILURE ${statusName(answer.status)}`;
  const operation = answer.output.output?.value.output?.value.operation;
  return operation === undefined ? "no output" : `${statusName(operation.status)} ${hex(operation.payload)}`;
}

function hex(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return bytes.length > 12 ? `${shown}… (${bytes.length} bytes)` : shown;
}

/** Who it is about, without time, place and number: those stand in columns of their own. */
export function inWords(line: EventLine): string {
  switch (line.e) {
    case "phase":
      return `${line.phase} phase${line.cannotRecover === undefined ? "" : ` (can't recover: ${line.cannotRecover})`}`;
    case "fault":
      return `fault ${line.fault} ${line.change}: ${line.what}`;
    case "leader":
      return line.replica === null ? `nobody leads` : `replica ${line.replica} leads, term ${line.term}`;
    case "replica":
      return line.change;
    case "send": {
      const fate = line.arrives.length === 0 ? "lost" : `arrives ${line.arrives.map(timeInWords).join(", ")}`;
      return `${line.from} → ${line.to}: ${line.what}, ${fate}${line.by === undefined ? "" : ` (${line.by})`} [${line.message}]`;
    }
    case "deliver":
      return `arrived${line.dropped === undefined ? "" : `, dropped: ${line.dropped}`} [${line.message}]`;
    case "commit":
      return `commit ${entryInWords(line.input)} [${line.origin}]`;
    case "apply":
      return `apply: ${appliedInWords(line.applied)}`;
    case "broke":
      return `BROKE: ${line.how} during ${line.during}: ${line.message.split("\n")[0] ?? ""}`;
    case "ambient":
      return `AMBIENT: ${line.source} at ${line.stack.split("\n")[0] ?? ""}`;
    case "observe":
      return `observed (${line.why}): ${line.bytes.length} bytes`;
    case "save":
      return `saved as snapshot ${line.snapshot}: ${line.bytes.length} bytes`;
    case "restore":
      return `${line.why} from snapshot ${line.snapshot}${line.damage === undefined ? "" : `, ${line.damage}`}: ${line.result.kind}`;
    case "query":
      return `query ${queryInWords(line.input)}${line.sync ? ", sync" : ""}${line.parked ? ": parked" : ""} [${line.query}]`;
    case "answer":
      return `answer ${answerInWords(line.answer)} [${line.query}]`;
    case "session":
      return `${line.client}.${line.incarnation}: session ${line.session ?? ""} ${line.change}`;
    case "use":
      return `${line.client}.${line.incarnation}: ${line.spec.service} "${line.spec.name}" ${line.change}`;
    case "keep-alive":
      return `${line.client}.${line.incarnation}: keep-alive of session ${line.session}, last_input ${line.lastInput}, open ${line.open.join(" ") || "none"}`;
    case "invoke":
      return `${line.client}.${line.incarnation}/${line.op}: begins ${line.operation}${line.command === undefined ? "" : ` #${line.command}`} on ${line.spec.service} "${line.spec.name}"`;
    case "return":
      return `${line.client}.${line.incarnation}/${line.op}: ${line.outcome}${line.status === undefined ? "" : ` ${statusName(line.status)}`}`;
    case "receive":
      return `${line.client}.${line.incarnation}/${line.op}: output ${line.output} of #${line.command} ${statusName(line.status)}${line.complete ? ", complete" : ""}`;
    case "client-error":
      return `${line.client}.${line.incarnation}: PROTOCOL ERROR ${line.error}: ${line.what}`;
    case "registry":
      return `registry ${line.change}, version ${line.version}: ${line.entry.meta?.id?.name ?? ""} ${stateNames.get(line.entry.status?.state ?? 0) ?? ""}`;
    default:
      return unreachable(line);
  }
}

/** Any line in one line of text, with its time and place. */
export function lineInWords(line: Line): string {
  if (line.e === "header") return `header: seed ${line.seed ?? "none"}, scenario ${line.scenario}`;
  if (line.e === "end") return `end after ${line.lines} lines, digest ${line.digest}`;
  return `${timeInWords(line.t)}  ${placeOf(line)}${inWords(line)}`;
}

function placeOf(line: EventLine): string {
  const index = "index" in line && line.index !== undefined ? `:${line.index}` : "";
  if (!("partition" in line)) return "";
  if (line.e === "leader" || !("replica" in line)) return `${line.partition}${index}  `;
  return `${line.partition}${index} ${line.replica === 0 ? "shadow" : `replica ${line.replica}`}  `;
}
