// A life: one incarnation of a client. It begins the operations of its plan when their time has
// come, holds one session a partition, and is closed, crashes or stays. It is one endpoint of the network, and may be paused.
import type { QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { PartitionId, RegistryLine, ReplicaId, SessionLine, UseLine } from "../trace/line.js";
import type { Actor } from "./agenda.js";
import { ClientSession, MOST_OPEN } from "./client-session.js";
import type { ServiceUse } from "./client-use.js";
import type { Owner } from "./ledger.js";
import {
  messageOf,
  newStream,
  type Asker,
  type Endpoint,
  type Message,
  type MessageKind,
  type ProposalBody,
  type Stream,
} from "./message.js";
import type { Network } from "./network.js";
import { payloadOf, remember } from "./payloads.js";
import type { ClientPlan, LifePlan, OperationPlan, ServicePlan } from "./plan.js";
import { addressOf, below, bitsAt, happens, Lane } from "./random.js";
import type { ReplicaHost } from "./replica.js";
import type { Stage } from "./stage.js";

/** What clients see of the world. */
export interface Surroundings {
  readonly stage: Stage;
  readonly network: Network;
  readonly services: ReadonlyMap<string, ServicePlan>;
  replicasAt(partition: PartitionId): readonly ReplicaHost[];
  /** The registry hears of it; what it answers becomes lines. */
  tell(line: SessionLine | UseLine): readonly RegistryLine[];
  /** Whether a session lives, as far as the entries tell. */
  livesAt(partition: PartitionId, session: bigint): boolean;
  /** A session was opened: the supervisor will look after it. */
  supervise(session: ClientSession): void;
}

/** Something in a life that can be woken by its clock. */
export interface Timed {
  fire(what: number, about: number): void;
}

interface Timer {
  readonly timed: Timed;
  readonly what: number;
  readonly about: number;
}

const TIMER = 0;
const BEGIN = 1;
const END = 2;

export class Life implements Endpoint, Owner, Actor<Timer | OperationPlan | null> {
  readonly name: string;
  readonly owner: Owner = this;
  /** running: begins operations; winding: begins none, but ends what it began; closing: ends its sessions. */
  status: "running" | "winding" | "closing" | "closed" | "crashed" = "running";
  #paused = false;
  readonly #heldTimers: Timer[] = [];
  readonly #heldOperations: OperationPlan[] = [];
  readonly sessions = new Map<PartitionId, ClientSession>();
  readonly #ordinals = new Map<PartitionId, number>();
  /** Operations that wait for their service or session to be open. */
  #waiting: OperationPlan[] = [];

  constructor(
    private readonly world: Surroundings,
    readonly plan: ClientPlan,
    private readonly life: LifePlan,
    readonly incarnation: number,
    offset: number,
  ) {
    this.name = `${plan.client}.${incarnation}`;
    const { agenda } = world.stage;
    for (const operation of life.operations) agenda.add(offset + operation.at, this, BEGIN, operation);
    if (life.ends !== "stays") agenda.add(offset + life.until, this, END, null);
    const partitions = new Set<PartitionId>();
    for (const { service } of life.operations) partitions.add(this.#service(service).partition);
    for (const partition of partitions) this.#openSession(partition);
  }

  get stage(): Stage {
    return this.world.stage;
  }
  get client(): string {
    return this.plan.client;
  }
  /** Whether it begins anything new. */
  get starts(): boolean {
    return this.status === "running";
  }
  get isPaused(): boolean {
    return this.#paused;
  }
  get isOver(): boolean {
    return this.status === "closed" || this.status === "crashed";
  }

  state(): "alive" | "paused" | "crashed" {
    return this.status === "crashed" ? "crashed" : this.#paused ? "paused" : "alive";
  }

  presence(): "up" | "paused" | "down" {
    return this.isOver ? "down" : this.#paused ? "paused" : "up";
  }

  receive(message: Message): void {
    const { body } = message;
    if ("to" in body) body.to.asker?.answered(message);
  }

  wake(what: number, about: Timer | OperationPlan | null): void {
    if (this.isOver) return;
    if (what === TIMER) {
      const timer = about as Timer;
      if (this.#paused) this.#heldTimers.push(timer);
      else timer.timed.fire(timer.what, timer.about);
    } else if (what === BEGIN) {
      if (this.#paused) this.#heldOperations.push(about as OperationPlan);
      else this.#begin(about as OperationPlan);
    } else if (this.life.ends === "crashes") this.crash();
    else this.close();
  }

  /** Wakes `timed` after a span of the client's own clock. */
  after(span: number, timed: Timed, what: number, about: number): void {
    const { stage } = this;
    // Never nothing: who waits for an instant to come must not be woken before it for ever.
    const real = span === 0 ? 0 : Math.ceil((span * 1_000_000) / (1_000_000 + this.plan.drift));
    stage.agenda.add(stage.now + real, this, TIMER, { timed, what, about });
  }

  /** How long it waits for an answer to its `attempt`th question. */
  patience(attempt: number): number {
    let first = this.plan.retryAfter;
    for (const fault of this.stage.activeOf("retry-storm")) {
      if (fault.plan.client !== undefined && fault.plan.client !== this.client) continue;
      this.stage.count("retry-storm");
      first = Math.min(first, fault.plan.with["every"] ?? first);
      return first;
    }
    return Math.min(this.plan.patience, first * 2 ** Math.min(attempt - 1, 20));
  }

  /** Sends a proposal to whom it believes to lead, or to anyone. */
  propose(
    id: string,
    kind: MessageKind,
    session: ClientSession,
    what: string,
    proposal: ProposalBody,
    asker: Asker | null,
    attempt: number,
    stream: Stream | null,
  ): void {
    const to = this.#target(id, session, attempt, true);
    const body = { type: "propose", proposal } as const;
    const asking = asker ?? NOBODY;
    this.world.network.send(messageOf(id, kind, this, to, session.partition, what, body, stream, asking));
  }

  /** Sends a query: to the leader, or to any replica. */
  ask(
    id: string,
    session: ClientSession,
    what: string,
    input: QueryInput,
    sync: boolean,
    asker: Asker,
    attempt: number,
  ): void {
    const to = this.#target(id, session, attempt, sync);
    const body = { type: "query", input, sync } as const;
    this.world.network.send(messageOf(id, "query", this, to, session.partition, what, body, null, asker));
  }

  tell(line: SessionLine | UseLine): void {
    const { stage } = this;
    stage.emit(line);
    for (const heard of this.world.tell(line)) stage.emit(heard);
  }

  pause(): boolean {
    if (this.isOver || this.#paused) return false;
    this.#paused = true;
    for (const session of this.sessions.values()) this.stage.struck("client-pause", session.sessionState());
    return true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    const { stage } = this;
    this.world.network.release(this);
    for (const timer of this.#heldTimers.splice(0)) stage.agenda.add(stage.now, this, TIMER, timer);
    for (const operation of this.#heldOperations.splice(0)) stage.agenda.add(stage.now, this, BEGIN, operation);
  }

  /** Gone from one instant to the next, with nothing closed. */
  crash(): void {
    if (this.isOver) return;
    this.stage.count("client-crash");
    for (const session of this.sessions.values()) {
      this.stage.struck("client-crash", session.sessionState());
      session.crash();
    }
    this.status = "crashed";
    this.world.network.forget(this);
  }

  /** Closes its sessions, and is gone when they are closed. */
  close(): void {
    if (this.isOver || this.status === "closing") return;
    this.status = "closing";
    this.#waiting = [];
    for (const session of this.sessions.values()) session.close();
    this.#closeUp();
  }

  /** The liveness phase begins. */
  wind(): void {
    if (this.status !== "running") return;
    this.status = "winding";
    this.#waiting = [];
    for (const session of this.sessions.values()) session.wind();
  }

  /** Whether nothing of it is under way. */
  get idle(): boolean {
    if (this.isOver) return true;
    for (const session of this.sessions.values()) if (!session.idle) return false;
    return this.status !== "closing";
  }

  /** Whether its keep-alives have told the end: nothing is remembered of its sessions but the mark. */
  get clean(): boolean {
    if (this.isOver) return true;
    for (const session of this.sessions.values()) if (session.state === "open" && !session.clean) return false;
    return true;
  }

  sessionOpened(session: ClientSession): void {
    this.world.supervise(session);
    this.#beginWaiting();
  }

  sessionEnded(session: ClientSession): void {
    if (this.status === "closing") this.#closeUp();
    else if (this.status === "running" && session.state === "lost") {
      this.stage.reach("session lost and opened anew");
      this.#openSession(session.partition);
    }
  }

  /** A service can be used now. */
  begun(): void {
    this.#beginWaiting();
  }

  #openSession(partition: PartitionId): void {
    const ordinal = (this.#ordinals.get(partition) ?? 0) + 1;
    this.#ordinals.set(partition, ordinal);
    const { timeouts } = this.life;
    const timeout = timeouts.find((each) => each.partition === partition) ?? timeouts[0];
    this.sessions.set(partition, new ClientSession(this, partition, ordinal, timeout?.nanos ?? 1_000_000_000));
  }

  #beginWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const operation of waiting) this.#begin(operation);
  }

  #begin(operation: OperationPlan): void {
    if (this.status !== "running") return;
    const service = this.#service(operation.service);
    const session = this.sessions.get(service.partition);
    if (session === undefined || session.state !== "open" || session.commands.length >= MOST_OPEN) {
      this.#waiting.push(operation);
      return;
    }
    const use = session.useOf(service);
    // A service that this session closed is not used again in it.
    if (!use.usable) return;
    if (use.state === "opening") {
      this.#waiting.push(operation);
      return;
    }
    this.#start(session, use, operation);
  }

  #start(session: ClientSession, use: ServiceUse, plan: OperationPlan): void {
    switch (plan.kind) {
      case "acquire":
        if (!use.lock.free) this.stage.reach("Acquire waiting for another client");
        use.lock.acquire(plan);
        return;
      case "query":
        session.read(use, plan);
        return;
      case "open-again":
        use.openAgain(`${this.name}/op${plan.op}`);
        return;
      case "close-service":
        use.close();
        return;
      case "command":
        // A Release of its own would tear a running Acquire's discipline.
        if (use.plan.kind === "lock" && !use.lock.free) return;
        break;
      case "events":
    }
    const { kind } = use.plan;
    session.command(use, {
      op: plan.op,
      operation: plan.operation,
      payload: payloadOf(kind, plan.operation, use.seen, plan.with),
      kind: plan.kind === "events" ? "stream" : "unary",
      plan,
      over: (command, how, last) => {
        if (how !== "ok" || last === null) return;
        remember(kind, plan.operation, plan.with, last.operation.payload, use.seen);
        this.#reuse(session, use, command.number, plan);
      },
    });
  }

  // The number of a command that is over is used once more, with another input, as a client would that lost its memory.
  #reuse(session: ClientSession, use: ServiceUse, number: bigint, plan: OperationPlan): void {
    const { stage } = this;
    for (const fault of stage.activeOf("number-reuse")) {
      const id = `${this.name}/op${plan.op}/reuse`;
      if (fault.plan.client !== undefined && fault.plan.client !== this.client) continue;
      const perMille = fault.plan.with["perMille"] ?? 0;
      const drawn = happens(bitsAt(stage.plan.keys.client, addressOf(id), Lane.reuse, fault.address), perMille);
      // A trace that knows the operation knows whether its number was used again.
      const known = stage.schedule?.sends.has(`${this.name}/op${plan.op}/try1`) === true;
      if (!(known ? stage.schedule?.sends.has(id) === true : drawn)) continue;
      stage.count("number-reuse");
      stage.reach("number reused with another input");
      const operation = { name: plan.operation, payload: new Uint8Array([0x78, 0x01]) };
      const value = { serviceId: use.service, sequenceNum: number, operation };
      const input = {
        $case: "sessionCommand" as const,
        value: { sessionId: session.id, input: { $case: "serviceCommand" as const, value } },
      };
      this.propose(id, "hostile", session, `another input as #${number}`, { input }, null, 1, newStream());
      return;
    }
  }

  #closeUp(): void {
    for (const session of this.sessions.values()) {
      if (session.state === "opening" || session.state === "open" || session.state === "closing") return;
    }
    this.status = "closed";
    this.world.network.forget(this);
  }

  #target(id: string, session: ClientSession, attempt: number, leader: boolean): ReplicaHost {
    const replicas = this.world.replicasAt(session.partition);
    const recorded = this.stage.schedule?.sends.get(id)?.to;
    const asked = recorded === undefined ? undefined : replicas.find((each) => each.name === recorded);
    if (asked !== undefined) return asked;
    if (leader && session.leader !== 0) {
      const known = replicas.find((each) => each.replica === (session.leader as ReplicaId));
      if (known !== undefined) return known;
    }
    const bits = bitsAt(this.stage.plan.keys.client, addressOf(id), Lane.target, attempt);
    return replicas[below(bits, replicas.length)] as ReplicaHost;
  }

  #service(name: string): ServicePlan {
    return this.world.services.get(name) as ServicePlan;
  }
}

const NOBODY: Asker = { answered: () => undefined };
