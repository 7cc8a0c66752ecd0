// Who stands trial: a machine, with a bug of the zoo the part of the world that has it, and what a user brings of his own for
// the trial. Made by whoever composes (cli, properties, a user's test); the rooms below only see the parts.
import type { JudgeOptions } from "../checker/judge.js";
import type { ModelRegistry } from "../checker/models/service.js";
import type { OwnProperty } from "../checker/own-property.js";
import type { MachineKind } from "../protocol/machine.js";
import { createSessionListener } from "../runtime/listener.js";
import type { FaultKind, Workloads } from "../sim/scenario.js";
import type { Cast, SessionListener, WorldParts } from "../sim/world.js";

/** Who stands trial, in what world, before which judge. `plainContestant` makes one of a machine alone. */
export interface Contestant {
  /** As `--fsm` names it. */
  readonly fsm: string;
  /** The bug of the zoo that is in one of the parts; null without. */
  readonly bug: string | null;
  readonly machine: MachineKind;
  /** Whether its code runs in this process, where traps can hear what it touches. */
  readonly inThisProcess: boolean;
  readonly parts?: Partial<WorldParts>;
  /** The judge's models where there are more, or others, than its own: those of a user's services. */
  readonly models?: ModelRegistry;
  /** Properties of a user's own, judged beside those of the catalogue. */
  readonly properties?: readonly OwnProperty[];
  /** How clients use a user's services, by kind. */
  readonly workloads?: Workloads;
  /** Faults of a user's own. */
  readonly faults?: readonly FaultKind[];
  /** Makes the registry of sessions, a fresh one for each run; absent: the real one. */
  readonly registry?: () => SessionListener;
  /** Who plays which replica, and faults of one's own, made anew for each run; absent: the machine plays all of them. */
  readonly roles?: () => Pick<Cast, "machine" | "faults">;
}

/** The machine as it is, in the world as it is. */
export function plainContestant(machine: MachineKind): Contestant {
  return { fsm: machine.name, bug: null, machine, inThisProcess: true };
}

/** The cast of one run. */
export function castOf(contestant: Contestant): Cast {
  const { machine, parts, faults, roles, registry: makeRegistry = createSessionListener } = contestant;
  return { machine, registry: makeRegistry(), ...(parts && { parts }), ...(faults && { faults }), ...roles?.() };
}

/** What the judge is to know of a contestant. */
export function benchOf({ models, properties }: Pick<Contestant, "models" | "properties">): Bench {
  return { ...(models && { models }), ...(properties && { ownProperties: properties }) };
}

type Bench = Pick<JudgeOptions, "models" | "ownProperties">;
