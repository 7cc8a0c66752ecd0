// The discipline of a client with one lock: at most one Acquire waiting or held, a Release after it, and after a given-up
// Acquire a Release too, once a keep-alive that no longer lists it was acknowledged. SPEC 3.
import { Status } from "../protocol/failure.js";
import type { Command, Taken } from "./client-command.js";
import type { ServiceUse } from "./client-use.js";
import { payloadOf, releasePayload, tokenOf } from "./payloads.js";
import type { OperationPlan } from "./plan.js";

const RELEASE = 0;

export class ClientLock {
  /** The Acquire that waits, holds, or was given up and is not yet released. */
  #busy: Command | null = null;
  #plan: OperationPlan | null = null;
  #token: bigint | undefined;
  #generation = 0;
  #holds = false;
  #releasing = false;
  readonly #queue: OperationPlan[] = [];

  constructor(private readonly use: ServiceUse) {}

  /** Neither waits, nor holds, nor gives back. */
  get free(): boolean {
    return this.#busy === null && !this.#releasing;
  }

  /** No Acquire is on its way: none can come to the machine behind a close of the service. */
  get closable(): boolean {
    return this.#busy === null || this.#holds || (this.#busy.stage === "open" && this.#busy.isAnswered);
  }

  get holds(): boolean {
    return this.#holds;
  }

  /** Begins an Acquire, now or when the one before it is over. */
  acquire(plan: OperationPlan): void {
    const { life } = this.use.session;
    if (!this.free) {
      this.#queue.push(plan);
      return;
    }
    if (!life.starts || !this.use.usable || this.use.session.state !== "open") return;
    this.#plan = plan;
    this.#token = undefined;
    const order = {
      op: plan.op,
      operation: "Acquire",
      payload: payloadOf("lock", "Acquire", this.use.seen, plan.with),
      kind: "stream",
      plan,
      over: (command: Command, how: string, last: Taken | null) => this.#over(command, how, last),
    } as const;
    // The command may be over before its maker returns.
    const generation = ++this.#generation;
    const command = this.use.session.command(this.use, order);
    if (generation === this.#generation && (command.stage === "allocated" || command.stage === "open"))
      this.#busy = command;
  }

  /** A keep-alive that no longer lists the given-up Acquire was acknowledged: now it can be taken back for good. */
  cleared(command: Command): void {
    if (this.#busy === command && command.stage === "done" && !this.#holds && !this.#releasing) {
      this.use.session.life.stage.reach("Acquire released after it was given up");
      this.#release(undefined);
    }
  }

  fire(what: number, about: number): void {
    if (what === RELEASE && about === this.#generation && this.#holds && !this.#releasing) this.#release(this.#token);
  }

  /** Lets go as soon as may be: SPEC 5, the liveness phase. */
  hurry(): void {
    this.#queue.length = 0;
    if (this.#holds && !this.#releasing) this.#release(this.#token);
  }

  /** The service or the session is gone, and the lock with it. */
  drop(): void {
    this.#generation++;
    this.#busy = null;
    this.#holds = false;
    this.#releasing = false;
    this.#queue.length = 0;
  }

  #over(command: Command, how: string, last: Taken | null): void {
    if (!this.use.usable || this.use.session.state !== "open") return;
    if (how === "given-up") {
      this.use.session.life.stage.reach("Acquire given up while waiting");
      this.#busy = command;
      this.use.session.awaitsClearing(command);
      return;
    }
    this.#busy = command;
    if (how !== "ok" || last === null || last.operation.status !== Status.OK) return this.#next();
    const { life } = this.use.session;
    this.#holds = true;
    this.#token = tokenOf(last.operation.payload);
    life.after(life.starts ? (this.#plan?.holds ?? 0) : 0, this, RELEASE, this.#generation);
  }

  #release(token: bigint | undefined): void {
    this.#releasing = true;
    const plan = this.#plan as OperationPlan;
    if (plan.release === undefined) return this.#next();
    this.use.session.command(this.use, {
      op: plan.release,
      operation: "Release",
      payload: releasePayload(token),
      kind: "unary",
      plan: null,
      over: () => this.#next(),
    });
  }

  #next(): void {
    this.#generation++;
    this.#busy = null;
    this.#holds = false;
    this.#releasing = false;
    const plan = this.#queue.shift();
    if (plan !== undefined) this.acquire(plan);
  }
}
