// The claim that covers every answer, and those about clients' views of a service. SPEC 2.4, 6.
import type { ModelRegistry } from "../models/service.js";
import { always, type Property } from "../property.js";
import { finding } from "./time.js";

export const asModelled = always(
  "service/as-modelled",
  {
    claim: "Every reply and every emission is the naive model's, in log order, and so is every service's saved state.",
    section: "2.2, 2.3, 2.4",
    judgement: "one application of an entry on one replica, one answered query, or one saved state",
    witness: "the entry, and the line that differs",
  },
  {
    judges: () => true,
    judgesState: () => true,
    answer: (d) => ({ says: `expected ${d.expected}, got ${d.got}`, expected: d.expected, got: d.got }),
    query: (d) => ({
      says: `the query should be answered ${d.expected}, not ${d.got}`,
      expected: d.expected,
      got: d.got,
    }),
    state: (d) => {
      switch (d.what) {
        case "data":
        case "service-missing":
        case "service-extra":
        case "service-spec":
          return finding(d);
        default:
          return null;
      }
    },
  },
);

const KINDS = ["counter", "value", "map", "set", "lock", "election"] as const;

/**
 * One for each kind of service: the candidate order is the log's. What a client was answered must be what the model says at
 * that place of the log, and a synchronous query must not be older than what had been answered before it was asked.
 */
export const linearizable = KINDS.map(linearizableOf);

function linearizableOf(kind: string): Property {
  return always(`linearizable/${kind}`, {
    claim: `Commands and synchronous queries of a ${kind} have a legal order, unknown outcomes kept open.`,
    section: "2.7, 6",
    judgement: "one operation that was answered to its client",
    witness: "the operation's beginning and its answer; of a stale query the operation that it missed, too",
  });
}

type ByKind = ReadonlyMap<string, Property>;

const builtIn: ByKind = new Map(KINDS.map((kind, at) => [kind, linearizable[at] as Property]));

const byModels = new WeakMap<ModelRegistry, ByKind>();

/** By kind of service; also those of a user's own whose models can do without a log. */
export function linearizableIn(models: ModelRegistry): ByKind {
  const before = byModels.get(models);
  if (before !== undefined) return before;
  const own = Object.keys(models).filter((kind) => !builtIn.has(kind) && models[kind]?.sequential !== undefined);
  const all = new Map([...builtIn, ...own.map((kind) => [kind, linearizableOf(kind)] as const)]);
  byModels.set(models, all);
  return all;
}
