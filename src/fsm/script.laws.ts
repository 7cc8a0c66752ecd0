// A short language for the tests of this room: entries in a line, and what came of each as one line of text. It keeps no
// state of the machine's; expected values are written by hand in the tests.
import type { CommandInput, OperationOutput, ServiceCommandOutput } from "../proto/atomix/multiraft/v1/fsm.js";
import { makeEntry } from "../protocol/entry.js";
import { Status } from "../protocol/failure.js";
import { encodeInputFilter } from "../protocol/input-filter.js";
import type { Applied, QueryAnswer, Restored, StateMachine } from "../protocol/machine.js";
import { LogIndex } from "../protocol/words.js";
import { createMachine, referenceParts } from "./session-machine.js";

const NO_BYTES = new Uint8Array(0);

export function statusName(status: Status): string {
  return Object.entries(Status).find(([, number]) => number === status)?.[0] ?? String(status);
}

/** "1:OK" */
export function sayOutput(output: ServiceCommandOutput): string {
  return `${output.sequenceNum}:${output.operation === undefined ? "nothing" : statusName(output.operation.status)}`;
}

/**
 * One line for all that an entry brought about. The reply: "1:OK done" (outputs; done = complete), "open" (no output yet),
 * "session 3", "service 4", "kept", "closed", "closed service", "tick", or "NOT_FOUND!" for a failure. Then each emission:
 * " | 2/7 1:OK done" (session/command).
 */
export function say({ reply, emissions }: Applied): string {
  const told = emissions.map(
    ({ sessionId, commandNum, output, complete }) =>
      ` | ${sessionId}/${commandNum} ${sayOutput(output)}${complete ? " done" : ""}`,
  );
  return sayReply(reply) + told.join("");
}

function sayReply(reply: Applied["reply"]): string {
  if (reply.kind === "failure") return `${statusName(reply.status)}!`;
  const outputs = reply.outputs.map(({ output }) => {
    switch (output?.$case) {
      case undefined:
        return "tick";
      case "openSession":
        return `session ${output.value.sessionId}`;
      case "keepAlive":
        return "kept";
      case "closeSession":
        return "closed";
      case "sessionCommand": {
        const inner = output.value.output;
        if (inner?.$case === "createService") return `service ${inner.value.serviceId}`;
        if (inner?.$case === "closeService") return "closed service";
        return inner === undefined ? "nothing" : sayOutput(inner.value);
      }
    }
  });
  const numbered = reply.outputs.every(
    ({ output }) => output?.$case === "sessionCommand" && output.value.output?.$case === "serviceCommand",
  );
  if (!numbered) return outputs.join(" ");
  return [...outputs, reply.complete ? "done" : "open"].join(" ");
}

/** The operation's outputs that an entry's reply holds. */
export function replied({ reply }: Applied): OperationOutput[] {
  if (reply.kind === "failure") throw new Error(`a failure: ${reply.message}`);
  return reply.outputs.map(({ output }) => {
    const inner = output?.$case === "sessionCommand" ? output.value.output : undefined;
    if (inner?.$case !== "serviceCommand" || inner.value.operation === undefined) throw new Error("no service command");
    return inner.value.operation;
  });
}

/** Writes a payload. */
export interface Encoder<Message> {
  encode(message: Message): { finish(): Uint8Array };
}

export function payload<Message>(codec: Encoder<Message>, message: Message): Uint8Array {
  return codec.encode(message).finish();
}

export class Script {
  index = 0n;
  #seconds = 0n;
  #nanos = 0;

  constructor(readonly machine: StateMachine = createMachine(referenceParts)) {}

  /** The entries from here on carry this timestamp. */
  at(seconds: number | bigint, nanos = 0): this {
    this.#seconds = BigInt(seconds);
    this.#nanos = nanos;
    return this;
  }

  /** Any entry, as it stands. */
  entry(input: CommandInput): Applied {
    this.index += 1n;
    return this.machine.apply(makeEntry(LogIndex(this.index), input));
  }

  apply(input: CommandInput["input"]): Applied {
    return this.entry({ timestamp: { seconds: this.#seconds, nanos: this.#nanos }, input });
  }

  tick(): string {
    return say(this.apply(undefined));
  }

  /** The new session's id. */
  open(timeout: number, nanos = 0): bigint {
    this.apply({ $case: "openSession", value: { timeout: { seconds: BigInt(timeout), nanos } } });
    return this.index;
  }

  closeSession(sessionId: bigint): string {
    return say(this.apply({ $case: "closeSession", value: { sessionId } }));
  }

  create(sessionId: bigint, service: string, name: string = service): string {
    const spec = { service, namespace: "", name };
    return say(
      this.apply({
        $case: "sessionCommand",
        value: { sessionId, input: { $case: "createService", value: { spec } } },
      }),
    );
  }

  closeService(sessionId: bigint, serviceId: bigint): string {
    return say(
      this.apply({
        $case: "sessionCommand",
        value: { sessionId, input: { $case: "closeService", value: { serviceId } } },
      }),
    );
  }

  command(sessionId: bigint, serviceId: bigint, number: bigint, name: string, bytes: Uint8Array = NO_BYTES): Applied {
    const value = { serviceId, sequenceNum: number, operation: { name, payload: bytes } };
    return this.apply({
      $case: "sessionCommand",
      value: { sessionId, input: { $case: "serviceCommand", value } },
    });
  }

  run(sessionId: bigint, serviceId: bigint, number: bigint, name: string, bytes: Uint8Array = NO_BYTES): string {
    return say(this.command(sessionId, serviceId, number, name, bytes));
  }

  keepAlive(
    sessionId: bigint,
    lastInput: bigint,
    open: readonly bigint[],
    acknowledged: Readonly<Record<string, bigint>> = {},
  ): string {
    return this.keepAliveWith(sessionId, lastInput, encodeInputFilter(open), acknowledged);
  }

  keepAliveWith(
    sessionId: bigint,
    lastInput: bigint,
    inputFilter: Uint8Array,
    acknowledged: Readonly<Record<string, bigint>> = {},
  ): string {
    const acknowledgements = Object.entries(acknowledged).map(([number, output]) => [BigInt(number), output] as const);
    return say(
      this.apply({
        $case: "keepAlive",
        value: {
          sessionId,
          inputFilter,
          lastInputSequenceNum: lastInput,
          lastOutputSequenceNums: new Map(acknowledgements),
        },
      }),
    );
  }

  query(sessionId: bigint, serviceId: bigint, name: string, bytes: Uint8Array = NO_BYTES): OperationOutput | string {
    const value = { serviceId, operation: { name, payload: bytes } };
    const answer: QueryAnswer = this.machine.query({
      maxReceivedIndex: 0n,
      input: { $case: "sessionQuery", value: { sessionId, input: { $case: "serviceQuery", value } } },
    });
    if (answer.kind === "failure") return `${statusName(answer.status)}!`;
    const operation = answer.output.output?.value.output?.value.operation;
    if (operation === undefined) throw new Error("a query without an operation in its answer");
    return operation;
  }

  /** The status of a query's answer. */
  asked(sessionId: bigint, serviceId: bigint, name: string, bytes: Uint8Array = NO_BYTES): string {
    const answer = this.query(sessionId, serviceId, name, bytes);
    return typeof answer === "string" ? answer : statusName(answer.status);
  }

  snapshot(): Uint8Array {
    return this.machine.snapshot();
  }

  /** A script that goes on from here on another machine, which was restored from this one's snapshot. */
  restored(chunk = 1 << 20): Script {
    const other = new Script();
    const result = other.restore(this.snapshot(), chunk);
    if (result.kind === "refused") throw new Error(result.message);
    other.index = this.index;
    other.#seconds = this.#seconds;
    other.#nanos = this.#nanos;
    return other;
  }

  restore(bytes: Uint8Array, chunk = 1 << 20): Restored {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += chunk) chunks.push(bytes.subarray(at, at + chunk));
    return this.machine.restore(chunks);
  }
}
