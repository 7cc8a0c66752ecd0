// One query of a client: sent to the leader or to any replica, again elsewhere after a while, and given up after some
// attempts – except in the liveness phase, where it must come to its end.
import { Status } from "../protocol/failure.js";
import { LogIndex, ServiceId } from "../protocol/words.js";
import type { QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { ReturnLine } from "../trace/line.js";
import type { ClientSession } from "./client-session.js";
import type { ServiceUse } from "./client-use.js";
import type { Asker, Message } from "./message.js";
import { payloadOf } from "./payloads.js";
import type { OperationPlan } from "./plan.js";

const RETRY = 0;
const MOST_ATTEMPTS = 4;

export class Read implements Asker {
  readonly #name: string;
  readonly #input: QueryInput;
  #attempt = 0;
  #redirects = 0;
  #done = false;

  constructor(
    private readonly session: ClientSession,
    use: ServiceUse,
    private readonly plan: OperationPlan,
  ) {
    const { life } = session;
    const { stage } = life;
    this.#name = `${life.name}/op${plan.op}`;
    const payload = payloadOf(use.plan.kind, plan.operation, use.seen, plan.with);
    const value = { serviceId: use.service, operation: { name: plan.operation, payload } };
    this.#input = {
      maxReceivedIndex: session.maxReceived,
      input: { $case: "sessionQuery", value: { sessionId: session.id, input: { $case: "serviceQuery", value } } },
    };
    stage.emit({
      e: "invoke",
      t: stage.now,
      client: life.client,
      incarnation: life.incarnation,
      partition: session.partition,
      op: plan.op,
      session: session.sessionId,
      sync: plan.sync === true,
      service: ServiceId(use.service),
      spec: use.spec,
      operation: plan.operation,
      payload,
    });
    this.#send();
  }

  fire(what: number, about: number): void {
    if (what !== RETRY || this.#done || about !== this.#attempt) return;
    this.session.forgetLeader();
    if (this.session.life.starts && this.#attempt >= MOST_ATTEMPTS) this.end("unknown");
    else this.#send();
  }

  answered(message: Message): void {
    if (this.#done) return;
    const { body } = message;
    if (body.type === "redirect") {
      if (this.session.redirected(body.leader) && this.#redirects++ < 2) this.#send();
      return;
    }
    if (body.type !== "answer") return;
    this.session.heard(body.index, message);
    const { answer } = body;
    if (answer.kind === "failure") {
      if (answer.status === Status.NOT_FOUND) this.session.notFound(body.index);
      this.end("failed", answer.status, undefined, body.index);
      return;
    }
    const { output } = answer.output;
    const inner = output?.$case === "sessionQuery" ? output.value.output : undefined;
    const operation = inner?.$case === "serviceQuery" ? inner.value.operation : undefined;
    this.end("ok", operation?.status ?? Status.UNKNOWN, operation?.payload, body.index);
  }

  sessionState(): string {
    return this.session.sessionState();
  }

  end(outcome: ReturnLine["outcome"], status?: ReturnLine["status"], payload?: Uint8Array, index?: bigint): void {
    if (this.#done) return;
    this.#done = true;
    this.session.readOver(this);
    const { life, partition } = this.session;
    const { client, incarnation, stage } = life;
    const { op } = this.plan;
    const head = { e: "return", t: stage.now, client, incarnation, partition, op, outcome } as const;
    if (status === undefined) stage.emit(head);
    else if (payload === undefined) stage.emit({ ...head, status, index: LogIndex(index ?? 0n) });
    else stage.emit({ ...head, status, payload, index: LogIndex(index ?? 0n) });
  }

  #send(): void {
    const { session, plan } = this;
    const { life } = session;
    const id = `${this.#name}/try${++this.#attempt}`;
    life.ask(id, session, plan.operation, this.#input, plan.sync === true, this, this.#attempt);
    life.after(life.patience(this.#attempt), this, RETRY, this.#attempt);
  }
}
