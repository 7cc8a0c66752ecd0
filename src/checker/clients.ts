// Judges what clients saw: outputs without a gap, acknowledgements of what was received only, queries that never go back,
// and a legal place in the log for every answer. It knows clients by their lines, and the model of their partition.
import { Status } from "../protocol/failure.js";
import type {
  AnswerLine,
  ClientErrorLine,
  ClientRef,
  InvokeLine,
  KeepAliveLine,
  ReceiveLine,
  ReturnLine,
  SessionLine,
} from "../trace/line.js";
import { codecOf, operationIsAsExpected } from "./answers.js";
import type { Court } from "./court.js";
import { operationOf } from "./enquiry.js";
import { sameAnswer } from "./invariants/commands.js";
import { complete } from "./invariants/lifetimes.js";
import { gapless, noneLost } from "./invariants/outputs.js";
import { monotonic, readYourWrites } from "./invariants/queries.js";
import type { Ledger } from "./ledger.js";
import type { Property } from "./property.js";

/** An operation of a client, from its beginning to its end. */
export interface Operation {
  readonly invoke: InvokeLine;
  readonly at: number;
  /** Of a query: what had been seen when it was begun. */
  readonly floors: Floors;
  /** Of a query: where replicas answered it, least and most. */
  answers: { least: AnswerLine; most: AnswerLine } | null;
  /** Of a stream: the output received last. */
  received: bigint;
}

interface Mark {
  readonly index: bigint;
  readonly line: number;
}

interface Floors {
  /** The greatest index of an answer to a query that its session has seen. */
  readonly read: Mark;
  /** The greatest index of an answer to a command that its session has seen. */
  readonly written: Mark;
  /** The greatest index of anything that anybody was answered by the service. */
  readonly service: Mark;
}

const ZERO: Mark = { index: 0n, line: 0 };
const NO_FLOORS: Floors = { read: ZERO, written: ZERO, service: ZERO };

/** One life of a client. */
interface Life {
  readonly operations: Map<number, Operation>;
  /** By partition and session; two partitions may give the same session id. */
  readonly sessions: Map<bigint, SeenBySession>[];
}

interface SeenBySession {
  read: Mark;
  written: Mark;
  /** By command: what was received of one whose operation is over, too, until it is acknowledged. */
  readonly received: Map<bigint, bigint>;
}

/** What a legal order is searched for when the log's own is none. */
export interface Disputed {
  readonly kind: string;
  readonly partition: number;
  readonly service: bigint;
  readonly lines: readonly number[];
  readonly says: string;
  readonly entry: string;
  readonly expected: string;
  readonly got: string;
}

export class Clients {
  readonly #ledger: Ledger;
  readonly #courts: ReadonlyMap<number, Court>;
  readonly #lives = new Map<string, Life[]>();
  // By partition and service: the greatest index of an answer.
  readonly #answered = new Map<number, Map<bigint, Mark>>();
  readonly #dispute: (disputed: Disputed) => void;
  readonly #linearizable: ReadonlyMap<string, Property>;
  /** Operations that were begun and have not ended, by the life that began them. */
  open = 0;

  /** @param linearizable the claim of each kind of service that has one */
  constructor(
    ledger: Ledger,
    courts: ReadonlyMap<number, Court>,
    linearizable: ReadonlyMap<string, Property>,
    dispute: (disputed: Disputed) => void,
  ) {
    this.#linearizable = linearizable;
    this.#ledger = ledger;
    this.#courts = courts;
    this.#dispute = dispute;
  }

  invoke(line: InvokeLine, at: number): void {
    const life = this.#life(line);
    const isQuery = line.command === undefined;
    const seen = this.#seen(life, line.partition, line.session);
    const service = this.#answered.get(line.partition)?.get(line.service) ?? ZERO;
    const floors = isQuery ? { read: seen.read, written: seen.written, service } : NO_FLOORS;
    life.operations.set(line.op, { invoke: line, at, floors, answers: null, received: 0n });
  }

  /** A replica answered a query. Stable ids name client, life, operation and attempt. */
  answer(line: AnswerLine): void {
    const parts = /^(.+)\.([0-9]+)\/op([0-9]+)\/try/.exec(line.query);
    if (parts === null) return;
    const life = this.#lives.get(parts[1] as string)?.[Number(parts[2])];
    const operation = life?.operations.get(Number(parts[3]));
    if (operation === undefined) return;
    const { answers } = operation;
    if (answers === null) operation.answers = { least: line, most: line };
    else if (line.index < answers.least.index) answers.least = line;
    else if (line.index > answers.most.index) answers.most = line;
  }

  receive(line: ReceiveLine, at: number): void {
    const life = this.#life(line);
    const operation = life.operations.get(line.op);
    const tally = this.#ledger.of(noneLost);
    tally.judged++;
    const before = operation?.received ?? 0n;
    if (operation !== undefined) {
      if (line.output !== before + 1n) {
        const says = `output ${line.output} of command ${line.command} was taken after output ${before}`;
        const finding = { says, expected: "the next output", got: "a later one" };
        this.#ledger.breaks(noneLost, finding, [operation.at, at], "receive");
        if (operation.invoke.operation === "Events")
          this.#ledger.breaks(complete, finding, [operation.at, at], "receive");
      }
      operation.received = line.output;
    }
    const seen = this.#seen(life, line.partition, line.session);
    seen.received.set(line.command, line.output);
    this.#wrote(seen, line.index, at);
    this.#compareEvent(line, operation, at);
  }

  // What a stream shows must be what the model has for that number.
  #compareEvent(line: ReceiveLine, operation: Operation | undefined, at: number): void {
    if (operation?.invoke.operation !== "Events") return;
    this.#ledger.of(complete).judged++;
    const court = this.#courts.get(line.partition);
    const command = court?.model.sessions.get(line.session)?.commands.get(line.command);
    const output = command?.pending.get(line.output);
    if (court === undefined || command === undefined || output === undefined) return;
    const codec = codecOf(command.service, "Events", output, court.kinds);
    const got = { status: line.status, payload: line.payload, message: "" };
    if (operationIsAsExpected(output.status, output.payload, got, codec)) return;
    const says = `output ${line.output} of stream ${line.command} shows another change than the log has`;
    const finding = { says, expected: "the change", got: "another" };
    this.#ledger.breaks(complete, finding, [operation.at, output.line, at], "receive");
  }

  keepAlive(line: KeepAliveLine, at: number): void {
    if (line.acknowledged.length === 0) return;
    const seen = this.#seen(this.#life(line), line.partition, line.session);
    for (const { command, output } of line.acknowledged) {
      this.#ledger.of(noneLost).judged++;
      const received = seen.received.get(command) ?? 0n;
      if (output <= received) continue;
      const says = `output ${output} of command ${command} was acknowledged, and ${received} is the last one received`;
      const finding = { says, expected: "what was received", got: "more" };
      this.#ledger.breaks(noneLost, finding, [at], "keep-alive");
    }
  }

  error(line: ClientErrorLine, at: number): void {
    const properties: Record<ClientErrorLine["error"], Property> = {
      gap: noneLost,
      "missing-output": noneLost,
      "changed-output": sameAnswer,
      "after-complete": gapless,
      "index-went-back": monotonic,
    };
    const operation = line.op === undefined ? undefined : this.#life(line).operations.get(line.op);
    const lines = operation === undefined ? [at] : [operation.at, at];
    const finding = { says: line.what, expected: "the client protocol", got: line.error };
    this.#ledger.breaks(properties[line.error], finding, lines, operation?.invoke.operation ?? "client");
  }

  session(line: SessionLine): void {
    if (line.session === undefined) return;
    if (line.change === "lost" || line.change === "closed" || line.change === "crashed") {
      const life = this.#life(line);
      life.sessions[line.partition]?.delete(line.session);
      const over = life.operations.size === 0 && life.sessions.every((sessions) => sessions.size === 0);
      if (over) delete this.#lives.get(line.client)?.[line.incarnation];
    }
  }

  /** The operation that a return ends; undefined where its beginning was not seen. */
  returned(line: ReturnLine, at: number): Operation | undefined {
    const life = this.#life(line);
    const operation = life.operations.get(line.op);
    if (operation === undefined) return undefined;
    life.operations.delete(line.op);
    const { invoke } = operation;
    const seen = this.#seen(life, invoke.partition, invoke.session);
    if (invoke.command === undefined) this.#readOver(line, operation, seen, at);
    else {
      // No keep-alive lists it any more, so none acknowledges it.
      seen.received.delete(invoke.command);
      this.#commandOver(line, operation, seen, at);
    }
    return operation;
  }

  #readOver(line: ReturnLine, operation: Operation, seen: SeenBySession, at: number): void {
    const { invoke, floors, answers } = operation;
    if (line.outcome !== "ok" || answers === null) return;
    const { most, least } = answers;
    const entry = `query ${invoke.spec.service}.${invoke.operation}`;
    if (floors.read.index > 0n) {
      this.#ledger.of(monotonic).judged++;
      if (most.index < floors.read.index) {
        const says = `the session had seen index ${floors.read.index}, and was answered at ${most.index}`;
        const finding = { says, expected: "the same index or a later one", got: "an earlier one" };
        this.#ledger.breaks(monotonic, finding, [floors.read.line, operation.at, at], entry);
      }
    }
    if (most.index < floors.written.index) {
      const says = `the session had been answered at index ${floors.written.index}, and a query at ${most.index}`;
      const finding = { says, expected: "the same index or a later one", got: "an earlier one" };
      this.#ledger.breaks(readYourWrites, finding, [floors.written.line, operation.at, at], entry);
    }
    if (least.index > seen.read.index) seen.read = { index: least.index, line: at };
    if (invoke.sync !== true) return;
    this.#linearizes(line, operation, most, at);
    this.#serviceAnswered(invoke, least.index, at);
  }

  // A synchronous query must not be older than what anyone was answered before it was begun.
  #linearizes(line: ReturnLine, operation: Operation, answer: AnswerLine, at: number): void {
    const { invoke, floors } = operation;
    const { service: kind } = invoke.spec;
    const property = this.#linearizable.get(kind);
    const court = this.#courts.get(invoke.partition);
    if (property === undefined || court === undefined || operationOf(answer.answer) === null) return;
    this.#ledger.of(property).judged++;
    const { service: floor } = floors;
    if (answer.index >= floor.index) return;
    // An old state may look like a later one: then nobody could tell.
    const { model } = court;
    const got = { status: line.status ?? Status.UNKNOWN, payload: line.payload ?? NOTHING, message: "" };
    const upTo = model.index < floor.index + 64n ? model.index : floor.index + 64n;
    for (let index = floor.index; index <= upTo && model.remembers(index); index++) {
      const expected = model.at(index, () => model.query(answer.input));
      if (expected.kind !== "output") continue;
      const codec = codecOf(expected.service, invoke.operation, expected.output, court.kinds);
      if (operationIsAsExpected(expected.output.status, expected.output.payload, got, codec)) return;
    }
    const says = `a synchronous query was answered as of index ${answer.index}; before it began, index ${floor.index} had been answered`;
    this.#dispute({
      kind,
      partition: invoke.partition,
      service: invoke.service,
      lines: [floor.line, operation.at, at],
      says,
      entry: `query ${kind}.${invoke.operation}`,
      expected: "the state as of its beginning or later",
      got: "an older state",
    });
  }

  #commandOver(line: ReturnLine, operation: Operation, seen: SeenBySession, at: number): void {
    const { invoke } = operation;
    if (line.index !== undefined) this.#wrote(seen, line.index, at);
    if (line.outcome !== "ok" || line.status === undefined || line.index === undefined) return;
    this.#serviceAnswered(invoke, line.index, at);
    const property = this.#linearizable.get(invoke.spec.service);
    const court = this.#courts.get(invoke.partition);
    if (property === undefined || court === undefined || invoke.operation === "Events") return;
    const command = court.model.sessions.get(invoke.session)?.commands.get(invoke.command ?? 0n);
    const output = command?.pending.get(1n);
    // Of several outputs the first is not the answer.
    if (command === undefined || output === undefined || command.produced > 1n) return;
    this.#ledger.of(property).judged++;
    const codec = codecOf(command.service, invoke.operation, output, court.kinds);
    const got = { status: line.status, payload: line.payload ?? NOTHING, message: "" };
    if (operationIsAsExpected(output.status, output.payload, got, codec)) return;
    const { service: kind } = invoke.spec;
    this.#dispute({
      kind,
      partition: invoke.partition,
      service: invoke.service,
      lines: [operation.at, output.line, at],
      says: `${invoke.operation} was answered what has no place in the order of the log`,
      entry: `service_command ${kind}.${invoke.operation}`,
      expected: "the answer at its place in the log",
      got: "another",
    });
  }

  #serviceAnswered(invoke: InvokeLine, index: bigint, line: number): void {
    let services = this.#answered.get(invoke.partition);
    if (services === undefined) this.#answered.set(invoke.partition, (services = new Map()));
    const before = services.get(invoke.service);
    if (before === undefined || index > before.index) services.set(invoke.service, { index, line });
  }

  #wrote(seen: SeenBySession, index: bigint, line: number): void {
    if (index > seen.written.index) seen.written = { index, line };
  }

  /** A client is gone from one instant to the next: what it had under way never ends. */
  crashed(line: SessionLine): void {
    const life = this.#life(line);
    for (const [op, { invoke }] of life.operations) if (invoke.partition === line.partition) life.operations.delete(op);
  }

  /** Operations that have not ended. */
  *underWay(): Iterable<Operation> {
    for (const lives of this.#lives.values()) {
      for (const life of lives) if (life !== undefined) yield* life.operations.values();
    }
  }

  #life({ client, incarnation }: ClientRef): Life {
    let lives = this.#lives.get(client);
    if (lives === undefined) this.#lives.set(client, (lives = []));
    return (lives[incarnation] ??= { operations: new Map(), sessions: [] });
  }

  #seen(life: Life, partition: number, session: bigint): SeenBySession {
    const sessions = (life.sessions[partition] ??= new Map());
    let seen = sessions.get(session);
    if (seen === undefined) sessions.set(session, (seen = { read: ZERO, written: ZERO, received: new Map() }));
    return seen;
  }
}

const NOTHING = new Uint8Array(0);
