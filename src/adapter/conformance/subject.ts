// One replica under interview: entries are put before it in a short hand, and what comes out is said in words. Index and time
// are kept here. Every word is derived from what the machine answered, in one way for all questions.
import { VIRTUAL_START_SECONDS, type SecondsAndNanos } from "../../base/time.js";
import type {
  CommandInput,
  OperationOutput,
  QueryInput,
  ServiceCommandOutput,
} from "../../proto/atomix/multiraft/v1/fsm.js";
import { decodeEntry, makeEntry } from "../../protocol/entry.js";
import { Status } from "../../protocol/failure.js";
import { encodeInputFilter } from "../../protocol/input-filter.js";
import type { Applied, Emission, Entry, MachineKind, Reply, StateMachine } from "../../protocol/machine.js";
import { LogIndex } from "../../protocol/words.js";
import type { Operation } from "./operations.js";

type Input = NonNullable<CommandInput["input"]>;
type InSession = Extract<Input, { $case: "sessionCommand" }>["value"]["input"];

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(Status).map(([name, value]) => [value as number, name]),
);

export class Subject {
  index = 0n;
  #machine: StateMachine;
  #timestamp: SecondsAndNanos | undefined;
  /** How the outputs of each command are decoded, by session and number. */
  readonly #asked = new Map<string, Operation>();
  readonly #entries: Entry[] = [];

  constructor(readonly kind: MachineKind) {
    this.#machine = kind.create();
  }

  /** From here on entries carry this time: seconds after 2000-01-01, and nanoseconds. */
  at(seconds: number | bigint, nanos = 0): this {
    return this.stamped({ seconds: BigInt(seconds) + BigInt(VIRTUAL_START_SECONDS), nanos });
  }

  /** From here on entries carry exactly this timestamp, or none. */
  stamped(timestamp: SecondsAndNanos | undefined): this {
    this.#timestamp = timestamp;
    return this;
  }

  /** Whether a session lives: a session_command without its inner input is invalid in one that does. */
  lives(session: number): string {
    const said = this.inSession(session, undefined);
    return said === "failure INVALID" ? "alive" : said === "failure NOT_FOUND" ? "dead" : said;
  }

  tick(): string {
    return this.input(undefined);
  }

  /** An entry with any input, at the current time. */
  input(input: Input | undefined): string {
    const timestamp = this.#timestamp && { ...this.#timestamp };
    return this.#apply(makeEntry(this.#next(), { timestamp, input }));
  }

  bytes(...bytes: readonly number[]): string {
    return this.#apply(decodeEntry(this.#next(), Uint8Array.from(bytes)));
  }

  open(seconds: number | bigint | undefined, nanos = 0): string {
    const timeout = seconds === undefined ? undefined : { seconds: BigInt(seconds), nanos };
    return this.input({ $case: "openSession", value: { timeout } });
  }

  close(session: number): string {
    return this.input({ $case: "closeSession", value: { sessionId: BigInt(session) } });
  }

  inSession(session: number, input: InSession): string {
    return this.input({ $case: "sessionCommand", value: { sessionId: BigInt(session), input } });
  }

  create(session: number, service: string, name = "a"): string {
    return this.inSession(session, { $case: "createService", value: { spec: { service, namespace: "", name } } });
  }

  closeService(session: number, service: number): string {
    return this.inSession(session, { $case: "closeService", value: { serviceId: BigInt(service) } });
  }

  command(session: number, number: number | bigint, service: number, operation: Operation): string {
    this.#asked.set(`${session}/${number}`, operation);
    const { name, payload } = operation;
    const value = { serviceId: BigInt(service), sequenceNum: BigInt(number), operation: { name, payload } };
    return this.inSession(session, { $case: "serviceCommand", value });
  }

  /** A keep-alive that lists the numbers in `open`, and acknowledges outputs by command. */
  keepAlive(
    session: number,
    last: number | bigint,
    open: readonly (number | bigint)[],
    acknowledged: Readonly<Record<number, number>> = {},
  ): string {
    return this.keepAliveWith(session, last, encodeInputFilter(open.map(BigInt)), acknowledged);
  }

  keepAliveWith(
    session: number,
    last: number | bigint,
    inputFilter: Uint8Array,
    acknowledged: Readonly<Record<number, number>> = {},
  ): string {
    const outputs = Object.entries(acknowledged).map(([number, output]) => [BigInt(number), BigInt(output)] as const);
    const value = {
      sessionId: BigInt(session),
      inputFilter,
      lastInputSequenceNum: BigInt(last),
      lastOutputSequenceNums: new Map(outputs),
    };
    return this.input({ $case: "keepAlive", value });
  }

  query(session: number, service: number, operation: Operation): string {
    const { name, payload } = operation;
    const serviceQuery = { serviceId: BigInt(service), operation: { name, payload } };
    const value = { sessionId: BigInt(session), input: { $case: "serviceQuery" as const, value: serviceQuery } };
    return this.ask({ maxReceivedIndex: this.index, input: { $case: "sessionQuery", value } }, operation);
  }

  ask(input: QueryInput, operation?: Operation): string {
    const answer = this.#machine.query(input);
    if (answer.kind === "failure") return `failure ${nameOf(answer.status)}`;
    const output = answer.output.output?.value.output?.value.operation;
    return output === undefined ? "nothing" : outputInWords(output, operation);
  }

  snapshot(): Uint8Array {
    return this.#machine.snapshot();
  }

  restore(...chunks: readonly Uint8Array[]): string {
    return this.#machine.restore(chunks).kind;
  }

  /** Goes on with a fresh replica that was given this state. */
  moveTo(bytes: Uint8Array, chunk = bytes.length): string {
    const fresh = this.kind.create();
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += Math.max(1, chunk)) chunks.push(bytes.subarray(at, at + chunk));
    const { kind } = fresh.restore(chunks);
    if (kind === "restored") this.#machine = fresh;
    return kind;
  }

  /** The state of a fresh replica to which every entry so far was applied, without any snapshot between. */
  replayed(): Uint8Array {
    const fresh = this.kind.create();
    for (const entry of this.#entries) fresh.apply(entry);
    return fresh.snapshot();
  }

  #next(): LogIndex {
    this.index += 1n;
    return LogIndex(this.index);
  }

  #apply(entry: Entry): string {
    this.#entries.push(entry);
    return this.#inWords(entry, this.#machine.apply(entry));
  }

  #inWords(entry: Entry, { reply, emissions }: Applied): string {
    const words = [this.#replyInWords(entry, reply), ...emissions.map((each) => this.#emissionInWords(each))];
    return words.join("; ");
  }

  #replyInWords(entry: Entry, reply: Reply): string {
    if (reply.kind === "failure") return `failure ${nameOf(reply.status)}`;
    const wrong = reply.outputs.find((output) => output.index !== entry.index);
    if (wrong !== undefined) return `an output with index ${wrong.index}, not ${entry.index}`;
    const own = commandOf(entry);
    const outputs = reply.outputs.flatMap(({ output }) => {
      switch (output?.$case) {
        case undefined:
          return ["an empty output"];
        case "openSession":
          return [`session ${output.value.sessionId}`];
        case "keepAlive":
          return ["kept alive"];
        case "closeSession":
          return ["session closed"];
        case "sessionCommand": {
          const inner = output.value.output;
          if (inner === undefined) return [];
          if (inner.$case === "createService") return [`service ${inner.value.serviceId}`];
          if (inner.$case === "closeService") return ["service closed"];
          return [this.#outputInWords(own, inner.value)];
        }
      }
    });
    const said = outputs.length === 0 ? "no output" : outputs.join(", ");
    return reply.complete ? said : `${said}, open`;
  }

  #emissionInWords({ sessionId, commandNum, output, complete }: Emission): string {
    const to = `${sessionId}/${commandNum}`;
    return `to ${to}: ${this.#outputInWords(to, output)}${complete ? "" : ", open"}`;
  }

  #outputInWords(command: string, { sequenceNum, operation }: ServiceCommandOutput): string {
    if (operation === undefined) return `#${sequenceNum} nothing`;
    return `#${sequenceNum} ${outputInWords(operation, this.#asked.get(command))}`;
  }
}

function outputInWords({ status, payload }: OperationOutput, operation: Operation | undefined): string {
  if (status === Status.OK && operation !== undefined) {
    try {
      return `OK ${operation.answer(payload)}`;
    } catch {
      return `OK, and a payload that is none: ${hex(payload)}`;
    }
  }
  return payload.length === 0 ? nameOf(status) : `${nameOf(status)} with payload ${hex(payload)}`;
}

/** The session and number that the entry's own outputs belong to. */
function commandOf({ input }: Entry): string {
  if (input === "undecodable" || input.input?.$case !== "sessionCommand") return "";
  const { sessionId, input: inner } = input.input.value;
  return inner?.$case === "serviceCommand" ? `${sessionId}/${inner.value.sequenceNum}` : "";
}

function nameOf(status: number): string {
  return NAMES.get(status) ?? `status ${status}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
