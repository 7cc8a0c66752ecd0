// The host of one machine: lets it apply the log at its own pace, saves and restores it, goes down and comes up. Queries are
// answered at its desk (query-desk.ts), outputs go along its routes (stream-routes.ts). It asks the machine nothing that it
// would not be asked outside a simulation, but for observation.
import type { QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { MachineKind, QueryAnswer } from "../protocol/machine.js";
import { LogIndex } from "../protocol/words.js";
import type { ObserveLine, PartitionId, ReplicaId } from "../trace/line.js";
import type { Actor } from "./agenda.js";
import type { ReplicaParts } from "./cast.js";
import { Clock } from "./clock.js";
import type { Log, LogRecord } from "./log.js";
import { messageOf, type Endpoint, type Message } from "./message.js";
import type { Network } from "./network.js";
import type { ReplicaPlan } from "./plan.js";
import { QueryDesk, type ArrivedQuery } from "./query-desk.js";
import { addressOf, between, bitsAt, happens, Lane } from "./random.js";
import { Restoring } from "./restoring.js";
import type { Saved } from "./saved-state.js";
import type { Schedule } from "./schedule.js";
import type { Stage } from "./stage.js";
import { StreamRoutes } from "./stream-routes.js";
import { TrialMachine } from "./trial-machine.js";

/** What a host does when nothing is put in its place. */
export const replicaParts: ReplicaParts = {
  mayAnswer: (applied, query) => applied >= query.maxReceivedIndex,
  carriedIndex: (applied) => applied,
  resumesAt: (saved) => LogIndex(saved + 1n),
  keepsParked: (parked) => parked,
};

const APPLY = 0;
const CONFIRM = 1;
const INSTALL = 2;

/** Of 1000 observations, how many are followed by another at once. */
const LOOKED_AGAIN = 150;

export class ReplicaHost implements Endpoint, Actor<ArrivedQuery | number> {
  readonly name: string;
  readonly replica: ReplicaId;
  readonly clock = new Clock();
  readonly machine: TrialMachine;
  believedLeader: ReplicaId = 0;
  /** Rises with each restart. */
  life = 0;
  readonly #key: number;
  readonly #queries: QueryDesk;
  readonly #routes: StreamRoutes;
  readonly #restoring: Restoring;
  #state: "up" | "paused" | "down" = "up";
  #isolated = false;
  #gone = false;
  /** Which APPLY it waits for; 0: none. */
  #waits = 0;
  #waited = 0;
  /** Applies nothing before this instant. */
  #heldUntil = 0;
  #slowness = 0;
  #disk: Saved | null = null;
  #restoredFrom = -1;

  constructor(
    private readonly stage: Stage,
    readonly network: Network,
    readonly log: Log,
    private readonly plan: ReplicaPlan,
    kind: MachineKind,
  ) {
    const { partition } = log;
    this.replica = plan.replica;
    this.name = `p${partition}.r${plan.replica}`;
    this.#key = stage.plan.keys.replica ^ addressOf(this.name);
    this.machine = new TrialMachine(stage, partition, plan.replica, kind);
    this.#queries = new QueryDesk(stage, this, this.#key, plan.observed > 0);
    this.#routes = new StreamRoutes(this);
    this.#restoring = new Restoring(stage, this.name, partition, this.#key, plan, this.machine);
  }

  get partition(): PartitionId {
    return this.log.partition;
  }
  /** The index of the last entry applied, or passed by a snapshot. */
  get appliedAt(): number {
    return this.machine.appliedAt;
  }
  get isUp(): boolean {
    return this.#state !== "down" && !this.machine.broken;
  }
  get isPaused(): boolean {
    return this.#state === "paused";
  }
  /** Takes part in majorities. */
  get functions(): boolean {
    return this.#runs && !this.#isolated;
  }
  /** Never comes back. */
  get isGone(): boolean {
    return this.#gone;
  }
  get disk(): Saved | null {
    return this.#disk;
  }
  get #runs(): boolean {
    return this.#state === "up" && !this.machine.broken;
  }

  presence(): "up" | "paused" | "down" {
    return this.machine.broken ? "down" : this.#state;
  }

  receive(message: Message, copy: number): void {
    const { body } = message;
    // A copy that the network made is a question of its own: it may well be committed, or answered, too.
    const name = copy === 1 ? message.id : `${message.id}~${copy}`;
    if (body.type === "propose") {
      if (this.believedLeader !== this.replica) this.#redirect(message, name);
      else this.log.propose(this, name, body.proposal, message, message.from.owner);
    } else if (body.type === "query") {
      const { input, sync } = body;
      const query = { name, input, sync, message };
      if (!sync) return this.#queries.take(query);
      if (this.believedLeader !== this.replica) return this.#redirect(message, name);
      const { least, most } = this.stage.plan.network;
      const span = between(bitsAt(this.#key, message.address, Lane.confirm, copy), 2 * least, 2 * most);
      const { schedule, now } = this.stage;
      const recorded = schedule?.queries.get(name) ?? schedule?.sends.get(`${name}/redirect`)?.t;
      this.stage.agenda.add(recorded ?? now + span, this, CONFIRM, query);
    }
  }

  wake(what: number, about: ArrivedQuery | number): void {
    if (what === CONFIRM) {
      const query = about as ArrivedQuery;
      if (this.#runs && !this.#queries.confirm(query)) this.#redirect(query.message, query.name);
    } else if (what === APPLY) {
      if (about !== this.#waits) return;
      this.#waits = 0;
      this.pump();
    } else if (about === this.life && this.isUp) this.installNow();
  }

  /** Applies what is due, and has itself woken for what comes next. */
  pump(): void {
    if (this.#waits !== 0 || !this.functions) return;
    for (;;) {
      const at = this.appliedAt + 1;
      if (at > this.log.last) return;
      const record = this.log.at(at);
      if (record === undefined) {
        if (!this.#install() || this.appliedAt < at) return;
        continue;
      }
      const due = this.#dueAt(record);
      if (due > this.stage.now) {
        this.#waits = ++this.#waited;
        this.stage.agenda.add(due, this, APPLY, this.#waits);
        return;
      }
      if (!this.#apply(record)) return;
    }
  }

  /** The log no longer holds what it is to apply next: it needs a snapshot. */
  fallBehind(): void {
    this.#waits = 0;
    this.pump();
  }

  /** Takes so much longer for each entry, until told otherwise. */
  slowDown(by: number): void {
    this.#slowness = by;
  }

  pause(): boolean {
    if (!this.#runs) return false;
    this.stage.struck("replica-pause", this.#standing());
    this.#state = "paused";
    this.#tell("pause");
    this.log.reconsider();
    return true;
  }

  resume(): void {
    if (this.#state !== "paused" || this.machine.broken) return;
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
    this.#waits = 0;
    this.#queries.lose();
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
    this.machine.renew();
    const disk = this.#disk;
    if (disk === null) this.stage.reach("replica restarted from nothing");
    else {
      if (this.#restoredFrom === disk.number) this.stage.reach("replica restarted twice from one snapshot");
      this.#restoredFrom = disk.number;
      if (!this.#restoring.give(disk, "restart")) return;
      this.stage.reach("replica restarted from a snapshot");
      this.machine.moveTo(Number(this.stage.parts.replica.resumesAt(LogIndex(BigInt(disk.at)))) - 1);
    }
    this.#hear();
    this.log.reconsider();
    this.pump();
  }

  /** Saves its state to disk. */
  save(): boolean {
    if (!this.#runs || this.appliedAt === 0) return false;
    const saved = this.machine.save(this.log.nextSnapshot());
    if (saved === null) return false;
    this.#disk = saved;
    this.log.compactBehind(saved.at);
    return true;
  }

  /** Is offered the newest saved state of its partition after `lag`, without applying anything until then. */
  installAfter(lag: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.stage.now + lag);
    this.stage.agenda.add(this.stage.now + lag, this, INSTALL, this.life);
  }

  /** Takes over the newest saved state of its partition, if that is not behind its own. */
  installNow(): void {
    if (this.#install()) this.pump();
  }

  #install(): boolean {
    if (!this.functions) return false;
    const saved = this.log.newestSaved(this);
    if (saved === null || saved.at < this.appliedAt) return false;
    const lagging = this.log.last > this.appliedAt + 1;
    this.stage.struck("snapshot-install", this.#standing());
    if (!this.#restoring.give(saved, "install")) return false;
    this.stage.reach(lagging ? "snapshot installed into a lagging replica" : "snapshot installed into a live replica");
    if (saved.at > this.appliedAt) {
      // What came out of the entries that it skips was never sent: its streams end here.
      this.#routes.clear();
      this.machine.moveTo(saved.at);
    }
    this.#disk = saved;
    // What it waited for to apply may lie behind it now.
    this.#waits = 0;
    this.#queries.installed();
    return true;
  }

  /** The judge's look. */
  observe(why: ObserveLine["why"]): void {
    if (!this.machine.broken) this.machine.observe(why);
  }

  /** Asked by somebody beside the network. `name` is the query's stable id. Undefined where the machine broke. */
  askDirectly(name: string, input: QueryInput): QueryAnswer | undefined {
    return this.#queries.askDirectly(name, input);
  }

  /** Drops what it holds for clients that are gone. */
  sweep(): void {
    this.#routes.sweep();
  }

  #dueAt(record: LogRecord): number {
    const { least, most } = this.plan.pace;
    const { schedule } = this.stage;
    const pace = between(bitsAt(this.#key, record.address, Lane.pace), least, most) + this.#slowness;
    const due = Math.max(record.committedAt + pace, this.#heldUntil);
    return schedule === undefined ? due : this.#recall(record, schedule, due);
  }

  // A trace says when it was applied. What it saw committed and never saw applied in this life was skipped.
  #recall({ origin, committedAt }: LogRecord, schedule: Schedule, drawn: number): number {
    const pace = schedule.paces.get(`${origin}>${this.name}#${this.life}`);
    if (pace !== undefined) return committedAt + pace;
    if (!schedule.entries.has(`p${this.partition} ${origin}`)) return drawn;
    const { now } = this.stage;
    const skip = schedule.skips.get(this.name)?.find((t) => t >= now) ?? schedule.until;
    return Math.max(drawn, skip + 1);
  }

  // Returns false where there is no going on.
  #apply(record: LogRecord): boolean {
    const applied = this.machine.apply(record.at, record.entry);
    if (applied === null) return false;
    this.#queries.answerParked();
    this.#routes.pass(record, applied);
    this.#look(record);
    return this.#runs;
  }

  // Observes and saves as drawn, or as a trace says.
  #look(record: LogRecord): void {
    const { observed, saves } = this.plan;
    const { machine } = this;
    if (observed > 0 && !machine.broken && this.#does("drawn", record, Lane.observe, observed)) {
      const looked = machine.observe("drawn");
      if (looked && this.#does("again", record, Lane.observeAgain, LOOKED_AGAIN)) machine.observe("again");
    }
    if (saves > 0 && !machine.broken && this.#does("save", record, Lane.save, saves)) this.save();
  }

  #does(what: string, { origin, address }: LogRecord, lane: number, perMille: number): boolean {
    const { schedule } = this.stage;
    const name = schedule === undefined ? "" : `${origin}>${this.name}#${this.life}`;
    if (schedule?.paces.has(name) === true) return schedule.looks.has(`${what} ${name}`);
    return happens(bitsAt(this.#key, address, lane), perMille);
  }

  #redirect(message: Message, name: string): void {
    const leader = this.believedLeader === this.replica ? 0 : this.believedLeader;
    const body = { type: "redirect", to: message, leader } as const;
    this.stage.reach("client redirected");
    const id = `${name}/redirect`;
    this.network.send(messageOf(id, "reply", this, message.from, this.partition, "not the leader", body));
  }

  // What it is up to, in words.
  #standing(): string {
    if (this.log.leader === this) return "the leader";
    if (this.#queries.waits) return "a replica with a parked query";
    if (this.#routes.open) return "a replica with open streams";
    return this.log.last > this.appliedAt + 1 ? "a lagging replica" : "a follower";
  }

  // Whoever is reached again learns who leads.
  #hear(): void {
    if (this.functions && this.log.leader !== null) this.believedLeader = this.log.leader.replica;
  }

  #tell(change: "crash" | "restart" | "pause" | "resume"): void {
    const { stage, partition, replica } = this;
    stage.emit({ e: "replica", t: stage.now, partition, replica, change });
  }
}
