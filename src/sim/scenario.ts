// A scenario bounds what a seed draws: services, topology, faults, length. It is data with a schema; scenarios/ ships named
// ones. Reading one never guesses: what is wrong is named by its path. Stands before draw (drawing.ts), which makes a plan.
import type { FaultKind } from "./faults/fault.js";
import type { Workloads } from "./workload.js";

export { draw } from "./drawing.js";
export { readScenario } from "./scenario-reader.js";
export type { FaultKind } from "./faults/fault.js";
export type { Workload, Workloads } from "./workload.js";

/** What a scenario may name beside what is built in: a user's own. */
export interface Repertoire {
  readonly faults?: readonly FaultKind[];
  /** By kind of service. */
  readonly workloads?: Workloads;
}

/** From and to, both inclusive integers. */
export type Range = readonly [number, number];

/** Bounds for what a seed draws. `defineScenario` makes one; docs/reference/scenarios.md says what each field means. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** How many seeds it wants, where it is not the profile's business. */
  readonly seeds?: number;
  /** Kinds of services that may take part. */
  readonly services: readonly string[];
  readonly topology: {
    /** Numbers of partitions to choose from; one that stands twice is twice as likely. */
    readonly partitions: readonly number[];
    readonly replicas: readonly number[];
    readonly clients: Range;
    /** How many services of each kind. */
    readonly servicesOfAKind: Range;
  };
  readonly length: {
    /** Of one round of the safety phase, in seconds of virtual time. */
    readonly seconds: Range;
    /** Operations over all clients in one round. */
    readonly operations: Range;
    /** At least so many entries before the liveness phase. */
    readonly entries: number;
    readonly rounds: number;
  };
  readonly sessions: {
    /** In milliseconds. */
    readonly timeout: Range;
    /** Of 1000 time-outs, how many are whole multiples of a quarter second (the others have any nanosecond). */
    readonly even: number;
  };
  /** How likely each kind of operation is, by "kind:operation" or "kind"; absent: the workload's own weights. */
  readonly workload: Readonly<Record<string, number>>;
  /** How services of a kind of one's own are used, by that kind. */
  readonly own?: Readonly<Record<string, readonly OwnOperation[]>>;
  /** By a fault's name: of 1000 runs, how many have it on; and bounds for its parameters, narrower than its own. */
  readonly faults: Readonly<Record<string, FaultBounds>>;
  /** Milestones that some hundred seeds of it may well miss, by name: a run that does is whole all the same. */
  readonly rarely?: readonly string[];
  readonly observe: {
    /** Of 1000 entries, on replicas that are observed before their end. */
    readonly perMille: Range;
    readonly saves: Range;
  };
}

/** An operation of a kind of service that only the scenario, its machine and its model know. */
export interface OwnOperation {
  readonly operation: string;
  readonly as: "command" | "events" | "query";
  /** How often, among the others of its kind. */
  readonly weight: number;
  /** The payloads to choose from, in base64. */
  readonly payloads: readonly string[];
}

export interface FaultBounds {
  readonly chance: number;
  readonly with?: Readonly<Record<string, Range>>;
}
