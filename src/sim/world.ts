// The world: clients, network, replicated logs, hosts of machines, on one loop in virtual time. Plays a plan and hands out
// everything that happens as lines. It knows no machine but the one it is given, and judges nothing.
import { Micros } from "../base/time.js";
import type { MachineKind } from "../protocol/machine.js";
import type { EventLine, PartitionId, RegistryLine, ReplicaId, SessionLine, UseLine } from "../trace/line.js";
import type { Actor } from "./agenda.js";
import type { Cast, Played, PlayOptions, SessionListener, WorldParts } from "./cast.js";
import { clientParts } from "./client-parts.js";
import { Client } from "./client.js";
import type { Surroundings } from "./life.js";
import type { ClientSession } from "./client-session.js";
import type { FaultKind } from "./faults/fault.js";
import { FAULTS, faultNamed } from "./faults/registry.js";
import { Log, logParts } from "./log.js";
import { Network } from "./network.js";
import type { FaultPlan, Plan, ServicePlan } from "./plan.js";
import { ReplicaHost, replicaParts } from "./replica.js";
import { Shadow } from "./shadow.js";
import { Stage } from "./stage.js";
import { Supervisor } from "./supervisor.js";
import type { World } from "./world-view.js";

export type * from "./cast.js";
export { scheduleOf } from "./schedule.js";

/** What the world is made of when nothing is put in its place. */
export const worldParts: WorldParts = { replica: replicaParts, client: clientParts, log: logParts };

/** Plays the plan to its end. Calls `listen` with each line as it happens; a line is never changed afterwards. */
export function play(plan: Plan, cast: Cast, listen: (line: EventLine) => void, options: PlayOptions = {}): Played {
  return new Runner(plan, cast, listen, options).run();
}

const ROUND = 0;
const START = 1;
const STOP = 2;
const LIVENESS = 3;
const LOOK = 4;
const SECOND = 5;

/** In the liveness phase: how often it is looked at whether everything is over. */
const LOOK_EVERY = 200_000;

/** The safety phase is prolonged for the sake of its number of entries, but not for ever: a log may have stopped for good. */
const LONGEST_EXTENSION = 120_000_000;

class Runner implements World, Surroundings, Actor<FaultPlan | number> {
  readonly stage: Stage;
  readonly network: Network;
  readonly logs = new Map<PartitionId, Log>();
  readonly clients = new Map<string, Client>();
  readonly services = new Map<string, ServicePlan>();
  readonly #supervisor: Supervisor;
  readonly #registry: SessionListener | undefined;
  readonly #ownFaults: readonly FaultKind[];
  #livenessEnds = Number.POSITIVE_INFINITY;
  #nextRound = 0;

  constructor(
    private readonly plan: Plan,
    cast: Cast,
    listen: (line: EventLine) => void,
    private readonly options: PlayOptions,
  ) {
    this.#ownFaults = cast.faults ?? [];
    const faults = [...FAULTS, ...this.#ownFaults];
    this.stage = new Stage(plan, { ...worldParts, ...cast.parts }, options.schedule, listen, faults);
    this.network = new Network(this.stage);
    this.#registry = cast.registry;
    for (const each of plan.services) this.services.set(each.name, each);
    for (const partition of plan.partitions) {
      const log = new Log(this.stage, partition);
      const kindOf = (replica: ReplicaId): MachineKind => {
        const kind = typeof cast.machine === "function" ? cast.machine(partition.partition, replica) : cast.machine;
        if (!kind.capabilities.ticks) this.stage.ticks = false;
        return kind;
      };
      log.replicas = partition.replicas.map(
        (each) => new ReplicaHost(this.stage, this.network, log, each, kindOf(each.replica)),
      );
      if (options.shadow === true) log.shadow = new Shadow(this.stage, partition.partition, kindOf(0));
      this.logs.set(partition.partition, log);
    }
    this.#supervisor = new Supervisor(this.stage, this.logs);
    for (const each of plan.clients) this.clients.set(each.client, new Client(this, each));
  }

  run(): Played {
    const { stage, plan } = this;
    stage.emit({ e: "phase", t: stage.now, phase: "safety" });
    for (const log of this.logs.values()) log.start();
    this.#round(0);
    stage.agenda.add(plan.length * plan.rounds, this, LIVENESS, 0);
    stage.agenda.add(1_000_000, this, SECOND, 0);
    const enough = this.options.enough ?? never;
    while (stage.phase !== "end" && stage.agenda.step(stage.endsAt) && !enough());
    if (stage.phase !== "end" && !enough()) this.#end();
    return {
      virtualTime: stage.now,
      entries: stage.entries,
      applied: stage.applied,
      events: stage.agenda.happened,
      lines: stage.lines,
      ...stage.counts,
    };
  }

  wake(what: number, about: FaultPlan | number): void {
    if (what === START) this.#start(about as FaultPlan);
    else if (what === STOP) this.#stop(about as FaultPlan);
    else if (what === ROUND) this.#round(about as number);
    else if (what === LIVENESS) this.#liveness();
    else if (what === LOOK) this.#look();
    else this.#second();
  }

  replicasAt(partition: PartitionId): readonly ReplicaHost[] {
    return this.logs.get(partition)?.replicas ?? [];
  }

  tell(line: SessionLine | UseLine): readonly RegistryLine[] {
    return this.#registry?.heard(line) ?? [];
  }

  livesAt(partition: PartitionId, session: bigint): boolean {
    return this.logs.get(partition)?.ledger.lives(Number(session)) ?? false;
  }

  supervise(session: ClientSession): void {
    this.#supervisor.watch(session);
  }

  logsOf(fault: FaultPlan): readonly Log[] {
    const logs = [...this.logs.values()];
    return fault.partition === undefined ? logs : logs.filter((each) => each.partition === fault.partition);
  }

  replicasOf(fault: FaultPlan): readonly ReplicaHost[] {
    const replicas = this.logsOf(fault).flatMap((each) => each.replicas);
    return fault.replica === undefined ? replicas : replicas.filter((each) => each.replica === fault.replica);
  }

  clientsOf(fault: FaultPlan): readonly Client[] {
    const clients = [...this.clients.values()];
    return fault.client === undefined ? clients : clients.filter((each) => each.name === fault.client);
  }

  strike(fault: FaultPlan, what: string): void {
    const { stage } = this;
    stage.count(fault.fault);
    stage.emit({ e: "fault", t: stage.now, fault: fault.fault, change: "strike", what });
  }

  // The plan's operations and faults, again and again, each round behind the one before.
  #round(round: number): void {
    const { stage, plan } = this;
    if (stage.phase !== "safety") return;
    const offset = round * plan.length;
    for (const client of this.clients.values()) client.round(round, offset);
    for (const fault of plan.faults) {
      stage.agenda.add(offset + fault.from, this, START, fault);
      if (fault.until > fault.from) stage.agenda.add(offset + fault.until, this, STOP, fault);
    }
    if (round > 0) for (const log of this.logs.values()) for (const replica of log.replicas) replica.sweep();
    this.#nextRound = round + 1;
    if (this.#nextRound < plan.rounds) stage.agenda.add(this.#nextRound * plan.length, this, ROUND, this.#nextRound);
  }

  #start(fault: FaultPlan): void {
    const { stage } = this;
    const kind = faultNamed(fault.fault, this.#ownFaults);
    if (kind === undefined || stage.phase !== "safety") return;
    if (kind.patient === true && stage.entries < this.plan.entries) {
      stage.agenda.add(stage.now + 1_000_000, this, START, fault);
      return;
    }
    if (fault.until > fault.from) {
      stage.switchOn(kind, fault);
      stage.emit({ e: "fault", t: stage.now, fault: fault.fault, change: "start", what: said(fault) });
    }
    kind.start?.(this, fault);
  }

  #stop(fault: FaultPlan): void {
    const { stage } = this;
    if (!stage.active.some((each) => each.plan === fault)) return;
    stage.switchOff(fault);
    stage.emit({ e: "fault", t: stage.now, fault: fault.fault, change: "stop", what: said(fault) });
    faultNamed(fault.fault, this.#ownFaults)?.stop?.(this, fault);
  }

  #second(): void {
    const { stage } = this;
    for (const line of this.#registry?.tick(stage.now) ?? []) stage.emit(line);
    if (stage.phase !== "end") stage.agenda.add(stage.now + 1_000_000, this, SECOND, 0);
  }

  // Everything heals; clients begin nothing more.
  #liveness(): void {
    const { stage, plan } = this;
    if (stage.entries < plan.entries && stage.now < plan.length * plan.rounds + LONGEST_EXTENSION) {
      stage.agenda.add(stage.now + 1_000_000, this, LIVENESS, 0);
      return;
    }
    for (const { plan: fault } of [...stage.active]) this.#stop(fault);
    const lost = this.#whyLost();
    stage.phase = "liveness";
    const head = { e: "phase", t: stage.now, phase: "liveness" } as const;
    stage.emit(lost === undefined ? head : { ...head, cannotRecover: lost });
    for (const log of this.logs.values()) {
      for (const replica of log.replicas) {
        replica.clock.heal(stage.now, log.ledger.logMicros);
        replica.reach();
        replica.resume();
        replica.restart();
      }
    }
    for (const client of this.clients.values()) client.wind();
    this.#livenessEnds = stage.now + plan.livenessBound;
    stage.agenda.add(stage.now + LOOK_EVERY, this, LOOK, 0);
  }

  #whyLost(): string | undefined {
    if (!this.stage.ticks) return "the machine takes no ticks: nothing tells it of time while its clients are silent";
    for (const log of this.logs.values()) {
      const gone = log.replicas.filter((each) => each.isGone).length;
      if (log.replicas.length - gone < log.majority) {
        return `partition ${log.partition}: ${gone} of ${log.replicas.length} replicas never come back`;
      }
    }
    return undefined;
  }

  #look(): void {
    const { stage } = this;
    if (stage.now >= this.#livenessEnds || this.#allOver()) this.#end();
    else stage.agenda.add(Math.min(stage.now + LOOK_EVERY, this.#livenessEnds), this, LOOK, 0);
  }

  #allOver(): boolean {
    let sessions = 0;
    for (const client of this.clients.values()) {
      for (const life of client.lives) {
        if (!life.idle || !life.clean) return false;
        for (const session of life.sessions.values()) {
          const lives = this.logs.get(session.partition)?.ledger.lives(Number(session.id)) === true;
          if (session.state === "open" && lives) sessions++;
        }
      }
    }
    let living = 0;
    for (const log of this.logs.values()) {
      living += log.ledger.living;
      for (const replica of log.replicas) if (replica.isUp && replica.appliedAt < log.last) return false;
    }
    return living <= sessions;
  }

  #end(): void {
    const { stage } = this;
    stage.phase = "end";
    for (const log of this.logs.values()) for (const replica of log.replicas) if (replica.isUp) replica.observe("end");
    stage.emit({ e: "phase", t: Micros(stage.now), phase: "end" });
  }
}

function never(): boolean {
  return false;
}

function said(fault: FaultPlan): string {
  const target = [
    fault.partition === undefined ? "" : ` partition ${fault.partition}`,
    fault.replica === undefined ? "" : ` replica ${fault.replica}`,
    fault.client === undefined ? "" : ` ${fault.client}`,
  ].join("");
  const numbers = Object.entries(fault.with).map(([name, value]) => ` ${name} ${value}`);
  return `${fault.id}${target}${numbers.join("")}`;
}
