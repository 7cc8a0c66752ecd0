// Two answers to one call: what tells them apart, and of which kind that is. Knows nothing of machines or of states.
import type { CommandOutput, ServiceCommandOutput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { Applied, Emission, QueryAnswer, Reply } from "../protocol/machine.js";
import { statusName } from "../replay/words.js";
import { appliedInWords } from "../replay/words.js";
import type { Finding } from "./difference.js";
import { sameData } from "./same-data.js";

const NOT_COMPARED: readonly string[] = ["message"];

/** What a finding says beside what it is about. */
type Shape = Pick<Finding, "kind" | "about" | "how">;

/** The difference of two answers to an entry; `about`: the entry; `nameOf`: the command that an emission is for. */
export function appliedDiffer(
  one: Applied,
  other: Applied,
  about: string,
  nameOf: (emission: Emission) => string,
): Finding | undefined {
  const shape = repliesDiffer(one.reply, other.reply, about) ?? emissionsDiffer(one.emissions, other.emissions, nameOf);
  if (shape === undefined) return undefined;
  return { ...shape, baseline: appliedInWords(one), candidate: appliedInWords(other) };
}

/** Whether two answers to an entry are the same. */
export function sameApplied(one: Applied, other: Applied): boolean {
  if (one.reply.kind === "failure" || other.reply.kind === "failure") {
    return sameData(one, other, NOT_COMPARED);
  }
  return sameData(one, other);
}

function repliesDiffer(one: Reply, other: Reply, about: string): Shape | undefined {
  const from = shapeOf(one);
  const to = shapeOf(other);
  if (from !== to) return { kind: "status", about, how: `${from} → ${to}` };
  if (one.kind === "failure" || other.kind === "failure") return undefined;
  if (one.complete !== other.complete) return { kind: "output", about, how: `${ends(one)} → ${ends(other)}` };
  return sameData(one.outputs, other.outputs) ? undefined : { kind: "output", about, how: "another output" };
}

function ends({ complete }: { readonly complete: boolean }): string {
  return complete ? "complete" : "stays open";
}

/** An answer without ids, counts or payloads: "OK", "FAILURE UNAVAILABLE", "waits". */
function shapeOf(reply: Reply): string {
  if (reply.kind === "failure") return `FAILURE ${statusName(reply.status)}`;
  if (reply.outputs.length === 0) return reply.complete ? "nothing" : "waits";
  return [...new Set(reply.outputs.map(statusOf))].join(", ");
}

function statusOf({ output }: CommandOutput): string {
  if (output?.$case !== "sessionCommand" || output.value.output?.$case !== "serviceCommand") return "OK";
  return serviceStatusOf(output.value.output.value);
}

function serviceStatusOf({ operation }: ServiceCommandOutput): string {
  return operation === undefined ? "nothing" : statusName(operation.status);
}

function emissionsDiffer(
  one: readonly Emission[],
  other: readonly Emission[],
  nameOf: (emission: Emission) => string,
): Shape | undefined {
  if (sameData(one, other)) return undefined;
  const left = new Map(one.map((each) => [keyOf(each), each]));
  const right = new Map(other.map((each) => [keyOf(each), each]));
  for (const [key, emission] of left) {
    const about = `an output of ${nameOf(emission)}`;
    const there = right.get(key);
    if (there === undefined) return { kind: "output", about, how: `${serviceStatusOf(emission.output)} → nothing` };
    const from = serviceStatusOf(emission.output);
    const to = serviceStatusOf(there.output);
    if (from !== to) return { kind: "status", about, how: `${from} → ${to}` };
    if (!sameData(emission, there)) return { kind: "output", about, how: "another output" };
  }
  for (const [key, emission] of right) {
    if (left.has(key)) continue;
    const about = `an output of ${nameOf(emission)}`;
    return { kind: "output", about, how: `nothing → ${serviceStatusOf(emission.output)}` };
  }
  return { kind: "order", about: "the outputs that one entry sets off", how: "" };
}

function keyOf({ sessionId, commandNum, output }: Emission): string {
  return `${sessionId}/${commandNum}/${output.sequenceNum}`;
}

/** Whether two answers to a query are the same. */
export function sameAnswer(one: QueryAnswer, other: QueryAnswer): boolean {
  return sameData(one, other, one.kind === "failure" ? NOT_COMPARED : []);
}

/** The difference of two answers to a query. */
export function queriesDiffer(one: QueryAnswer, other: QueryAnswer, about: string): Finding | undefined {
  if (sameAnswer(one, other)) return undefined;
  const from = queryShape(one);
  const to = queryShape(other);
  const words = { baseline: queryWords(one), candidate: queryWords(other) };
  if (from !== to) return { kind: "status", about, how: `${from} → ${to}`, ...words };
  return { kind: "output", about, how: "another output", ...words };
}

function queryShape(answer: QueryAnswer): string {
  if (answer.kind === "failure") return `FAILURE ${statusName(answer.status)}`;
  const operation = answer.output.output?.value.output?.value.operation;
  return operation === undefined ? "nothing" : statusName(operation.status);
}

function queryWords(answer: QueryAnswer): string {
  const payload = answer.kind === "failure" ? undefined : answer.output.output?.value.output?.value.operation?.payload;
  const bytes = payload === undefined || payload.length === 0 ? "" : ` ${Buffer.from(payload).toString("hex")}`;
  return `${queryShape(answer)}${bytes}`;
}
