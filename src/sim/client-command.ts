// One numbered command of a client's session: started, asked for again, its outputs taken in order and without a gap, given
// up. It knows the protocol of SPEC 3 and nothing of what the operation means.
import { Status } from "../protocol/failure.js";
import type { Reply } from "../protocol/machine.js";
import { CommandNum, LogIndex, OutputNum, ServiceId } from "../protocol/words.js";
import type { OperationOutput, ServiceCommandOutput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { ClientErrorLine, ReturnLine } from "../trace/line.js";
import type { CommandView } from "./cast.js";
import type { ClientSession } from "./client-session.js";
import type { ServiceUse } from "./client-use.js";
import { newStream, type Asker, type Message, type ProposalBody, type Stream } from "./message.js";
import type { OperationPlan } from "./plan.js";

/** unary: one output ends it; stream: its last output does. */
export type CommandKind = "unary" | "stream";

/** What a command is started with. */
export interface CommandOrder {
  readonly op: number;
  readonly operation: string;
  readonly payload: Uint8Array;
  readonly kind: CommandKind;
  /** Where it comes from in the plan; null for the Release that follows an Acquire. */
  readonly plan: OperationPlan | null;
  /** Told when it is over, with its last output where one came. */
  over?(command: Command, how: ReturnLine["outcome"], last: Taken | null): void;
}

/** An output that arrived. */
export interface Taken {
  readonly output: bigint;
  readonly operation: OperationOutput;
  readonly index: bigint;
  readonly complete: boolean;
}

const RETRY = 0;
const SILENCE = 1;
const GIVE_UP = 2;
const TAKE = 3;
const START = 4;

/** A silent stream is asked for again after one keep-alive interval, then after two, …, at most so many. */
const LONGEST_SILENCE = 8;
/** A redirect is followed at once, so many times in a row. */
const MOST_REDIRECTS = 3;

export class Command implements CommandView, Asker {
  stage: "allocated" | "given-up" | "open" | "done" = "allocated";
  received = 0n;
  arrived = 0n;
  /** The highest output that a keep-alive acknowledged. */
  acknowledged = 0n;
  readonly name: string;
  #attempt = 0;
  #redirects = 0;
  #stream: Stream | null = null;
  #answered = false;
  #completed = false;
  #erred = false;
  #silences = 1;
  #silence = 0;
  #heardAt = 0;
  #lastIndex = 0n;
  readonly #inbox: Taken[] = [];
  #taking = false;
  #last: Taken | null = null;
  readonly #body: ProposalBody;

  constructor(
    readonly session: ClientSession,
    readonly use: ServiceUse,
    readonly number: bigint,
    readonly order: CommandOrder,
  ) {
    this.name = `${session.life.name}/op${order.op}`;
    const value = {
      serviceId: use.service,
      sequenceNum: number,
      operation: { name: order.operation, payload: order.payload },
    };
    this.#body = {
      input: {
        $case: "sessionCommand",
        value: { sessionId: session.id, input: { $case: "serviceCommand", value } },
      },
    };
    const { plan } = order;
    if (plan?.givesUpAfter !== undefined) session.life.after(plan.givesUpAfter, this, GIVE_UP, 0);
    if (plan?.startsAfter !== undefined) session.life.after(plan.startsAfter, this, START, 0);
    else this.start();
  }

  /** Whether an answer to it has come: it has been applied. */
  get isAnswered(): boolean {
    return this.#answered;
  }

  /** Sends it for the first time. */
  start(): void {
    if (this.stage !== "allocated") return;
    this.stage = "open";
    const { session, use, order } = this;
    const { life } = session;
    const { stage } = life;
    if (session.highestStarted > this.number) stage.reach("number started after a later one");
    else session.highestStarted = this.number;
    stage.emit({
      e: "invoke",
      t: stage.now,
      client: life.client,
      incarnation: life.incarnation,
      partition: session.partition,
      op: order.op,
      session: session.sessionId,
      command: CommandNum(this.number),
      service: ServiceId(use.service),
      spec: use.spec,
      operation: order.operation,
      payload: order.payload,
    });
    this.#send();
  }

  fire(what: number, about: number): void {
    if (what === START) this.start();
    else if (what === GIVE_UP) this.giveUp();
    else if (this.stage !== "open") return;
    else if (what === RETRY) {
      if (about !== this.#attempt || this.#answered) return;
      this.session.forgetLeader();
      this.#send();
    } else if (what === SILENCE) this.#listen(about);
    else if (what === TAKE) this.#takeOne();
  }

  /** Stops wanting it. A number that was not started never will be. */
  giveUp(): void {
    const { stage } = this.session.life;
    if (this.stage === "allocated") {
      this.stage = "given-up";
      stage.reach("number given up before its start");
      this.order.over?.(this, "failed", null);
    } else if (this.stage === "open") this.end("given-up", null);
  }

  /** It is over, for its client. */
  end(outcome: ReturnLine["outcome"], last: Taken | null): void {
    if (this.stage === "allocated") {
      this.stage = "given-up";
      this.order.over?.(this, "failed", null);
      return;
    }
    if (this.stage !== "open") return;
    this.stage = "done";
    this.session.over(this);
    const { life, partition } = this.session;
    const { client, incarnation, stage } = life;
    const { op } = this.order;
    const head = { e: "return", t: stage.now, client, incarnation, partition, op, outcome } as const;
    if (last === null) stage.emit(head);
    else {
      const { status, payload } = last.operation;
      stage.emit({ ...head, status, payload, index: LogIndex(last.index) });
    }
    this.order.over?.(this, outcome, last);
  }

  answered(message: Message): void {
    const { body } = message;
    if (body.type === "redirect") {
      if (this.stage !== "open" || this.#answered) return;
      if (this.session.redirected(body.leader) && this.#redirects++ < MOST_REDIRECTS) this.#send();
      return;
    }
    if (body.type !== "reply" && body.type !== "output") return;
    this.session.heard(body.index, message);
    const { stage } = this.session.life;
    if (this.stage !== "open") {
      if (this.stage === "done" && this.#last === null) stage.reach("answer to a given-up command");
      return;
    }
    const stream = message.stream as Stream;
    if (message.position < stream.expected) return;
    if (message.position > stream.expected && !stream.broken) {
      stream.broken = true;
      stage.reach("stream broken by a lost message");
    }
    stream.expected = message.position + 1;
    if (this.#attempt > 1) stage.reach("command answered after a retry");
    this.#heardAt = stage.now;
    if (body.type === "output") this.#output(body.output, body.complete, body.index, stream);
    else this.#reply(body.reply, body.index, stream);
    if (this.stage === "open" && stream === this.#stream && stream.broken) this.askAgain();
  }

  sessionState(): string {
    return this.session.sessionState();
  }

  /** The stream broke, or fell silent. */
  askAgain(): void {
    if (this.#completed) return;
    this.session.life.stage.reach("stream asked for again");
    this.#send();
  }

  /** Its client is in a hurry: SPEC 5, the liveness phase. */
  hurry(): void {
    this.#silences = 1;
    if (this.stage === "open" && this.#answered) this.#watch(this.session.interval);
  }

  #send(): void {
    const { session, order } = this;
    const { life } = session;
    this.#attempt++;
    const stream = newStream();
    this.#stream = stream;
    const id = `${this.name}/try${this.#attempt}`;
    life.propose(id, "command", session, `${order.operation} #${this.number}`, this.#body, this, this.#attempt, stream);
    if (!this.#answered) life.after(life.patience(this.#attempt), this, RETRY, this.#attempt);
  }

  #reply(reply: Reply, index: bigint, stream: Stream): void {
    if (reply.kind === "failure") {
      if (reply.status === Status.NOT_FOUND) {
        if (this.session.notFound(index)) return;
      }
      const operation = { status: reply.status, payload: new Uint8Array(0), message: reply.message };
      this.end("failed", { output: 0n, operation, index, complete: true });
      return;
    }
    if (this.order.kind === "stream" && !this.#answered) {
      this.#answered = true;
      this.#watch(this.session.interval);
    }
    let many = 0;
    for (const each of reply.outputs) {
      const { output } = each;
      if (output?.$case !== "sessionCommand" || output.value.output?.$case !== "serviceCommand") continue;
      many++;
      const inner = output.value.output.value;
      // Whatever was lost on the way: an answer repeats all that was not acknowledged.
      if (many === 1 && inner.sequenceNum > this.acknowledged + 1n) {
        const acknowledged = `${this.acknowledged} acknowledged`;
        this.#error("missing-output", `the answer begins with output ${inner.sequenceNum}, ${acknowledged}`);
      }
      const last = reply.complete && many === reply.outputs.length;
      this.#output(inner, last, index, stream);
      if (this.stage !== "open") return;
    }
    if (reply.complete && many === 0 && stream === this.#stream) {
      // Who has acknowledged the last output is over.
      this.#error("missing-output", "the answer is complete and has no output, and the last was never acknowledged");
      this.#complete();
    }
  }

  #output(output: ServiceCommandOutput, complete: boolean, index: bigint, stream: Stream): void {
    const { life } = this.session;
    if (output.operation === undefined) return;
    if (this.#completed && output.sequenceNum > this.arrived) {
      this.#error("after-complete", `output ${output.sequenceNum} after the last one, ${this.arrived}`);
      return;
    }
    const broken = stream.broken || stream !== this.#stream;
    switch (life.stage.parts.client.takes(this, output.sequenceNum, broken)) {
      case "duplicate":
        life.stage.reach("duplicate output dropped");
        if (complete) this.#complete();
        return;
      case "ask-again":
        if (stream === this.#stream) stream.broken = true;
        return;
      case "gap":
        this.#error("gap", `output ${output.sequenceNum} after ${this.arrived} on an unbroken stream`);
        stream.broken = true;
        return;
      case "take":
    }
    if (index < this.#lastIndex) this.#error("index-went-back", `output ${output.sequenceNum} at index ${index}`);
    this.#lastIndex = index;
    this.#silences = 1;
    this.arrived = output.sequenceNum;
    this.#completed = complete || this.order.kind === "unary";
    this.#inbox.push({ output: output.sequenceNum, operation: output.operation, index, complete: this.#completed });
    this.#take();
  }

  #complete(): void {
    this.#completed = true;
    if (this.#inbox.length === 0 && this.stage === "open") this.end("ok", this.#last);
  }

  // A slow client takes one output after the other, with a while between.
  #take(): void {
    if (this.#taking) return;
    const takes = this.order.plan?.takes ?? 0;
    if (takes === 0) while (this.#inbox.length > 0 && this.stage === "open") this.#takeNext();
    else {
      this.#taking = true;
      this.session.life.after(takes, this, TAKE, 0);
    }
  }

  #takeOne(): void {
    this.#taking = false;
    this.session.life.stage.reach("output taken late by a slow client");
    this.#takeNext();
    if (this.#inbox.length > 0 && this.stage === "open") this.#take();
  }

  #takeNext(): void {
    const taken = this.#inbox.shift();
    if (taken === undefined) return;
    const { life, partition, sessionId } = this.session;
    const { client, incarnation, stage } = life;
    this.received = taken.output;
    this.#last = taken;
    if (this.order.kind === "stream") {
      stage.emit({
        e: "receive",
        t: stage.now,
        client,
        incarnation,
        partition,
        op: this.order.op,
        session: sessionId,
        command: CommandNum(this.number),
        output: OutputNum(taken.output),
        status: taken.operation.status,
        payload: taken.operation.payload,
        index: LogIndex(taken.index),
        complete: taken.complete,
      });
    }
    if (taken.complete) this.end("ok", taken);
    else if (this.#completed && this.#inbox.length === 0) this.end("ok", taken);
  }

  // Nothing came for a while: perhaps the replica that took it is gone. The next silence may last twice as long.
  #listen(about: number): void {
    if (about !== this.#silence || this.#completed) return;
    const { life, interval } = this.session;
    const due = this.#heardAt + interval * this.#silences;
    const left = due - life.stage.now;
    if (left > 0) return this.#watch(left);
    this.#silences = Math.min(LONGEST_SILENCE, this.#silences * 2);
    this.askAgain();
    this.#watch(interval * this.#silences);
  }

  #watch(span: number): void {
    this.session.life.after(span, this, SILENCE, ++this.#silence);
  }

  #error(error: ClientErrorLine["error"], what: string): void {
    if (this.#erred) return;
    this.#erred = true;
    const { life, partition, sessionId } = this.session;
    const { client, incarnation, stage } = life;
    const { op } = this.order;
    const command = CommandNum(this.number);
    stage.emit({
      e: "client-error",
      t: stage.now,
      client,
      incarnation,
      partition,
      op,
      session: sessionId,
      command,
      error,
      what,
    });
  }
}
