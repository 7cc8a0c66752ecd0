// A plan: everything that is drawn before a run begins, as plain JSON data. Whoever plays it draws nothing more, except by
// address (random.ts). Anything in it – a client, a life, an operation, a fault, a replica, a partition – can be taken away,
// and the rest keeps its luck: that is what makes it fit for shrinking. Stands between scenario.ts (draw) and world.ts (play).
import type { PartitionId, ReplicaId } from "../trace/line.js";

/** The version of the plan's format. */
export const PLAN_FORMAT = 1;

/** A span of virtual time, or an instant since the start of the run, in microseconds. An exact integer. */
export type PlanMicros = number;

/** What a seed drew: plain data, enough to play the run. */
export interface Plan {
  readonly plan: typeof PLAN_FORMAT;
  /** The name of the scenario that it was drawn from. */
  readonly scenario: string;
  /** The run's root keys, 32 bits each: every draw by address starts from one of them. */
  readonly keys: { readonly network: number; readonly replica: number; readonly log: number; readonly client: number };
  /** How long the safety phase lasts, a round. */
  readonly length: PlanMicros;
  /** How often the safety phase is played, one after the other: clients, operations and faults again, with new lives. 1 mostly. */
  readonly rounds: number;
  /** The safety phase goes on, with ticks only, until this many entries are committed over all partitions. */
  readonly entries: number;
  /** Virtual time from the start of the liveness phase within which everything has ended. SPEC 5; docs/explanation/liveness.md. */
  readonly livenessBound: PlanMicros;
  readonly network: NetworkPlan;
  readonly partitions: readonly PartitionPlan[];
  readonly services: readonly ServicePlan[];
  readonly clients: readonly ClientPlan[];
  readonly faults: readonly FaultPlan[];
}

/** The network when nothing is wrong: each message takes from `least` to `most`. */
export interface NetworkPlan {
  readonly least: PlanMicros;
  readonly most: PlanMicros;
}

export interface PartitionPlan {
  readonly partition: PartitionId;
  readonly replicas: readonly ReplicaPlan[];
  /** How long a proposal takes to commit when nothing is wrong. */
  readonly commit: { readonly least: PlanMicros; readonly most: PlanMicros };
  /** How long it takes until a lost leader is replaced. */
  readonly election: { readonly least: PlanMicros; readonly most: PlanMicros };
  /** Records of the log that every replica keeps behind its last saved state before it compacts; 0: it never does. */
  readonly keeps: number;
}

export interface ReplicaPlan {
  readonly replica: ReplicaId;
  /** How long after its commit an entry is applied here. */
  readonly pace: { readonly least: PlanMicros; readonly most: PlanMicros };
  /** After how many entries of 1000 it is observed; 0: only at its end. */
  readonly observed: number;
  /** After how many entries of 1000 it saves its state. */
  readonly saves: number;
}

export interface ServicePlan {
  /** Unique in the plan: operations refer to it. Also the `name` of the ServiceSpec. */
  readonly name: string;
  /** The `service` of the ServiceSpec: "counter", "lock", … */
  readonly kind: string;
  readonly namespace: string;
  /** Where it lives: FNV-1a 32 of its name, mod the number of partitions drawn. SPEC 3. */
  readonly partition: PartitionId;
}

export interface ClientPlan {
  /** "c1", …: a name that stays. */
  readonly client: string;
  /** Its clock gains so many microseconds in a second; a client has no other use for a clock than spans. */
  readonly drift: number;
  /** Its first wait for an answer, doubled with each attempt up to `patience`. */
  readonly retryAfter: PlanMicros;
  readonly patience: PlanMicros;
  /** One after the other: a restart under the same name begins the next one. */
  readonly lives: readonly LifePlan[];
}

/** One incarnation of a client. */
export interface LifePlan {
  readonly incarnation: number;
  readonly from: PlanMicros;
  /** How it ends; "stays": it is alive when the liveness phase begins. */
  readonly ends: "stays" | "closes" | "crashes";
  /** When; of "stays" without meaning. */
  readonly until: PlanMicros;
  /** The session time-out that it asks for, in nanoseconds (a safe integer), by partition; of the first one where a partition is missing. */
  readonly timeouts: readonly { readonly partition: PartitionId; readonly nanos: number }[];
  readonly operations: readonly OperationPlan[];
}

/** What an operation does to the client protocol. */
export type OperationKind =
  | "command" // one answer
  | "events" // a stream that stays open until it is given up
  | "acquire" // a lock: at most one per lock and client, and a Release after it
  | "query"
  | "open-again" // create_service for a service that is open already
  | "close-service";

/** One operation of a client. Its address is client.incarnation/op. */
export interface OperationPlan {
  /** Stable, unique in the incarnation, from 1. */
  readonly op: number;
  /** When it is begun, at the earliest; since the start of the run. */
  readonly at: PlanMicros;
  readonly kind: OperationKind;
  readonly service: string;
  /** The name of the operation; "" for open-again and close-service. */
  readonly operation: string;
  readonly with: Arguments;
  /** Of a query: linearizable. */
  readonly sync?: boolean;
  /** Its number is allocated at `at`, and it is started so much later. */
  readonly startsAfter?: PlanMicros;
  /** The client gives it up so long after `at`, if it is not over; less than `startsAfter`: it is never started. */
  readonly givesUpAfter?: PlanMicros;
  /** Of a stream: how long the client takes over each output. */
  readonly takes?: PlanMicros;
  /** Of an Acquire: how long the lock is held, and the operation number of the Release that follows. */
  readonly holds?: PlanMicros;
  readonly release?: number;
}

/** The payload's fields, where the operation has them. What depends on what the client saw is said in words. */
export interface Arguments {
  /** The whole payload as it is, in base64: of a kind of service that only the scenario knows. */
  readonly payload?: string;
  readonly key?: string;
  readonly element?: string;
  readonly candidate?: string;
  readonly value?: string;
  readonly ttlNanos?: number;
  readonly timeoutNanos?: number;
  /** A version that the client saw last for that key, one before it, or none. */
  readonly version?: "seen" | "stale";
  readonly token?: "held" | "wrong";
  readonly delta?: number;
  readonly number?: number;
  /** CompareAndSet: the value that the client saw last, or another one. */
  readonly expect?: "seen" | "other";
}

/** One instance of a fault: a window, a target, and numbers that mean what its file in faults/ says. */
export interface FaultPlan {
  /** Stable and unique: "message-loss.1". */
  readonly id: string;
  /** The name of its file in faults/. */
  readonly fault: string;
  readonly from: PlanMicros;
  /** Equal to `from`: it strikes once. */
  readonly until: PlanMicros;
  readonly partition?: PartitionId;
  readonly replica?: ReplicaId;
  readonly client?: string;
  readonly with: Readonly<Record<string, number>>;
}

export { readPlan } from "./plan-reader.js";
