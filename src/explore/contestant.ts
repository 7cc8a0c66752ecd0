// Who stands trial: a machine, and with a bug of the zoo the part of the world that has it. Made by whoever composes (cli,
// properties, a user's test); the rooms below only see the parts.
import type { ModelRegistry } from "../checker/models/service.js";
import type { MachineKind } from "../protocol/machine.js";
import { createSessionListener } from "../runtime/listener.js";
import type { Cast, SessionListener, WorldParts } from "../sim/world.js";

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
  /** Makes the registry of sessions, a fresh one for each run; absent: the real one. */
  readonly registry?: () => SessionListener;
}

/** The machine as it is, in the world as it is. */
export function plainContestant(machine: MachineKind): Contestant {
  return { fsm: machine.name, bug: null, machine, inThisProcess: true };
}

/** The cast of one run. */
export function castOf(contestant: Contestant): Cast {
  const registry = (contestant.registry ?? createSessionListener)();
  return contestant.parts === undefined
    ? { machine: contestant.machine, registry }
    : { machine: contestant.machine, registry, parts: contestant.parts };
}
