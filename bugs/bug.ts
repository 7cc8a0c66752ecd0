// What a bug of the zoo is: one part of the real thing with exactly one defect, to be put in where that part is passed in.
// A bug never reaches into src: it is put together from the parts that src exports.
import { reference } from "../src/fsm/reference.js";
import type { Service } from "../src/fsm/services/service.js";
import { createMachine, type MachineParts, referenceParts } from "../src/fsm/session-machine.js";
import type { MachineKind } from "../src/protocol/machine.js";
import { createSessionListener } from "../src/runtime/listener.js";
import { type RegistryParts, registryParts } from "../src/runtime/states.js";
import type { ClientParts, LogParts, ReplicaParts, SessionListener, WorldParts } from "../src/sim/world.js";
import { worldParts } from "../src/sim/world.js";
import type { Step } from "./log.js";

/** Where a bug lives: in the machine, the machine's host, a client, the log, or the runtime's registry of sessions. */
export type Room = "fsm" | "replica" | "client" | "log" | "registry";

/** What there is to say about a bug, wherever it lives. */
export interface About {
  /** As `--bug` names it, e.g. "purge-forgets". */
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly what: string;
  /** The properties of which at least one must break. */
  readonly caughtBy: readonly string[];
}

export interface Bug extends About {
  readonly livesIn: Room;
  /** The machine with the defect, where it lives in "fsm". */
  readonly machine?: MachineKind;
  /** A log of a few entries to which that machine answers otherwise than the real one. */
  readonly shows?: readonly Step[];
  /** The parts with the defect, where it lives in "replica", "client" or "log". */
  readonly parts?: Partial<WorldParts>;
  /** Makes the registry with the defect, one for each run, where it lives in "registry". */
  readonly registry?: () => SessionListener;
}

/** A bug of the state machine: the real one, but for these parts. `shows` is a log that tells the two apart. */
export function machineBug(about: About & { readonly shows: readonly Step[] }, parts: Partial<MachineParts>): Bug {
  const all: MachineParts = { ...referenceParts, ...parts };
  const machine = { ...reference, name: `bug:${about.name}`, create: () => createMachine(all) };
  return { ...about, livesIn: "fsm", machine };
}

/** A service that differs from the real one in these functions. */
export function changed<Real extends Service<unknown>>(real: Real, functions: Partial<Real> & ThisType<Real>): Real {
  return { ...real, ...functions };
}

/** The real machine's services, but for these. */
export function withServices(...services: readonly Service<unknown>[]): Partial<MachineParts> {
  const registry = new Map(referenceParts.registry);
  for (const service of services) registry.set(service.kind, service);
  return { registry };
}

/** A bug of the host of a machine. */
export function replicaBug(about: About, parts: Partial<ReplicaParts>): Bug {
  return { ...about, livesIn: "replica", parts: { replica: { ...worldParts.replica, ...parts } } };
}

/** A bug of the client protocol. */
export function clientBug(about: About, parts: Partial<ClientParts>): Bug {
  return { ...about, livesIn: "client", parts: { client: { ...worldParts.client, ...parts } } };
}

/** A bug of the replicated log. */
export function logBug(about: About, parts: Partial<LogParts>): Bug {
  return { ...about, livesIn: "log", parts: { log: { ...worldParts.log, ...parts } } };
}

/** A bug of the registry of sessions: what one of the reports does to an entry. */
export function registryBug(about: About, moves: Partial<RegistryParts["moves"]>): Bug {
  const parts: RegistryParts = { ...registryParts, moves: { ...registryParts.moves, ...moves } };
  return { ...about, livesIn: "registry", registry: () => createSessionListener(parts) };
}
