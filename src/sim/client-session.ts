// A client's session with one partition: opened, kept alive by overlapping keep-alives, lost or closed. Numbers its commands
// and says, in every keep-alive, which of them are open and what was received, all taken at one instant. SPEC 3.
import { Status } from "../protocol/failure.js";
import { decodeInputFilter, encodeInputFilter } from "../protocol/input-filter.js";
import { CommandNum, LogIndex, OutputNum, SessionId } from "../protocol/words.js";
import type { PartitionId, ReplicaId, SessionLine } from "../trace/line.js";
import { Command, type CommandOrder } from "./client-command.js";
import { Read } from "./client-read.js";
import { ServiceUse } from "./client-use.js";
import type { Life } from "./life.js";
import type { Asker, Message } from "./message.js";
import { durationOf } from "./payloads.js";
import type { OperationPlan, ServicePlan } from "./plan.js";
import { addressOf, bitsAt, happens, Lane } from "./random.js";

const RETRY_OPEN = 0;
const KEEP_ALIVE = 1;
const RETRY_CLOSE = 2;

/** A keep-alive may run ahead of the last acknowledged one by so many numbers. SPEC 2.2. */
const MOST_AHEAD = 65_536n;
/** A client holds at most so many commands open. */
export const MOST_OPEN = 32_768;
/** Commands that were over last, whose numbers a filter may hold by accident. */
const MOST_RECENT = 8;

export class ClientSession implements Asker {
  readonly name: string;
  state: "opening" | "open" | "closing" | "closed" | "lost" | "gone" = "opening";
  id = 0n;
  sessionId = SessionId(0n);
  /** Of virtual time, between keep-alives. */
  readonly interval: number;
  maxReceived = 0n;
  highestStarted = 0n;
  leader: ReplicaId = 0;
  /** Not over yet, or given up before their start: by number. */
  readonly commands: Command[] = [];
  readonly reads = new Set<Read>();
  readonly uses = new Map<string, ServiceUse>();
  /** The last acknowledged keep-alive left nothing open and covered every number. */
  clean = false;
  #next = 1n;
  #ackedLastInput = 0n;
  #keepAlives = 0;
  #newestAcked = 0;
  #attempt = 0;
  #clearing: Command[] = [];
  readonly #recent: bigint[] = [];
  #closesWhenOpen = false;

  constructor(
    readonly life: Life,
    readonly partition: PartitionId,
    ordinal: number,
    readonly timeoutNanos: number,
  ) {
    this.name = `${life.name}/p${partition}.s${ordinal}`;
    this.interval = Math.max(1, Math.floor(timeoutNanos / 4000));
    this.#tell("opening", { timeout: BigInt(timeoutNanos) });
    this.#open();
  }

  /** Nothing is under way: no command, no query, no opening or closing. */
  get idle(): boolean {
    if (this.state === "opening" || this.state === "closing") return false;
    if (this.state !== "open") return true;
    if (this.reads.size > 0 || this.#clearing.length > 0) return false;
    for (const command of this.commands) if (command.stage !== "given-up") return false;
    for (const use of this.uses.values()) {
      if (use.state === "opening" || use.state === "closing" || !use.lock.free) return false;
    }
    return true;
  }

  /** What it is about, in words, the most telling first. */
  sessionState(): string {
    if (this.state !== "open") return this.state;
    let state = "idle";
    for (const command of this.commands) {
      if (command.stage !== "open") continue;
      if (command.order.operation === "Acquire") return "waiting for a lock";
      state = command.order.kind === "stream" ? "with a stream" : state === "idle" ? "with a command" : state;
    }
    for (const use of this.uses.values()) {
      if (use.lock.holds) return "holding a lock";
      if (!use.lock.free) return "giving a lock back";
    }
    return state === "idle" && this.reads.size > 0 ? "with a query" : state;
  }

  /** The use of a service, opened if need be. */
  useOf(plan: ServicePlan): ServiceUse {
    let use = this.uses.get(plan.name);
    if (use === undefined) {
      use = new ServiceUse(this, plan);
      this.uses.set(plan.name, use);
    }
    return use;
  }

  /** Gives the next number to a command. */
  command(use: ServiceUse, order: CommandOrder): Command {
    const number = this.#next++;
    this.clean = false;
    const command = new Command(this, use, number, order);
    if (command.stage !== "done") this.commands.push(command);
    return command;
  }

  read(use: ServiceUse, plan: OperationPlan): void {
    this.reads.add(new Read(this, use, plan));
  }

  readOver(read: Read): void {
    this.reads.delete(read);
  }

  /** A command is over: the next keep-alive no longer lists it. */
  over(command: Command): void {
    const at = this.commands.indexOf(command);
    if (at >= 0) this.commands.splice(at, 1);
    this.#recent.push(command.number);
    if (this.#recent.length > MOST_RECENT) this.#recent.shift();
  }

  /** A given-up Acquire, which waits for an acknowledged keep-alive that no longer lists it. */
  awaitsClearing(command: Command): void {
    this.#clearing.push(command);
  }

  /** An answer came: at this index, from this replica. */
  heard(index: bigint, message: Message): void {
    if (index > this.maxReceived) this.maxReceived = index;
    if (message.body.type === "reply") this.leader = replicaOf(message.from.name);
  }

  /** A replica that does not lead says who does. Returns whether it knew. */
  redirected(leader: ReplicaId): boolean {
    this.leader = leader;
    return leader !== 0;
  }

  forgetLeader(): void {
    this.leader = 0;
  }

  /** The session is said to be unknown at an index. Past its opening it is lost; before, the answer is just old. */
  notFound(index: bigint): boolean {
    if (this.state !== "open" && this.state !== "closing") return true;
    if (index < this.id) return false;
    if (this.state === "closing") this.#end("closed", index);
    else this.#end("lost", index);
    return true;
  }

  /** Closes it, and everything of it; at once, or when it is open. */
  close(): void {
    if (this.state === "opening") this.#closesWhenOpen = true;
    if (this.state !== "open") return;
    this.life.stage.reach("session closed by its client");
    this.state = "closing";
    for (const read of [...this.reads]) read.end("given-up");
    for (const command of [...this.commands]) command.end("given-up", null);
    for (const use of this.uses.values()) use.closeWithSession();
    this.#tell("closing");
    this.#attempt = 0;
    this.#close();
  }

  /** Its client is gone from one instant to the next. */
  crash(): void {
    if (this.state === "closed" || this.state === "lost" || this.state === "gone") return;
    this.state = "gone";
    for (const read of [...this.reads]) read.end("unknown");
    for (const command of [...this.commands]) command.end("unknown", null);
    this.#tell("crashed");
  }

  /** Starts nothing new, gives up streams and what was not started, lets go of locks. SPEC 5. */
  wind(): void {
    for (const command of [...this.commands]) {
      if (command.stage === "allocated") command.giveUp();
      else if (command.order.operation === "Events") command.giveUp();
      else command.hurry();
    }
    for (const use of this.uses.values()) use.lock.hurry();
  }

  fire(what: number, about: number): void {
    if (what === KEEP_ALIVE) {
      if (this.state !== "open") return;
      this.#keepAlive();
      this.life.after(this.interval, this, KEEP_ALIVE, 0);
    } else if (about !== this.#attempt) return;
    else if (what === RETRY_OPEN && this.state === "opening") {
      this.leader = 0;
      this.#open();
    } else if (what === RETRY_CLOSE && this.state === "closing") {
      this.leader = 0;
      this.#close();
    }
  }

  answered(message: Message): void {
    const { body } = message;
    if (body.type === "redirect") {
      if (!this.redirected(body.leader) || this.#attempt > 6) return;
      if (this.state === "opening") this.#open();
      else if (this.state === "closing") this.#close();
      return;
    }
    if (body.type !== "reply") return;
    this.heard(body.index, message);
    const { reply } = body;
    if (reply.kind === "failure") {
      if (this.state === "closing" && body.index >= this.id) this.#end("closed", body.index);
      return;
    }
    const output = reply.outputs[0]?.output;
    if (output?.$case === "openSession" && this.state === "opening") this.#opened(output.value.sessionId, body.index);
    else if (output?.$case === "closeSession" && this.state === "closing") this.#end("closed", body.index);
  }

  /** A keep-alive was acknowledged. */
  acknowledged(keepAlive: KeepAlive, message: Message): void {
    const { body } = message;
    if (body.type === "redirect") {
      this.redirected(body.leader);
      return;
    }
    if (body.type !== "reply") return;
    this.heard(body.index, message);
    if (body.reply.kind === "failure") {
      if (body.reply.status === Status.NOT_FOUND) this.notFound(body.index);
      return;
    }
    if (this.state !== "open") return;
    if (keepAlive.count < this.#newestAcked) this.life.stage.reach("keep-alive overtaken by a later one");
    else this.#newestAcked = keepAlive.count;
    if (keepAlive.lastInput > this.#ackedLastInput) this.#ackedLastInput = keepAlive.lastInput;
    this.#forgetGivenUp();
    this.clean = keepAlive.nothingOpen && keepAlive.lastInput === this.#next - 1n;
    for (const command of keepAlive.cleared) {
      const at = this.#clearing.indexOf(command);
      if (at < 0) continue;
      this.#clearing.splice(at, 1);
      command.use.lock.cleared(command);
    }
  }

  #open(): void {
    const { life } = this;
    const timeout = durationOf(this.timeoutNanos);
    const body = { input: { $case: "openSession" as const, value: { timeout } } };
    life.propose(
      `${this.name}/open/try${++this.#attempt}`,
      "open",
      this,
      "open a session",
      body,
      this,
      this.#attempt,
      null,
    );
    life.after(life.patience(this.#attempt), this, RETRY_OPEN, this.#attempt);
  }

  #opened(id: bigint, index: bigint): void {
    const { life } = this;
    this.state = "open";
    this.id = id;
    this.sessionId = SessionId(id);
    this.#tell("opened", { index: LogIndex(index) });
    if (this.#closesWhenOpen) return this.close();
    life.after(this.interval, this, KEEP_ALIVE, 0);
    life.sessionOpened(this);
  }

  #close(): void {
    const { life } = this;
    if (this.#attempt > 0) life.stage.reach("close asked for again");
    const body = { input: { $case: "closeSession" as const, value: { sessionId: this.id } } };
    life.propose(
      `${this.name}/close/try${++this.#attempt}`,
      "close",
      this,
      "close the session",
      body,
      this,
      this.#attempt,
      null,
    );
    life.after(life.patience(this.#attempt), this, RETRY_CLOSE, this.#attempt);
  }

  #end(change: "lost" | "closed", index: bigint): void {
    const wasClosing = this.state === "closing";
    this.state = change;
    for (const read of [...this.reads]) read.end("unknown");
    for (const command of [...this.commands]) command.end("unknown", null);
    for (const use of this.uses.values()) {
      if (wasClosing) use.closedWithSession();
      else use.lose();
    }
    this.#tell(change, { index: LogIndex(index) });
    this.life.sessionEnded(this);
  }

  #keepAlive(): void {
    const { life } = this;
    const { stage } = life;
    const count = ++this.#keepAlives;
    const message = `${this.name}/ka${count}`;
    const open: CommandNum[] = [];
    const acknowledged: { command: CommandNum; output: OutputNum }[] = [];
    const outputs = new Map<bigint, bigint>();
    for (const command of this.commands) {
      if (command.stage !== "open") continue;
      open.push(CommandNum(command.number));
      if (command.order.kind !== "stream") continue;
      const received = stage.parts.client.acknowledges(command);
      if (received <= 0n) continue;
      command.acknowledged = received;
      outputs.set(command.number, received);
      acknowledged.push({ command: CommandNum(command.number), output: OutputNum(received) });
    }
    const contiguous = stage.parts.client.contiguous(this.#next, this.commands);
    const most = this.#ackedLastInput + MOST_AHEAD;
    const lastInput = contiguous < most ? contiguous : most;
    const filter = this.#filter(open, count, message, lastInput);
    const cleared = this.#clearing.length === 0 ? [] : this.#clearedBy(filter, lastInput);
    const { client, incarnation } = life;
    const { partition, sessionId: session } = this;
    const head = { e: "keep-alive", t: stage.now, client, incarnation, partition, session } as const;
    stage.emit({ ...head, lastInput: CommandNum(lastInput), open, acknowledged });
    const value = {
      sessionId: this.id,
      inputFilter: filter,
      lastInputSequenceNum: lastInput,
      lastOutputSequenceNums: outputs,
    };
    const asker = new KeepAlive(this, count, lastInput, open.length === 0, cleared);
    life.propose(message, "keep-alive", this, "keep-alive", { input: { $case: "keepAlive", value } }, asker, 1, null);
  }

  // Sized for more numbers than it holds, and for others each time, so that no false positive stays for ever.
  #filter(open: readonly bigint[], count: number, message: string, lastInput: bigint): Uint8Array {
    const { stage } = this.life;
    const recorded = stage.schedule?.entries.get(`p${this.partition} ${message}`)?.input;
    if (recorded !== undefined && recorded !== "undecodable" && recorded.input?.$case === "keepAlive") {
      return recorded.input.value.inputFilter;
    }
    let held: readonly bigint[] = open;
    if (open.length > 0 && this.#recent.length > 0) {
      for (const fault of stage.activeOf("filter-false-positives")) {
        const perMille = fault.plan.with["perMille"] ?? 0;
        const bits = (i: number): number =>
          bitsAt(stage.plan.keys.client, addressOf(message), Lane.filter, fault.address ^ i);
        const extra = this.#recent.filter((number, i) => number <= lastInput && happens(bits(i), perMille));
        if (extra.length === 0) continue;
        stage.count("filter-false-positives");
        held = [...held, ...extra];
      }
    }
    return encodeInputFilter(held, open.length > 0 ? open.length + (count % 16) : 0);
  }

  #clearedBy(filter: Uint8Array, lastInput: bigint): Command[] {
    const held = decodeInputFilter(filter);
    return this.#clearing.filter((each) => each.number <= lastInput && held?.has(each.number) === false);
  }

  // Numbers given up before their start matter until a keep-alive that passes them was acknowledged.
  #forgetGivenUp(): void {
    for (let i = this.commands.length - 1; i >= 0; i--) {
      const command = this.commands[i] as Command;
      if (command.stage === "given-up" && command.number <= this.#ackedLastInput) this.commands.splice(i, 1);
    }
  }

  #tell(change: SessionLine["change"], more: Partial<SessionLine> = {}): void {
    const { client, incarnation, stage } = this.life;
    const { partition } = this;
    const head = { e: "session", t: stage.now, client, incarnation, partition, change } as const;
    this.life.tell(this.id === 0n ? { ...head, ...more } : { ...head, session: this.sessionId, ...more });
  }
}

/** One keep-alive on its way: what it said, for the moment when it is acknowledged. */
export class KeepAlive implements Asker {
  constructor(
    private readonly session: ClientSession,
    readonly count: number,
    readonly lastInput: bigint,
    readonly nothingOpen: boolean,
    /** Given-up Acquires that it no longer lists. */
    readonly cleared: readonly Command[],
  ) {}

  answered(message: Message): void {
    this.session.acknowledged(this, message);
  }

  sessionState(): string {
    return this.session.sessionState();
  }
}

// "p1.r2" → 2
function replicaOf(name: string): ReplicaId {
  return Number(name.slice(name.indexOf(".r") + 2));
}
