// What all rooms of the world share: the agenda, the listener, the counters, and the faults that are on. It decides nothing.
import type { Micros } from "../base/time.js";
import type { EventLine } from "../trace/line.js";
import { Agenda } from "./agenda.js";
import type { WorldParts } from "./cast.js";
import type { FaultKind } from "./faults/fault.js";
import { MILESTONES, type Milestone } from "./milestones.js";
import type { FaultPlan, Plan } from "./plan.js";
import { addressOf, type Address } from "./random.js";
import type { Schedule } from "./schedule.js";

/** A fault of the plan that is on now. */
export interface ActiveFault {
  readonly kind: FaultKind;
  readonly plan: FaultPlan;
  readonly address: Address;
}

export type Phase = "safety" | "liveness" | "end";

const NONE: readonly ActiveFault[] = [];

export class Stage {
  readonly agenda = new Agenda();
  readonly active: ActiveFault[] = [];
  /** Those of the active faults that decide about messages, timestamps, filters: looked through often. */
  readonly fating: ActiveFault[] = [];
  readonly stamping: ActiveFault[] = [];
  /** Which replicas each split cuts off, as bits, by the fault's id. */
  readonly cutOff = new Map<string, number>();
  phase: Phase = "safety";
  lines = 0;
  entries = 0;
  applied = 0;
  /** Set when a machine broke: the run ends at this instant. */
  endsAt = Number.POSITIVE_INFINITY;
  readonly #byName = new Map<string, ActiveFault[]>();
  readonly #faults = new Map<string, number>();
  readonly #milestones = new Map<Milestone, number>();
  readonly #reachedBy = new Map<string, number>();

  /** Whether the machines are to be told of time by entries without input. */
  ticks = true;

  constructor(
    readonly plan: Plan,
    readonly parts: WorldParts,
    readonly schedule: Schedule | undefined,
    private readonly listen: (line: EventLine) => void,
    faults: readonly FaultKind[],
  ) {
    for (const kind of faults) this.#faults.set(kind.name, 0);
    for (const name of MILESTONES) this.#milestones.set(name, 0);
  }

  get now(): Micros {
    return this.agenda.now;
  }

  emit(line: EventLine): void {
    this.lines++;
    this.listen(line);
  }

  /** A fault struck. */
  count(fault: string): void {
    this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1);
  }

  /** A fault struck something that was in a state worth telling. */
  struck(fault: string, state: string): void {
    const name = `${fault} × ${state}`;
    this.#reachedBy.set(name, (this.#reachedBy.get(name) ?? 0) + 1);
  }

  reach(milestone: Milestone): void {
    this.#milestones.set(milestone, (this.#milestones.get(milestone) as number) + 1);
  }

  switchOn(kind: FaultKind, plan: FaultPlan): void {
    const fault = { kind, plan, address: addressOf(plan.id) };
    this.active.push(fault);
    this.#sort();
  }

  switchOff(plan: FaultPlan): void {
    const at = this.active.findIndex((each) => each.plan === plan);
    if (at >= 0) this.active.splice(at, 1);
    this.#sort();
  }

  /** The faults of that name that are on. */
  activeOf(name: string): readonly ActiveFault[] {
    return this.#byName.get(name) ?? NONE;
  }

  #sort(): void {
    this.fating.length = 0;
    this.stamping.length = 0;
    this.#byName.clear();
    for (const fault of this.active) {
      const namesakes = this.#byName.get(fault.kind.name);
      if (namesakes === undefined) this.#byName.set(fault.kind.name, [fault]);
      else namesakes.push(fault);
      if (fault.kind.fate !== undefined) this.fating.push(fault);
      if (fault.kind.stamp !== undefined) this.stamping.push(fault);
    }
  }

  get counts(): {
    faults: Record<string, number>;
    milestones: Record<string, number>;
    reachedBy: Record<string, number>;
  } {
    return {
      faults: Object.fromEntries(this.#faults),
      milestones: Object.fromEntries(this.#milestones),
      reachedBy: Object.fromEntries(this.#reachedBy),
    };
  }
}
