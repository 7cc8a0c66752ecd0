// The host of one machine: lets it apply the log at its own pace, saves and restores it, parks queries, answers what it took,
// goes down and comes up. It asks the machine nothing that it would not be asked outside a simulation, but for observation.
import { NANOS_PER_SECOND } from "../base/time.js";
import type { QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { MachineBroke } from "../protocol/machine-errors.js";
import type { Applied, MachineKind, QueryAnswer, StateMachine } from "../protocol/machine.js";
import { LogIndex } from "../protocol/words.js";
import type { BrokeLine, ObserveLine, PartitionId, ReplicaId } from "../trace/line.js";
import type { Actor } from "./agenda.js";
import type { ReplicaParts } from "./cast.js";
import { Clock } from "./clock.js";
import type { Log, LogRecord, Proposal } from "./log.js";
import { messageOf, type Endpoint, type Message } from "./message.js";
import type { Network } from "./network.js";
import type { ReplicaPlan } from "./plan.js";
import { addressOf, between, bitsAt, happens, Lane, type Address } from "./random.js";
import { chunkSizes, cutInto, damaged, type Saved } from "./saved-state.js";
import type { Stage } from "./stage.js";

/** What a host does when nothing is put in its place. */
export const replicaParts: ReplicaParts = {
  mayAnswer: (applied, query) => applied >= query.maxReceivedIndex,
  carriedIndex: (applied) => applied,
  resumesAt: (saved) => LogIndex(saved + 1n),
  keepsParked: (parked) => parked,
};

interface ParkedQuery {
  /** The message's id; of a further copy of it, a name of its own. */
  readonly name: string;
  readonly input: QueryInput;
  readonly sync: boolean;
  /** Whom to answer. */
  readonly message: Message;
}

/** Where the later outputs of an open command go. */
interface Route {
  readonly message: Message;
  readonly proposal: Proposal;
}

const APPLY = 0;
const CONFIRM = 1;
const INSTALL = 2;

/** More numbers than this in a session are not followed: only hostile senders use them. */
const MOST_ROUTED = 2 ** 20;

interface Confirmation {
  readonly message: Message;
  readonly name: string;
}

export class ReplicaHost implements Endpoint, Actor<Confirmation | number> {
  readonly name: string;
  readonly replica: ReplicaId;
  readonly clock = new Clock();
  readonly #address: Address;
  readonly #key: number;
  believedLeader: ReplicaId = 0;
  /** Rises with each restart. */
  life = 0;
  /** The index of the last entry applied (or passed by a snapshot). */
  appliedAt = 0;
  #applied = LogIndex(0n);
  #machine: StateMachine;
  #state: "up" | "paused" | "down" | "broken" = "up";
  #isolated = false;
  /** Applies nothing before this instant. */
  #heldUntil = 0;
  #disk: Saved | null = null;
  #parked: ParkedQuery[] = [];
  readonly #routes = new Map<number, Route>();
  #pumping = false;
  #restores = 0;
  #restoredFrom = -1;
  #slowness = 0;
  #gone = false;

  constructor(
    private readonly stage: Stage,
    private readonly network: Network,
    readonly log: Log,
    private readonly plan: ReplicaPlan,
    private readonly kind: MachineKind,
  ) {
    this.replica = plan.replica;
    this.name = `p${log.partition}.r${plan.replica}`;
    this.#address = addressOf(this.name);
    this.#key = stage.plan.keys.replica ^ this.#address;
    this.#machine = kind.create();
  }

  get partition(): PartitionId {
    return this.log.partition;
  }
  get isUp(): boolean {
    return this.#state === "up" || this.#state === "paused";
  }
  get isPaused(): boolean {
    return this.#state === "paused";
  }
  get isBroken(): boolean {
    return this.#state === "broken";
  }
  /** Takes part in majorities. */
  get functions(): boolean {
    return this.#state === "up" && !this.#isolated;
  }
  /** Never comes back. */
  get isGone(): boolean {
    return this.#gone;
  }
  get disk(): Saved | null {
    return this.#disk;
  }
  get parkedQueries(): number {
    return this.#parked.length;
  }

  presence(): "up" | "paused" | "down" {
    return this.#state === "broken" ? "down" : this.#state;
  }

  receive(message: Message, copy: number): void {
    const { body } = message;
    // A copy that the network made is a question of its own: it may well be committed, or answered, too.
    const name = copy === 1 ? message.id : `${message.id}~${copy}`;
    if (body.type === "propose") {
      if (this.believedLeader !== this.replica) this.#redirect(message, name);
      else this.log.propose(this, name, body.proposal, message, message.from.owner);
    } else if (body.type === "query") {
      if (!body.sync) return this.#ask({ name, input: body.input, sync: false, message });
      if (this.believedLeader !== this.replica) return this.#redirect(message, name);
      const { least, most } = this.stage.plan.network;
      const span = between(bitsAt(this.#key, message.address, Lane.confirm, copy), 2 * least, 2 * most);
      this.stage.agenda.add(this.stage.now + span, this, CONFIRM, { message, name });
    }
  }

  wake(what: number, about: Confirmation | number): void {
    if (what === CONFIRM) this.#confirm(about as Confirmation);
    else if (about !== this.life) return;
    else if (what === APPLY) {
      this.#pumping = false;
      this.pump();
    } else if (this.isUp) this.installNow();
  }

  /** Applies what is due, and has itself woken for what comes next. */
  pump(): void {
    if (this.#pumping || this.#state !== "up" || this.#isolated) return;
    for (;;) {
      const at = this.appliedAt + 1;
      if (at > this.log.last) return;
      const record = this.log.at(at);
      if (record === undefined) {
        if (!this.installNow() || this.appliedAt < at) return;
        continue;
      }
      const due = this.#dueAt(record);
      if (due > this.stage.now) {
        this.#pumping = true;
        this.stage.agenda.add(due, this, APPLY, this.life);
        return;
      }
      if (!this.#apply(record)) return;
    }
  }

  /** Applies nothing for so long: it lags. */
  holdBack(until: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, until);
  }

  /** Takes so much longer for each entry, until told otherwise. */
  slowDown(by: number): void {
    this.#slowness = by;
  }

  pause(): boolean {
    if (this.#state !== "up") return false;
    this.stage.struck("replica-pause", this.#standing());
    this.#state = "paused";
    this.#tell("pause");
    this.log.reconsider();
    return true;
  }

  resume(): void {
    if (this.#state !== "paused") return;
    this.#state = "up";
    this.#tell("resume");
    this.#hear();
    this.network.release(this);
    this.log.reconsider();
    this.pump();
  }

  isolate(): void {
    this.#isolated = true;
    this.log.reconsider();
  }

  reach(): void {
    if (!this.#isolated) return;
    this.#isolated = false;
    this.#hear();
    this.log.reconsider();
    this.pump();
  }

  /** Loses everything but its disk. */
  crash(): boolean {
    if (!this.isUp) return false;
    this.stage.struck("replica-crash", this.#standing());
    this.#state = "down";
    this.life++;
    this.#pumping = false;
    if (this.#parked.length > 0) this.stage.reach("query lost in a crash");
    this.#parked = [];
    this.#routes.clear();
    this.believedLeader = 0;
    this.network.forget(this);
    this.#tell("crash");
    this.log.reconsider();
    return true;
  }

  /** Goes down for good. */
  vanish(): void {
    this.crash();
    this.#gone = true;
  }

  /** Comes up with its last snapshot, and applies the log from there. */
  restart(): void {
    if (this.#state !== "down" || this.#gone) return;
    this.#state = "up";
    this.#tell("restart");
    this.#machine = this.kind.create();
    this.#setApplied(0);
    const disk = this.#disk;
    if (disk === null) this.stage.reach("replica restarted from nothing");
    else {
      if (this.#restoredFrom === disk.number) this.stage.reach("replica restarted twice from one snapshot");
      this.#restoredFrom = disk.number;
      if (!this.#restore(disk, "restart")) return;
      this.stage.reach("replica restarted from a snapshot");
      this.#setApplied(Number(this.stage.parts.replica.resumesAt(LogIndex(BigInt(disk.at)))) - 1);
    }
    this.#hear();
    this.log.reconsider();
    this.pump();
  }

  /** Saves its state to disk. */
  save(): boolean {
    if (this.#state !== "up" || this.appliedAt === 0) return false;
    const bytes = this.#snapshot();
    if (bytes === null) return false;
    const { stage, partition, replica } = this;
    const number = this.log.nextSnapshot();
    this.#disk = { number, at: this.appliedAt, bytes };
    stage.emit({ e: "save", t: stage.now, partition, replica, snapshot: number, index: this.#applied, bytes });
    this.log.compactBehind(this.appliedAt);
    return true;
  }

  /** Is offered the newest saved state of its partition after `lag`, without applying anything until then. */
  installAfter(lag: number): void {
    this.holdBack(this.stage.now + lag);
    this.stage.agenda.add(this.stage.now + lag, this, INSTALL, this.life);
  }

  /** Takes over the newest saved state of its partition, if that is not behind its own. */
  installNow(): boolean {
    if (this.#state !== "up" || this.#isolated) return false;
    const saved = this.log.newestSaved(this);
    if (saved === null || saved.at < this.appliedAt) return false;
    const lagging = this.log.last > this.appliedAt + 1;
    this.stage.struck("snapshot-install", this.#standing());
    if (!this.#restore(saved, "install")) return false;
    this.stage.reach(lagging ? "snapshot installed into a lagging replica" : "snapshot installed into a live replica");
    if (saved.at > this.appliedAt) {
      // What came out of the entries that it skips was never sent: its streams end here.
      this.#routes.clear();
      this.#setApplied(saved.at);
    }
    this.#disk = saved;
    const parked = this.stage.parts.replica.keepsParked(this.#parked);
    if (this.#parked.length > 0) this.stage.reach("query parked over an install");
    this.#parked = [...parked];
    this.#answerParked();
    return true;
  }

  /** The judge's look. */
  observe(why: ObserveLine["why"]): boolean {
    const bytes = this.#snapshot(true);
    if (bytes === null) return false;
    const { stage, partition, replica } = this;
    stage.emit({ e: "observe", t: stage.now, partition, replica, index: this.#applied, why, bytes });
    return true;
  }

  /** Asked by somebody beside the network. `name` is the query's stable id. Undefined where the machine broke. */
  askDirectly(name: string, input: QueryInput): QueryAnswer | undefined {
    return this.#answer(name, input, false, true);
  }

  /** Drops the routes of clients that are gone. */
  sweep(): void {
    for (const [key, route] of this.#routes) if (route.message.from.presence() === "down") this.#routes.delete(key);
  }

  #dueAt(record: LogRecord): number {
    const { least, most } = this.plan.pace;
    const recorded = this.stage.schedule?.paces.get(`${record.origin}>${this.name}`);
    const pace = recorded ?? between(bitsAt(this.#key, record.address, Lane.pace), least, most) + this.#slowness;
    return Math.max(record.committedAt + pace, this.#heldUntil);
  }

  // Returns false where the machine broke.
  #apply(record: LogRecord): boolean {
    const { stage, partition, replica } = this;
    const { entry } = record;
    let applied: Applied;
    try {
      applied = this.#machine.apply(entry);
    } catch (error) {
      return this.#broke("apply", entry.index, error);
    }
    this.appliedAt = record.at;
    this.#applied = entry.index;
    stage.applied++;
    stage.emit({ e: "apply", t: stage.now, partition, replica, index: entry.index, applied });
    if (this.#parked.length > 0) this.#answerParked();
    this.#pass(record, applied);
    return this.#state === "up" ? this.#look(record) : false;
  }

  // Sends what came out to whoever asked this replica for it.
  #pass(record: LogRecord, applied: Applied): void {
    const proposal = record.answers;
    const mine = proposal !== null && proposal.taker === this.replica && proposal.takerLife === this.life;
    const key = routeOf(record);
    if (mine && proposal.message !== null) {
      const { message } = proposal;
      const { reply } = applied;
      const open = reply.kind === "answer" && !reply.complete;
      if (key >= 0 && message.stream !== null) {
        if (open) this.#routes.set(key, { message, proposal });
        else this.#routes.delete(key);
      }
      const body = { type: "reply", to: message, reply, index: record.entry.index } as const;
      this.#send(proposal.origin + "/reply", "reply", message, "reply", body);
    } else if (key >= 0 && this.#routes.size > 0) this.#routes.delete(key);
    if (this.#routes.size === 0) return;
    for (const emission of applied.emissions) {
      const to = keyOf(emission.sessionId, emission.commandNum);
      const route = to < 0 ? undefined : this.#routes.get(to);
      if (route === undefined) continue;
      if (emission.complete) this.#routes.delete(to);
      const { output, complete } = emission;
      const body = { type: "output", to: route.message, output, complete, index: record.entry.index } as const;
      const id = `${route.proposal.origin}/output ${output.sequenceNum}`;
      this.#send(id, "output", route.message, `output ${output.sequenceNum}`, body);
    }
  }

  #send(id: string, kind: "reply" | "output", to: Message, what: string, body: Message["body"]): void {
    this.network.send(messageOf(id, kind, this, to.from, this.partition, what, body, to.stream));
  }

  // Observes and saves as drawn.
  #look(record: LogRecord): boolean {
    const { observed, saves } = this.plan;
    const { schedule } = this.stage;
    const name = schedule === undefined ? "" : `${record.origin}>${this.name}`;
    if (observed > 0) {
      const drawn = happens(bitsAt(this.#key, record.address, Lane.observe), observed);
      if (schedule?.observed.has(name) ?? drawn) {
        if (!this.observe("drawn")) return false;
        const again = happens(bitsAt(this.#key, record.address, Lane.observeAgain), 150);
        if (again && !this.observe("again")) return false;
      }
    }
    if (saves > 0) {
      const drawn = happens(bitsAt(this.#key, record.address, Lane.save), saves);
      if (schedule?.saved.has(name) ?? drawn) this.save();
    }
    return this.#state === "up";
  }

  #ask(query: ParkedQuery): void {
    const { stage, partition, replica } = this;
    const { input, sync, name } = query;
    const ready = stage.parts.replica.mayAnswer(this.#applied, input);
    const index = this.#applied;
    stage.emit({ e: "query", t: stage.now, partition, replica, query: name, sync, input, index, parked: !ready });
    if (ready) {
      if (this.log.last > this.appliedAt + 2) stage.reach("query answered by a lagging replica");
      this.#reply(query);
    } else {
      stage.reach("query parked");
      this.#parked.push(query);
    }
  }

  // The leader learns that it still leads, and answers at its commit index: it raises the query's index to it.
  #confirm({ message, name }: Confirmation): void {
    if (this.#state !== "up" || message.body.type !== "query") return;
    const { stage, log } = this;
    const leads = log.leads(this);
    if (!stage.parts.log.confirmsLead(leads)) {
      stage.reach("linearizable query refused by a deposed leader");
      return this.#redirect(message, name);
    }
    const { input } = message.body;
    const known = LogIndex(BigInt(leads ? log.last : this.appliedAt));
    const raised = input.maxReceivedIndex >= known ? input : { ...input, maxReceivedIndex: known };
    this.#ask({ name, input: raised, sync: true, message });
  }

  #answerParked(): void {
    const waiting: ParkedQuery[] = [];
    const ready: ParkedQuery[] = [];
    const { mayAnswer } = this.stage.parts.replica;
    for (const query of this.#parked) (mayAnswer(this.#applied, query.input) ? ready : waiting).push(query);
    this.#parked = waiting;
    for (const query of ready) this.#reply(query);
  }

  #reply(query: ParkedQuery): void {
    const { message, name } = query;
    const answer = this.#answer(name, query.input, query.sync, false);
    if (answer === undefined) return;
    const index = this.stage.parts.replica.carriedIndex(this.#applied);
    const body = { type: "answer", to: message, answer, index } as const;
    this.network.send(messageOf(`${name}/answer`, "reply", this, message.from, this.partition, "answer", body));
  }

  #answer(name: string, input: QueryInput, sync: boolean, direct: boolean): QueryAnswer | undefined {
    const { stage, partition, replica } = this;
    if (this.#state === "broken") return undefined;
    const index = this.#applied;
    if (direct)
      stage.emit({ e: "query", t: stage.now, partition, replica, query: name, sync, input, index, parked: false });
    const looks = this.plan.observed > 0 && happens(bitsAt(this.#key, addressOf(name), Lane.observeQuery), 40);
    if (looks && !this.observe("before-query")) return undefined;
    let answer: QueryAnswer;
    try {
      answer = this.#machine.query(input);
    } catch (error) {
      this.#broke("query", index, error);
      return undefined;
    }
    stage.emit({ e: "answer", t: stage.now, partition, replica, query: name, sync, input, index, answer });
    if (looks) this.observe("after-query");
    return answer;
  }

  #redirect(message: Message, name: string): void {
    const body = {
      type: "redirect",
      to: message,
      leader: this.believedLeader === this.replica ? 0 : this.believedLeader,
    } as const;
    this.stage.reach("client redirected");
    this.network.send(
      messageOf(`${name}/redirect`, "reply", this, message.from, this.partition, "not the leader", body),
    );
  }

  // To be saved; or as the judge reads it, which only a machine with opaque snapshots tells apart.
  #snapshot(looked = false): Uint8Array | null {
    if (this.#state === "broken") return null;
    try {
      if (looked && this.#machine.observe !== undefined) return this.#machine.observe();
      return this.#machine.snapshot();
    } catch (error) {
      this.#broke("snapshot", this.#applied, error);
      return null;
    }
  }

  // Offers a saved state, first damaged where a fault will have it; false where the whole one was not taken.
  #restore(saved: Saved, why: "restart" | "install"): boolean {
    const { stage } = this;
    const count = ++this.#restores;
    const address = addressOf(`${this.name}/restore ${count}`);
    for (const fault of stage.activeOf("snapshot-damage")) {
      const { partition, with: numbers } = fault.plan;
      if (partition !== undefined && partition !== this.partition) continue;
      if (!happens(bitsAt(this.#key, address, Lane.damage, fault.address), numbers["perMille"] ?? 0)) continue;
      stage.count("snapshot-damage");
      stage.reach("damaged snapshot offered");
      const { bytes, damage } = damaged(saved.bytes, this.#key, address);
      if (!this.observe("before-refusal")) return false;
      if (this.#give(saved, bytes, why, address, damage) === null) return false;
      if (!this.observe("after-refusal")) return false;
    }
    const restored = this.#give(saved, saved.bytes, why, address, undefined);
    if (restored !== true) {
      // It does not take what it saved itself: the judge hears of it from the line, and there is no going on.
      if (restored === false) this.#state = "broken";
      stage.endsAt = Math.min(stage.endsAt, stage.now + 100_000);
      return false;
    }
    if (this.plan.observed > 0 && happens(bitsAt(this.#key, address, Lane.observeRestored), 300)) {
      const applied = this.#applied;
      this.#applied = LogIndex(BigInt(saved.at));
      const looked = this.observe("restored");
      this.#applied = applied;
      return looked;
    }
    return true;
  }

  // true: taken; false: refused; null: the machine broke.
  #give(
    saved: Saved,
    bytes: Uint8Array,
    why: "restart" | "install",
    address: Address,
    damage?: string,
  ): boolean | null {
    const { stage, partition, replica } = this;
    let largest = 0;
    for (const fault of stage.activeOf("snapshot-chunks")) {
      if (fault.plan.partition !== undefined && fault.plan.partition !== partition) continue;
      largest = fault.plan.with["largest"] ?? 7;
      stage.count("snapshot-chunks");
      stage.reach("snapshot given in small chunks");
    }
    const recorded = stage.schedule?.chunks.get(`${this.name}/restore ${this.#restores}`);
    const fits = recorded !== undefined && recorded.reduce((sum, size) => sum + size, 0) === bytes.length;
    const chunks = fits ? recorded : chunkSizes(bytes.length, largest, this.#key, address);
    const index = LogIndex(BigInt(saved.at));
    try {
      const result = this.#machine.restore(cutInto(bytes, chunks));
      const head = {
        e: "restore",
        t: stage.now,
        partition,
        replica,
        snapshot: saved.number,
        index,
        why,
        chunks,
      } as const;
      stage.emit(damage === undefined ? { ...head, result } : { ...head, damage, bytes, result });
      return result.kind === "restored";
    } catch (error) {
      this.#broke("restore", index, error);
      return null;
    }
  }

  #broke(during: BrokeLine["during"], index: LogIndex, error: unknown): false {
    const { stage, partition, replica } = this;
    this.#state = "broken";
    const message = error instanceof Error ? error.message : String(error);
    const how = error instanceof MachineBroke ? error.how : "threw";
    stage.emit({ e: "broke", t: stage.now, partition, replica, during, index, how, message });
    stage.endsAt = Math.min(stage.endsAt, stage.now + 100_000);
    return false;
  }

  // What it is up to, in words.
  #standing(): string {
    if (this.log.leader === this) return "the leader";
    if (this.#parked.length > 0) return "a replica with a parked query";
    if (this.#routes.size > 0) return "a replica with open streams";
    return this.log.last > this.appliedAt + 1 ? "a lagging replica" : "a follower";
  }

  // Whoever is reached again learns who leads.
  #hear(): void {
    if (this.functions && this.log.leader !== null) this.believedLeader = this.log.leader.replica;
  }

  #setApplied(at: number): void {
    this.appliedAt = at;
    this.#applied = LogIndex(BigInt(at));
  }

  #tell(change: "crash" | "restart" | "pause" | "resume"): void {
    const { stage, partition, replica } = this;
    stage.emit({ e: "replica", t: stage.now, partition, replica, change });
  }
}

// Where the outputs of an entry's command go: a key made of its session and number; -1 where it is no service command.
function routeOf(record: LogRecord): number {
  const { input } = record.entry;
  if (input === "undecodable" || input.input?.$case !== "sessionCommand") return -1;
  const { sessionId, input: inner } = input.input.value;
  return inner?.$case === "serviceCommand" ? keyOf(sessionId, inner.value.sequenceNum) : -1;
}

function keyOf(session: bigint, number: bigint): number {
  if (number >= BigInt(MOST_ROUTED) || session >= NANOS_PER_SECOND) return -1;
  return Number(session) * MOST_ROUTED + Number(number);
}
