// Which kinds of service there are and what can be asked of each: names only, no behaviour. SPEC 2.4.
// Everyone who makes, judges or serves operations shares this vocabulary.

/**
 * How an operation is asked for. command: numbered, one output. stream: numbered, may stay open (Acquire has one output all
 * the same, Events any number). query: not numbered, changes nothing.
 */
export type OperationKind = "command" | "stream" | "query";

/** The kinds of service, as ServiceSpec.service names them. */
export type ServiceKind = "counter" | "value" | "map" | "set" | "lock" | "election";

/** Every kind of service with its operations by name. */
export const OPERATIONS = {
  counter: { Set: "command", CompareAndSet: "command", Increment: "command", Decrement: "command", Get: "query" },
  value: {
    Set: "command",
    Insert: "command",
    Update: "command",
    Delete: "command",
    Events: "stream",
    Get: "query",
  },
  map: {
    Put: "command",
    Insert: "command",
    Update: "command",
    Remove: "command",
    Clear: "command",
    Events: "stream",
    Get: "query",
    Size: "query",
    Entries: "query",
  },
  set: {
    Add: "command",
    Remove: "command",
    Clear: "command",
    Events: "stream",
    Contains: "query",
    Size: "query",
    Elements: "query",
  },
  lock: { Acquire: "stream", Release: "command", Get: "query" },
  election: {
    Enter: "command",
    Withdraw: "command",
    Anoint: "command",
    Promote: "command",
    Demote: "command",
    Evict: "command",
    Events: "stream",
    GetTerm: "query",
  },
} as const satisfies Record<ServiceKind, Record<string, OperationKind>>;

/** The kinds of service, in the order in which SPEC 2.4 lists them. */
export const SERVICE_KINDS = Object.keys(OPERATIONS) as readonly ServiceKind[];
