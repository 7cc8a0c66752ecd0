// A client's use of one service in one session: opened before the first operation on it, closed at most once. One use is one
// entry of the runtime's registry.
import { Status } from "../protocol/failure.js";
import { ServiceId } from "../protocol/words.js";
import type { ServiceSpec } from "../proto/atomix/multiraft/v1/fsm.js";
import type { UseLine } from "../trace/line.js";
import { ClientLock } from "./client-lock.js";
import type { ClientSession } from "./client-session.js";
import type { Asker, Message } from "./message.js";
import type { ServicePlan } from "./plan.js";
import type { Seen } from "./payloads.js";

const RETRY_OPEN = 0;
const RETRY_CLOSE = 1;

export class ServiceUse implements Asker {
  state: "opening" | "open" | "closing" | "closed" | "lost" = "opening";
  service = 0n;
  readonly spec: ServiceSpec;
  readonly seen: Seen = new Map();
  readonly lock: ClientLock;
  readonly #name: string;
  #attempt = 0;
  #closing = 0;
  #isReported = false;

  constructor(
    readonly session: ClientSession,
    readonly plan: ServicePlan,
  ) {
    this.spec = { service: plan.kind, namespace: plan.namespace, name: plan.name };
    this.#name = `${session.name}/${plan.name}`;
    this.lock = new ClientLock(this);
    this.#tell("opening");
    this.#open();
  }

  /** Whether operations may be begun, or will be. */
  get usable(): boolean {
    return this.state === "opening" || this.state === "open";
  }

  fire(what: number, about: number): void {
    if (this.session.state !== "open") return;
    if (what === RETRY_OPEN && about === this.#attempt && this.state === "opening") {
      this.session.forgetLeader();
      this.#open();
    } else if (what === RETRY_CLOSE && about === this.#closing && this.state === "closing") {
      this.session.forgetLeader();
      this.#close();
    }
  }

  /** Asks for what it has already: nothing changes by it. */
  openAgain(id: string): void {
    if (this.state !== "open") return;
    this.session.life.propose(
      id,
      "create",
      this.session,
      `open ${this.plan.name} again`,
      this.#creation(),
      null,
      1,
      null,
    );
  }

  /**
   * Closes it. Its open commands get their last output. Not while an Acquire is on its way: a late copy of the opening
   * could let it in behind the close, and nobody would release the lock.
   */
  close(): void {
    if (this.state !== "open" || !this.lock.closable) return;
    this.state = "closing";
    this.session.life.stage.reach("service closed by its client");
    this.#tell("closing");
    this.#close();
  }

  /** Its session is being closed. What is not open yet never will be, and is lost with the session. */
  closeWithSession(): void {
    if (this.state !== "open") return;
    this.state = "closing";
    this.#tell("closing");
  }

  /** Its session is closed. */
  closedWithSession(): void {
    if (this.state === "closing") this.#move("closed");
    else this.lose();
  }

  /** Its session is lost, as the client knows now. */
  lose(): void {
    this.lock.drop();
    if (this.state !== "closed" && this.state !== "lost") this.#move("lost");
  }

  /** Its session is lost, as the supervisor knows. The registry is told; the client has to find out by itself. */
  reportLost(since: number): void {
    if (this.isSettled) return;
    this.#isReported = true;
    this.#tell("lost", since);
  }

  /** Whether the registry has heard of its end. */
  get isSettled(): boolean {
    return this.#isReported || this.state === "closed" || this.state === "lost";
  }

  answered(message: Message): void {
    const { body } = message;
    const { session } = this;
    if (body.type === "redirect") {
      if (session.redirected(body.leader) && this.#attempt + this.#closing < 4) {
        if (this.state === "opening") this.#open();
        else if (this.state === "closing") this.#close();
      }
      return;
    }
    if (body.type !== "reply") return;
    session.heard(body.index, message);
    const { reply } = body;
    if (reply.kind === "failure") {
      if (reply.status === Status.NOT_FOUND && session.notFound(body.index)) return;
      // The service can't be had: what waits for it will not be begun.
      if (this.state === "opening") this.#move("lost");
      else if (this.state === "closing") this.#move("closed");
      return;
    }
    const output = reply.outputs[0]?.output;
    if (output?.$case !== "sessionCommand") return;
    const inner = output.value.output;
    if (inner?.$case === "createService" && this.state === "opening" && session.state === "open") {
      this.service = inner.value.serviceId;
      this.#move("open");
      session.life.begun();
    } else if (inner?.$case === "closeService" && this.state === "closing") this.#move("closed");
  }

  sessionState(): string {
    return this.session.sessionState();
  }

  #creation(): Parameters<ClientSession["life"]["propose"]>[4] {
    const value = {
      sessionId: this.session.id,
      input: { $case: "createService" as const, value: { spec: this.spec } },
    };
    return { input: { $case: "sessionCommand", value } };
  }

  #open(): void {
    const { session } = this;
    const { life } = session;
    const id = `${this.#name}/open/try${++this.#attempt}`;
    life.propose(id, "create", session, `open ${this.plan.name}`, this.#creation(), this, this.#attempt, null);
    life.after(life.patience(this.#attempt), this, RETRY_OPEN, this.#attempt);
  }

  #close(): void {
    const { session, service } = this;
    const { life } = session;
    if (this.#closing > 0) life.stage.reach("close asked for again");
    const id = `${this.#name}/close/try${++this.#closing}`;
    const value = { sessionId: session.id, input: { $case: "closeService" as const, value: { serviceId: service } } };
    const body = { input: { $case: "sessionCommand" as const, value } };
    life.propose(id, "close", session, `close ${this.plan.name}`, body, this, this.#closing, null);
    life.after(life.patience(this.#closing), this, RETRY_CLOSE, this.#closing);
  }

  #move(state: "open" | "closed" | "lost"): void {
    this.state = state;
    this.#tell(state === "open" ? "opened" : state);
    if (state !== "open") this.lock.drop();
  }

  #tell(change: UseLine["change"], since?: number): void {
    const { session, spec } = this;
    const { life, partition } = session;
    const { client, incarnation, stage } = life;
    const head = {
      e: "use",
      t: stage.now,
      client,
      incarnation,
      partition,
      change,
      spec,
      session: session.sessionId,
    } as const;
    const line = this.service === 0n ? head : { ...head, service: ServiceId(this.service) };
    life.tell(since === undefined ? line : { ...line, since: since as UseLine["t"] });
  }
}
