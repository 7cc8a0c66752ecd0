// The replicated log of one partition, idealised: an adversary that may do whatever Raft permits and nothing that it forbids.
// A proposal to the leader is committed after a while, in the order of proposals; at a change of leader those in flight are
// cut off at some point: what is before it is committed late, what is behind it is lost, and nobody is told. It applies
// nothing: replicas do, each at its own pace.
import { decodeEntry, makeEntry } from "../protocol/entry.js";
import type { Entry } from "../protocol/machine.js";
import { LogIndex } from "../protocol/words.js";
import type { PartitionId, ReplicaId } from "../trace/line.js";
import type { Actor } from "./agenda.js";
import type { LogParts } from "./cast.js";
import { Stamper, type Stamp } from "./clock.js";
import { Ledger, type Owner } from "./ledger.js";
import type { Asker, Message, ProposalBody } from "./message.js";
import type { PartitionPlan } from "./plan.js";
import { addressOf, between, bitsAt, happens, Lane, type Address } from "./random.js";
import type { ReplicaHost } from "./replica.js";
import type { Saved } from "./saved-state.js";
import type { Schedule } from "./schedule.js";
import type { Stage } from "./stage.js";

/** What the log does when nothing is put in its place. */
export const logParts: LogParts = { confirmsLead: (leads) => leads };

/** Of 1000 proposals in flight at a change of leader, how many the next leader has too. */
const SURVIVORS = 600;

/** Something on its way into the log. */
export interface Proposal {
  /** Stable: the message that brought it, or "p1/tick 7". */
  readonly origin: string;
  readonly address: Address;
  readonly body: ProposalBody;
  /** The message to answer; null for ticks. */
  readonly message: Message | null;
  readonly owner: Owner | undefined;
  /** Who took it: a replica in one of its lives, in one term. Only there it is answered. */
  readonly taker: ReplicaId;
  readonly takerLife: number;
  readonly term: number;
  timestamp: ReturnType<Stamper["timestamp"]> | undefined;
  state: "in flight" | "committed" | "lost";
}

/** A committed entry and where it comes from. */
export interface LogRecord {
  readonly at: number;
  readonly entry: Entry;
  readonly origin: string;
  readonly address: Address;
  readonly committedAt: number;
  /** The proposal, if whoever took it may still answer it: a leader that was deposed meanwhile may not. */
  readonly answers: Proposal | null;
}

const COMMIT = 0;
const TICK = 1;
const ELECT = 2;
const TICK_EVERY = 1_000_000;

export class Log implements Actor<Proposal | number | null> {
  readonly partition: PartitionId;
  readonly ledger: Ledger;
  term = 0;
  /** The true leader; null: nobody leads. */
  leader: ReplicaHost | null = null;
  /** The index of the last committed entry. */
  last = 0;
  replicas: readonly ReplicaHost[] = [];
  shadow: { commit(record: LogRecord): void } | null = null;
  readonly #stage: Stage;
  readonly #plan: PartitionPlan;
  readonly #key: number;
  readonly #stamper = new Stamper();
  #records: LogRecord[] = [];
  /** The index of the first record kept. */
  #first = 1;
  readonly #inFlight: Proposal[] = [];
  #lastCommitDue = 0;
  #election = 0;
  #snapshots = 0;
  #stalled = false;
  readonly #committed = new WeakSet<Asker>();

  constructor(stage: Stage, plan: PartitionPlan) {
    this.#stage = stage;
    this.#plan = plan;
    this.partition = plan.partition;
    this.#key = stage.plan.keys.log;
    this.ledger = new Ledger(stage);
  }

  start(): void {
    this.#elect();
    this.#stage.agenda.add(this.#stage.now + TICK_EVERY, this, TICK, 1);
  }

  get majority(): number {
    return Math.floor(this.#plan.replicas.length / 2) + 1;
  }

  get first(): number {
    return this.#first;
  }

  /** The record at an index; undefined where it is not committed yet, or compacted away. */
  at(index: number): LogRecord | undefined {
    return this.#records[index - this.#first];
  }

  /** Whether `replica` is the leader and reaches a majority. */
  leads(replica: ReplicaHost): boolean {
    return this.leader === replica && this.#works();
  }

  /** A replica that believes it leads proposes. What a deposed leader proposes is lost; it doesn't know. */
  propose(by: ReplicaHost, origin: string, body: ProposalBody, message: Message | null, owner?: Owner): void {
    const stage = this.#stage;
    if (this.leader !== by) {
      stage.reach("proposal to a deposed leader");
      return;
    }
    const address = addressOf(origin);
    const proposal: Proposal = {
      origin,
      address,
      body,
      message,
      owner,
      taker: by.replica,
      takerLife: by.life,
      term: this.term,
      timestamp: undefined,
      state: "in flight",
    };
    if (body.bytes === undefined) proposal.timestamp = this.#timestamp(by, origin, address);
    this.#inFlight.push(proposal);
    this.#schedule(proposal, Lane.commit);
  }

  wake(what: number, about: Proposal | number | null): void {
    if (what === COMMIT) this.#commitUpTo(about as Proposal);
    else if (what === TICK) this.#tick(about as number);
    else if (about === this.#election) this.#elect();
  }

  /** Some replica went down, came up, was cut off or reached again. */
  reconsider(): void {
    const stage = this.#stage;
    if (this.leader !== null && this.leader.functions) {
      this.#election++;
      if (this.#stalled && this.#works()) this.#flush();
      return;
    }
    if (stage.phase === "end") return;
    const { least, most } = this.#plan.election;
    const bits = bitsAt(this.#key, addressOf(`p${this.partition}/term${this.term}`), Lane.election);
    const drawn = stage.now + between(bits, least, most);
    const due = stage.schedule === undefined ? drawn : this.#recallElection(stage.schedule, drawn);
    stage.agenda.add(due, this, ELECT, ++this.#election);
  }

  /** Another replica leads, though nothing is wrong with this one. */
  transfer(): void {
    if (this.leader === null || !this.#works()) return;
    this.#elect(this.leader);
  }

  /** Drops the records up to `index`. Replicas that still need them get a snapshot. */
  compact(index: number): void {
    const many = Math.min(index, this.last) - this.#first + 1;
    if (many <= 0) return;
    this.#records = this.#records.slice(many);
    this.#first += many;
    for (const replica of this.replicas) if (replica.appliedAt + 1 < this.#first) replica.fallBehind();
  }

  /** After a replica saved its state at `saved`: drops what nobody live needs, and the plan's reserve behind the save. */
  compactBehind(saved: number): void {
    if (this.#plan.keeps === 0) return;
    let upTo = saved - this.#plan.keeps;
    for (const replica of this.replicas) if (replica.isUp) upTo = Math.min(upTo, replica.appliedAt);
    // In lumps: cutting an array costs as much as what is left of it.
    if (upTo - this.#first >= 64) this.compact(upTo);
  }

  /** The number of the next saved state of this partition. */
  nextSnapshot(): number {
    return ++this.#snapshots;
  }

  /** The newest saved state that `whom` can go on from. Where there is none, the replica that is furthest saves one now. */
  newestSaved(whom: ReplicaHost): Saved | null {
    let best: Saved | null = null;
    for (const { disk } of this.replicas) if (disk !== null && (best === null || disk.at > best.at)) best = disk;
    if (best !== null && best.at >= whom.appliedAt && best.at >= this.#first - 1) return best;
    let furthest: ReplicaHost | null = null;
    for (const each of this.replicas) {
      if (each !== whom && each.functions && each.appliedAt > (furthest?.appliedAt ?? 0)) furthest = each;
    }
    return furthest !== null && furthest.save() ? furthest.disk : best;
  }

  #tick(number: number): void {
    const stage = this.#stage;
    if (stage.phase === "end") return;
    stage.agenda.add((number + 1) * TICK_EVERY, this, TICK, number + 1);
    if (!stage.ticks || this.leader === null || !this.leader.isUp || this.leader.isPaused) return;
    this.propose(this.leader, `p${this.partition}/tick ${number}`, { input: undefined }, null);
  }

  #works(): boolean {
    return this.leader !== null && this.leader.functions && this.#functioning() >= this.majority;
  }

  #functioning(): number {
    let many = 0;
    for (const replica of this.replicas) if (replica.functions) many++;
    return many;
  }

  #schedule(proposal: Proposal, lane: number): void {
    const stage = this.#stage;
    const { least, most } = this.#plan.commit;
    const drawn = stage.now + between(bitsAt(this.#key, proposal.address, lane, proposal.term), least, most);
    const due = stage.schedule === undefined ? drawn : this.#recall(proposal, stage.schedule, drawn);
    this.#lastCommitDue = Math.max(this.#lastCommitDue, due);
    stage.agenda.add(this.#lastCommitDue, this, COMMIT, proposal);
  }

  #recallElection({ vacancies, leaders }: Schedule, drawn: number): number {
    const vacant = vacancies.get(`p${this.partition}/term${this.term}`)?.t ?? -1;
    const next = leaders.get(`p${this.partition}/term${this.term + 1}`)?.t ?? -1;
    const { now } = this.#stage;
    return vacant >= now ? vacant : next >= now ? next : drawn;
  }

  // A trace says when it was committed. What it saw arrive and never saw committed waits for the next leader, who loses it.
  #recall({ origin, message }: Proposal, schedule: Schedule, drawn: number): number {
    const entry = schedule.entries.get(this.#nameOf(origin));
    if (entry !== undefined) return Math.max(entry.t, this.#stage.now);
    if (!this.#isKnown(message, schedule)) return drawn;
    const next = schedule.leaders.get(`p${this.partition}/term${this.term + 1}`);
    return next === undefined ? drawn : Math.max(next.t + 1, drawn);
  }

  // A tick is known to a trace that goes so far.
  #isKnown(message: Message | null, schedule: Schedule): boolean {
    return message === null ? schedule.until >= this.#stage.now : schedule.sends.has(message.id);
  }

  #nameOf(origin: string): string {
    return `p${this.partition} ${origin}`;
  }

  #commitUpTo(proposal: Proposal): void {
    if (proposal.state !== "in flight") return;
    if (!this.#works()) {
      this.#stalled = true;
      this.#stage.reach("log without a quorum");
      return;
    }
    let next;
    do {
      next = this.#inFlight.shift() as Proposal;
      this.#commit(next);
    } while (next !== proposal);
  }

  #flush(): void {
    this.#stalled = false;
    const last = this.#inFlight.at(-1);
    if (last !== undefined) this.#schedule(last, Lane.commit);
  }

  #commit(proposal: Proposal): void {
    const stage = this.#stage;
    proposal.state = "committed";
    const at = ++this.last;
    const index = LogIndex(BigInt(at));
    const { body } = proposal;
    const entry =
      body.bytes === undefined
        ? makeEntry(index, { timestamp: proposal.timestamp, input: body.input })
        : decodeEntry(index, body.bytes);
    const { term, partition } = this;
    const { origin } = proposal;
    const head = { e: "commit", t: stage.now, partition, index, term, origin, input: entry.input } as const;
    stage.emit(body.bytes === undefined ? head : { ...head, bytes: body.bytes });
    stage.entries++;
    this.#noteTwice(proposal);
    const late = proposal.term !== term;
    if (late) stage.reach("proposal committed late by the next leader");
    this.ledger.note(at, entry.input, proposal.owner);
    const { address } = proposal;
    const record = { at, entry, origin, address, committedAt: stage.now, answers: late ? null : proposal };
    this.#records.push(record);
    this.shadow?.commit(record);
    for (const replica of this.replicas) replica.pump();
  }

  // Who asks again may find both questions answered.
  #noteTwice({ message }: Proposal): void {
    if (message === null || message.asker === null) return;
    if (!this.#committed.has(message.asker)) this.#committed.add(message.asker);
    else if (message.kind === "command") this.#stage.reach("command committed twice");
    else if (message.kind === "keep-alive") this.#stage.reach("keep-alive committed twice");
  }

  // The next leader is one of those that function, if they are a majority. With `except`, another one than that.
  #elect(except: ReplicaHost | null = null): void {
    const stage = this.#stage;
    const candidates = this.replicas.filter((each) => each.functions);
    if (candidates.length < this.majority) {
      this.#vacate();
      return;
    }
    const willing = candidates.length > 1 ? candidates.filter((each) => each !== except) : candidates;
    const term = this.term + 1;
    const name = `p${this.partition}/term${term}`;
    const recorded = stage.schedule?.leaders.get(name);
    const drawn = willing[
      between(bitsAt(this.#key, addressOf(name), Lane.winner), 0, willing.length - 1)
    ] as ReplicaHost;
    const leader = willing.find((each) => each.replica === recorded?.replica) ?? drawn;
    this.#election++;
    this.term = term;
    this.leader = leader;
    stage.emit({ e: "leader", t: stage.now, partition: this.partition, term, replica: leader.replica });
    for (const replica of this.replicas) if (replica.functions) replica.believedLeader = leader.replica;
    this.#cutOff();
  }

  #vacate(): void {
    const stage = this.#stage;
    stage.reach("log without a leader");
    if (this.leader === null || this.leader.isUp) return;
    this.leader = null;
    stage.emit({ e: "leader", t: stage.now, partition: this.partition, term: this.term, replica: null });
  }

  // Of the proposals in flight a prefix survives: the next leader has it in its log, and commits it.
  #cutOff(): void {
    const stage = this.#stage;
    for (let i = 0; i < this.#inFlight.length; i++) {
      const proposal = this.#inFlight[i] as Proposal;
      const drawn = happens(bitsAt(this.#key, proposal.address, Lane.survives, this.term), SURVIVORS);
      const { schedule } = stage;
      const known = schedule !== undefined && this.#isKnown(proposal.message, schedule);
      const committed = schedule?.entries.has(this.#nameOf(proposal.origin)) === true;
      if (known ? committed : committed || drawn) continue;
      for (const lost of this.#inFlight.splice(i)) {
        lost.state = "lost";
        stage.reach("proposal lost at a leader change");
      }
    }
    this.#lastCommitDue = stage.now;
    this.#stalled = false;
    const last = this.#inFlight.at(-1);
    if (last !== undefined) this.#schedule(last, Lane.commit);
  }

  #timestamp(by: ReplicaHost, origin: string, address: Address): ReturnType<Stamper["timestamp"]> | undefined {
    const entry = this.#stage.schedule?.entries.get(this.#nameOf(origin));
    return entry === undefined || entry.input === "undecodable" ? this.#stamp(by, address) : entry.input.timestamp;
  }

  #stamp(by: ReplicaHost, address: Address): ReturnType<Stamper["timestamp"]> | undefined {
    const stage = this.#stage;
    const stamp: { -readonly [Name in keyof Stamp]: Stamp[Name] } = {
      micros: by.clock.reading(stage.now),
      nanos: between(bitsAt(this.#key, address, Lane.subMicros), 0, 999),
      missing: false,
      nextDeadline: undefined,
    };
    for (const fault of stage.stamping) {
      if (fault.plan.partition !== undefined && fault.plan.partition !== this.partition) continue;
      if (fault.kind.name === "timestamps-on-edge") stamp.nextDeadline = this.ledger.nextDeadline();
      const bits = (lane: number): number => bitsAt(this.#key, address, lane, fault.address);
      if (fault.kind.stamp?.(fault.plan, stamp, bits) === true) stage.count(fault.kind.name);
    }
    if (stamp.missing) {
      stage.reach("entry without a timestamp");
      return undefined;
    }
    return this.#stamper.timestamp(stamp.micros, stamp.nanos);
  }
}
