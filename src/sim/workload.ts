// What clients do with each kind of service: which operations, how often, with which arguments. A new kind of service is one
// more entry. Draws for a plan only; nothing here knows what an operation brings about.
import type { Arguments, OperationKind } from "./plan.js";
import type { Dice } from "./random.js";
import type { OwnOperation, Scenario } from "./scenario.js";

/** An operation as it may be drawn. */
export interface DrawnOperation {
  readonly kind: OperationKind;
  readonly operation: string;
  readonly with: Arguments;
}

/** How one kind of service is used. */
export interface Workload {
  /** Operation, how it is asked for, how often among the others. */
  readonly operations: readonly (readonly [string, OperationKind, number])[];
  argumentsOf(dice: Dice, operation: string): Arguments;
}

/** By kind of service. */
export type Workloads = Readonly<Record<string, Workload>>;

// Two of them change places between the order of UTF-16 units and that of UTF-8 bytes.
const KEYS = ["a", "b", "c", "k1", "\u{1f600}", "\ufffd"];
const CANDIDATES = ["ann", "bob", "cid", "dee"];

/** A key of a map or a set: few, so that clients meet. */
export function drawKey(dice: Dice): string {
  return dice.pick(KEYS);
}

function value(dice: Dice): string {
  return dice.pick(["", "x", "y", "zz", "twelve bytes"]);
}

/** No TTL mostly; else a short one, on a quarter of a second or anywhere. */
function ttl(dice: Dice): Arguments {
  if (!dice.happens(560)) return {};
  if (dice.happens(150)) return { ttlNanos: 0 };
  return { ttlNanos: dice.happens(600) ? dice.between(1, 16) * 250_000_000 : dice.between(100_000_000, 4_000_000_000) };
}

function version(dice: Dice): Arguments {
  return dice.weighted([["none", 4] as const, ["seen", 4] as const, ["stale", 3] as const]) === "none"
    ? {}
    : { version: dice.happens(570) ? "seen" : "stale" };
}

const counter: Workload = {
  operations: [
    ["Set", "command", 2],
    ["CompareAndSet", "command", 4],
    ["Increment", "command", 7],
    ["Decrement", "command", 3],
    ["Get", "query", 12],
  ],
  argumentsOf(dice, operation) {
    if (operation === "Set") return { number: dice.between(-3, 100) };
    if (operation === "CompareAndSet")
      return { number: dice.between(0, 50), expect: dice.happens(650) ? "seen" : "other" };
    if (operation === "Get" || dice.happens(500)) return {};
    return { delta: dice.between(-2, 9) };
  },
};

const single: Workload = {
  operations: [
    ["Set", "command", 4],
    ["Insert", "command", 3],
    ["Update", "command", 5],
    ["Delete", "command", 4],
    ["Events", "events", 2],
    ["Get", "query", 3],
  ],
  argumentsOf(dice, operation) {
    if (operation === "Set" || operation === "Insert") return { value: value(dice), ...ttl(dice) };
    if (operation === "Update") return { value: value(dice), ...version(dice), ...ttl(dice) };
    return operation === "Delete" ? version(dice) : {};
  },
};

const map: Workload = {
  operations: [
    ["Put", "command", 9],
    ["Insert", "command", 2],
    ["Update", "command", 3],
    ["Remove", "command", 5],
    ["Clear", "command", 2],
    ["Events", "events", 7],
    ["Get", "query", 3],
    ["Size", "query", 1],
    ["Entries", "query", 2],
  ],
  argumentsOf(dice, operation) {
    const key = drawKey(dice);
    if (operation === "Put" || operation === "Insert") return { key, value: value(dice), ...ttl(dice) };
    if (operation === "Update") return { key, value: value(dice), ...version(dice), ...ttl(dice) };
    if (operation === "Remove") return { key, ...version(dice) };
    if (operation === "Events") return dice.happens(400) ? { key } : {};
    return operation === "Get" ? { key } : {};
  },
};

const set: Workload = {
  operations: [
    ["Add", "command", 7],
    ["Remove", "command", 4],
    ["Clear", "command", 2],
    ["Events", "events", 2],
    ["Contains", "query", 2],
    ["Size", "query", 1],
    ["Elements", "query", 2],
  ],
  argumentsOf(dice, operation) {
    return ["Add", "Remove", "Contains"].includes(operation) ? { element: drawKey(dice) } : {};
  },
};

const lock: Workload = {
  operations: [
    ["Acquire", "acquire", 16],
    ["Release", "command", 2],
    ["Get", "query", 2],
  ],
  argumentsOf(dice, operation) {
    if (operation !== "Acquire" || dice.happens(280)) return {};
    if (dice.happens(200)) return { timeoutNanos: 0 };
    // Mostly shorter than others hold it; else about as long as sessions live.
    const most = dice.pick([6, 20, 48, 48]);
    return {
      timeoutNanos: dice.happens(600) ? dice.between(1, most) * 250_000_000 : dice.between(100, most * 250) * 999_983,
    };
  },
};

const election: Workload = {
  operations: [
    ["Enter", "command", 10],
    ["Withdraw", "command", 1],
    ["Anoint", "command", 3],
    ["Promote", "command", 2],
    ["Demote", "command", 2],
    ["Evict", "command", 1],
    ["Events", "events", 2],
    ["GetTerm", "query", 3],
  ],
  argumentsOf(dice, operation) {
    return operation === "Events" || operation === "GetTerm" ? {} : { candidate: dice.pick(CANDIDATES) };
  },
};

const NO_WORKLOADS: Workloads = {};

export const WORKLOADS: Workloads = { counter, value: single, map, set, lock, election };

/** What may be done with any kind of service. */
const WITH_ANY: readonly (readonly [string, OperationKind, number])[] = [
  ["", "open-again", 1],
  ["", "close-service", 1],
];

/** The workload of a kind that only the scenario knows. */
function ownWorkload(operations: readonly OwnOperation[]): Workload {
  return {
    operations: operations.map(({ operation, as, weight }) => [operation, as, weight]),
    argumentsOf(dice, operation) {
      const payloads = operations.find((one) => one.operation === operation)?.payloads ?? [""];
      return { payload: dice.pick(payloads) };
    },
  };
}

type Choice = readonly [string, OperationKind, Workload];
type Table = readonly (readonly [Choice, number])[];

/** Draws an operation on a service of that kind. */
export type DrawOperation = (dice: Dice, kind: string) => DrawnOperation;

// What may be drawn for a kind, with its weights, is looked up for every operation of every seed: so it is made once.
const made = new WeakMap<Scenario, { readonly workloads: Workloads; readonly drawOperation: DrawOperation }>();

/**
 * How operations are drawn under a scenario. Its weights by "kind:Operation" stand instead of the workload's; what it says
 * itself of a kind (`own`) comes before a user's workload, and that before the built-in one.
 */
export function operationsUnder(scenario: Scenario, workloads: Workloads = NO_WORKLOADS): DrawOperation {
  const before = made.get(scenario);
  if (before?.workloads === workloads) return before.drawOperation;
  const tables = new Map<string, Table>();
  const drawOperation: DrawOperation = (dice, kind) => {
    let table = tables.get(kind);
    if (table === undefined) tables.set(kind, (table = tableOf(kind, scenario, workloads)));
    const [operation, how, workload] = dice.weighted(table);
    return { kind: how, operation, with: operation === "" ? {} : workload.argumentsOf(dice, operation) };
  };
  made.set(scenario, { workloads, drawOperation });
  return drawOperation;
}

function tableOf(kind: string, { workload: weights, own }: Scenario, workloads: Workloads): Table {
  const said = own?.[kind];
  const workload = said === undefined ? (workloads[kind] ?? WORKLOADS[kind]) : ownWorkload(said);
  return [...(workload?.operations ?? []), ...WITH_ANY].map(([operation, how, weight]) => {
    const name = operation === "" ? how : operation;
    return [[operation, how, workload as Workload], weights[`${kind}:${name}`] ?? weights[name] ?? weight] as const;
  });
}
