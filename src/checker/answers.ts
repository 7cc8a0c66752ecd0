// Compares what a replica answered with what the model expects, and replicas with each other. The common case – they are
// equal – costs a structural walk and makes nothing; only a difference is put into words.
import { encode } from "../protocol/codec.js";
import { Status } from "../protocol/failure.js";
import type { Applied, Emission, Reply } from "../protocol/machine.js";
import type { CommandOutput, OperationOutput, ServiceCommandOutput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { AnswerDifference } from "./difference.js";
import { type Codec, type ModelRegistry, NOTHING, read, sameBytes } from "./models/service.js";
import type { PartitionModel } from "./models/sessions.js";
import type { ExpectedOutput, ExpectedReply, ServiceState, Step } from "./models/step.js";
import { emissionShape, expectedEmissionShape, expectedShape, replyShape, statusName } from "./shapes.js";

/** What a replica answered, without what nobody can judge: emissions of services that the judge has no model of. */
export function judgeable(applied: Applied, model: PartitionModel): Applied {
  if (!model.hasUnmodelled || applied.emissions.length === 0) return applied;
  const emissions = applied.emissions.filter(({ sessionId, commandNum }) => {
    const service = model.sessions.get(sessionId)?.commands.get(commandNum)?.service;
    return service === undefined || service === null || service.object !== null;
  });
  return { reply: applied.reply, emissions };
}

/** Whether a replica answered what the model expects. */
export function isAsExpected(step: Step, applied: Applied, kinds: ModelRegistry): boolean {
  if (!replyIsAsExpected(step, applied.reply, kinds)) return false;
  const { emissions } = applied;
  if (emissions.length !== step.emissions.length) return false;
  for (let i = 0; i < emissions.length; i++) {
    if (!emissionIsAsExpected(step, i, emissions[i] as Emission, kinds)) return false;
  }
  return true;
}

function emissionIsAsExpected(step: Step, at: number, got: Emission, kinds: ModelRegistry): boolean {
  const expected = step.emissions[at];
  if (expected === undefined) return false;
  const { session, command, output } = expected;
  return (
    got.sessionId === session.id &&
    got.commandNum === command.num &&
    got.complete === expected.complete &&
    outputIsAsExpected(output, got.output, codecOf(command.service, command.input.operation?.name ?? "", output, kinds))
  );
}

function replyIsAsExpected(step: Step, got: Reply, kinds: ModelRegistry): boolean {
  const expected = step.reply;
  if (expected.kind === "anything") return true;
  if (expected.kind === "failure") return got.kind === "failure" && got.status === expected.status;
  if (got.kind === "failure") return false;
  if (expected.kind !== "outputs") {
    const [only] = got.outputs;
    return got.complete && got.outputs.length === 1 && only !== undefined && sameSimple(step, expected, only);
  }
  if (got.complete !== expected.complete || got.outputs.length !== expected.outputs.length) return false;
  for (let i = 0; i < got.outputs.length; i++) {
    const output = serviceOutput(step.index, got.outputs[i] as CommandOutput);
    const wanted = expected.outputs[i] as ExpectedOutput;
    if (output === null) return false;
    if (!outputIsAsExpected(wanted, output, codecOf(step.service, step.operation, wanted, kinds))) return false;
  }
  return true;
}

function sameSimple(step: Step, expected: ExpectedReply, { index, output }: CommandOutput): boolean {
  if (index !== step.index) return false;
  switch (expected.kind) {
    case "tick":
      return output === undefined;
    case "opened":
      return output?.$case === "openSession" && output.value.sessionId === expected.id;
    case "kept-alive":
      return output?.$case === "keepAlive";
    case "closed":
      return output?.$case === "closeSession";
    default:
      break;
  }
  const inner = output?.$case === "sessionCommand" ? output.value.output : undefined;
  if (expected.kind === "service-opened") {
    return inner?.$case === "createService" && inner.value.serviceId === expected.id;
  }
  return expected.kind === "service-closed" && inner?.$case === "closeService";
}

/** The service's output in an answer to a command; null where it has another shape or another index. */
export function serviceOutput(index: bigint, { index: carried, output }: CommandOutput): ServiceCommandOutput | null {
  if (carried !== index || output?.$case !== "sessionCommand") return null;
  const inner = output.value.output;
  return inner?.$case === "serviceCommand" ? inner.value : null;
}

// Status and payload; the message is for a person. A payload that encodes otherwise but says the same is the same.
function outputIsAsExpected(
  expected: ExpectedOutput,
  got: ServiceCommandOutput,
  codec: Codec<unknown> | null,
): boolean {
  if (got.sequenceNum !== expected.num || got.operation === undefined) return false;
  return operationIsAsExpected(expected.status, expected.payload, got.operation, codec);
}

export function operationIsAsExpected(
  status: Status,
  payload: Uint8Array,
  got: OperationOutput,
  codec: Codec<unknown> | null,
): boolean {
  if (got.status !== status) return false;
  if (sameBytes(got.payload, payload)) return true;
  if (codec === null) return false;
  const message = read(codec, got.payload);
  return message !== undefined && sameBytes(encode(codec, message), payload);
}

/** How an output's payload is read; null where only its bytes can be compared. */
export function codecOf(
  service: ServiceState | null,
  operation: string,
  output: { readonly about?: string; readonly status: Status },
  kinds: ModelRegistry,
): Codec<unknown> | null {
  if (service === null || output.status !== Status.OK) return null;
  const answers = Object.hasOwn(kinds, service.spec.service) ? kinds[service.spec.service]?.answers : undefined;
  if (answers === undefined) return null;
  const name = output.about === "event" || output.about === "expired-event" ? "event" : operation;
  return Object.hasOwn(answers, name) ? (answers[name] ?? null) : null;
}

// --- replicas with each other

/** Whether two replicas answered the same. Messages of failures are for a person and are not compared. */
export function sameApplied(a: Applied, b: Applied): boolean {
  if (a === b) return true;
  if (!sameReply(a.reply, b.reply) || a.emissions.length !== b.emissions.length) return false;
  for (let i = 0; i < a.emissions.length; i++) {
    const x = a.emissions[i] as Emission;
    const y = b.emissions[i] as Emission;
    if (x.sessionId !== y.sessionId || x.commandNum !== y.commandNum || x.complete !== y.complete) return false;
    if (!sameServiceOutput(x.output, y.output)) return false;
  }
  return true;
}

function sameReply(a: Reply, b: Reply): boolean {
  if (a === b) return true;
  if (a.kind === "failure" || b.kind === "failure") {
    return a.kind === "failure" && b.kind === "failure" && a.status === b.status;
  }
  if (a.complete !== b.complete || a.outputs.length !== b.outputs.length) return false;
  for (let i = 0; i < a.outputs.length; i++) {
    if (!sameOutput(a.outputs[i] as CommandOutput, b.outputs[i] as CommandOutput)) return false;
  }
  return true;
}

function sameOutput(a: CommandOutput, b: CommandOutput): boolean {
  if (a === b) return true;
  if (a.index !== b.index || a.output?.$case !== b.output?.$case) return false;
  if (a.output?.$case === "openSession" && b.output?.$case === "openSession") {
    return a.output.value.sessionId === b.output.value.sessionId;
  }
  if (a.output?.$case !== "sessionCommand" || b.output?.$case !== "sessionCommand") return true;
  const x = a.output.value.output;
  const y = b.output.value.output;
  if (x?.$case !== y?.$case) return false;
  if (x?.$case === "createService" && y?.$case === "createService") return x.value.serviceId === y.value.serviceId;
  if (x?.$case === "serviceCommand" && y?.$case === "serviceCommand") return sameServiceOutput(x.value, y.value);
  return true;
}

function sameServiceOutput(a: ServiceCommandOutput, b: ServiceCommandOutput): boolean {
  if (a === b) return true;
  if (a.sequenceNum !== b.sequenceNum) return false;
  const x = a.operation;
  const y = b.operation;
  if (x === undefined || y === undefined) return x === y;
  return x.status === y.status && x.message === y.message && sameBytes(x.payload, y.payload);
}

// --- a difference in words

/** All in which a replica's answer differs from the model's. Not empty where isAsExpected said no. */
export function answerDifferences(
  step: Step,
  applied: Applied,
  model: PartitionModel,
  kinds: ModelRegistry,
): AnswerDifference[] {
  const found = [
    ...replyDifferences(step, applied.reply, model, kinds),
    ...emissionDifferences(step, applied, model, kinds),
  ];
  if (found.length > 0) return found;
  return [{ what: "emission-order", step, expected: "emissions in their order", got: "in another order" }];
}

function replyDifferences(step: Step, reply: Reply, model: PartitionModel, kinds: ModelRegistry): AnswerDifference[] {
  if (replyIsAsExpected(step, reply, kinds)) return [];
  const expected = expectedShape(step.reply);
  const got = replyShape(reply);
  const grave = model.graveAt(step.sessionId, step.index);
  const whole: AnswerDifference = { what: "reply", step, expected, got, reply, grave };
  if (step.reply.kind !== "outputs" || reply.kind === "failure") return [whole];

  const found: AnswerDifference[] = [];
  const theirs = new Map<bigint, ServiceCommandOutput>();
  for (const each of reply.outputs) {
    const output = serviceOutput(step.index, each);
    if (output === null || theirs.has(output.sequenceNum)) return [whole];
    theirs.set(output.sequenceNum, output);
  }
  for (const output of step.reply.outputs) {
    const other = theirs.get(output.num);
    theirs.delete(output.num);
    if (other === undefined) {
      found.push({ what: "output-missing", step, output, expected, got });
    } else if (!outputIsAsExpected(output, other, codecOf(step.service, step.operation, output, kinds))) {
      const payload = other.operation?.payload ?? NOTHING;
      const differs = statusName(output.status) === statusName(other.operation?.status) ? "another payload" : got;
      found.push({ what: "output-changed", step, output, payload, expected, got: differs });
    }
  }
  for (const num of theirs.keys()) found.push({ what: "output-extra", step, num, expected, got });
  if (reply.complete !== step.reply.complete) {
    found.push({ what: "completeness", step, complete: reply.complete, expected, got });
  }
  return found.length > 0 ? found : [whole];
}

function emissionDifferences(
  step: Step,
  applied: Applied,
  model: PartitionModel,
  kinds: ModelRegistry,
): AnswerDifference[] {
  const found: AnswerDifference[] = [];
  const left = step.emissions.slice();
  const extra: Emission[] = [];
  for (const got of applied.emissions) {
    const at = left.findIndex((each) => each.session.id === got.sessionId && each.command.num === got.commandNum);
    const emission = left[at];
    if (emission === undefined) {
      extra.push(got);
      continue;
    }
    left.splice(at, 1);
    const { output } = emission;
    if (emissionIsAsExpected({ ...step, emissions: [emission] }, 0, got, kinds)) continue;
    const which =
      got.output.sequenceNum !== output.num
        ? "number"
        : got.output.operation?.status !== output.status
          ? "status"
          : got.complete !== emission.complete
            ? "complete"
            : "payload";
    const expected = expectedEmissionShape(output, emission.complete);
    const shape = `${emissionShape(got)}, another ${which}`;
    found.push({
      what: "emission-changed",
      step,
      emission,
      payload: got.output.operation?.payload ?? NOTHING,
      which,
      expected,
      got: shape,
    });
  }
  for (const emission of left) {
    const expected = expectedEmissionShape(emission.output, emission.complete);
    found.push({ what: "emission-missing", step, emission, expected, got: "no emission" });
  }
  for (const emission of extra) {
    const session = model.sessions.get(emission.sessionId) ?? null;
    const command = session?.commands.get(emission.commandNum) ?? null;
    const grave = model.graveAt(emission.sessionId, step.index);
    const instead = left.find((each) => each.command.service === command?.service) ?? null;
    const got = emissionShape(emission);
    found.push({
      what: "emission-extra",
      step,
      emission,
      session,
      grave,
      command,
      instead,
      expected: "no emission",
      got,
    });
  }
  return found;
}
