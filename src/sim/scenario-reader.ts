// Reads a scenario from JSON and names the path of what is wrong.
import { decodeBase64 } from "../protocol/base64.js";
import type { FaultBounds, OwnOperation, Range, Repertoire, Scenario } from "./scenario.js";
import { faultNamed, FAULTS } from "./faults/registry.js";
import { Reader } from "./reader.js";
import { WORKLOADS } from "./workload.js";

/**
 * The scenario that `json` holds. Throws a UsageError that names the path of what is wrong.
 * `own`: what it may name beside what is built in.
 */
export function readScenario(json: unknown, own: Repertoire = {}): Scenario {
  const at = new Reader(json, "", `See scenarios/default.json for a whole one, or begin with "from": "default".`);
  const fields = ["$schema", "name", "about", "seeds", "services", "topology", "length", "sessions", "workload", "own"];
  at.only(...fields, "faults", "rarely", "observe");
  const topology = at.field("topology").only("partitions", "replicas", "clients", "servicesOfAKind");
  const length = at.field("length").only("seconds", "operations", "entries", "rounds");
  const sessions = at.field("sessions").only("timeout", "even");
  const observe = at.field("observe").only("perMille", "saves");
  const seeds = at.field("seeds");
  checkNames(at, own);
  const ownOperations = at.field("own");
  const rarely = at.field("rarely");
  return {
    name: at.field("name").text(),
    about: at.field("about").text(),
    ...(seeds.absent ? {} : { seeds: seeds.integer(1) }),
    services: some(at.field("services")).map((each) => each.text()),
    topology: {
      partitions: some(topology.field("partitions")).map((each) => each.integer(1, 16)),
      replicas: some(topology.field("replicas")).map((each) => each.integer(1, 9)),
      clients: topology.field("clients").range(1, 64),
      servicesOfAKind: topology.field("servicesOfAKind").range(1, 16),
    },
    length: {
      seconds: length.field("seconds").range(1, 86_400),
      operations: length.field("operations").range(0, 100_000),
      entries: length.field("entries").integer(0),
      rounds: length.field("rounds").integer(1),
    },
    sessions: {
      timeout: sessions.field("timeout").range(100, 86_400_000),
      even: sessions.field("even").integer(0, 1000),
    },
    workload: Object.fromEntries(
      at
        .field("workload")
        .entries()
        .map(([name, each]) => [name, each.integer(0, 1_000_000)]),
    ),
    ...(ownOperations.absent ? {} : { own: readOwn(ownOperations) }),
    faults: Object.fromEntries(
      at
        .field("faults")
        .entries()
        .map(([name, each]) => [name, readBounds(each)]),
    ),
    ...(rarely.absent ? {} : { rarely: rarely.list().map((each) => each.text()) }),
    observe: { perMille: observe.field("perMille").range(0, 1000), saves: observe.field("saves").range(0, 1000) },
  };
}

function readOwn(at: Reader): Record<string, readonly OwnOperation[]> {
  return Object.fromEntries(
    at.entries().map(([kind, operations]) => [
      kind,
      some(operations).map((each): OwnOperation => {
        each.only("operation", "as", "weight", "payloads");
        return {
          operation: each.field("operation").text(),
          as: each.field("as").oneOf(["command", "events", "query"]),
          weight: each.field("weight").integer(0, 1_000_000),
          payloads: some(each.field("payloads")).map(readPayload),
        };
      }),
    ]),
  );
}

function readPayload(at: Reader): string {
  const text = at.text();
  if (decodeBase64(text, "standard") === undefined) at.fail("not base64");
  return text;
}

// A name that nobody knows is a slip of the pen: it would switch something off without a word.
function checkNames(at: Reader, { faults = [], workloads = {} }: Repertoire): void {
  // Kinds of one's own, with the names of their operations.
  const own = new Map<string, unknown[]>();
  for (const [kind, { operations }] of Object.entries(workloads)) {
    own.set(
      kind,
      operations.map(([operation]) => operation),
    );
  }
  if (!at.field("own").absent) {
    for (const [kind, operations] of at.field("own").entries()) {
      own.set(
        kind,
        operations.list().map((each) => each.field("operation").value),
      );
    }
  }
  const named = new Set<string>();
  for (const each of at.field("services").list()) {
    const kind = each.oneOf([...Object.keys(WORKLOADS), ...own.keys()]);
    if (named.has(kind)) each.fail(`${kind} stands there twice; topology.servicesOfAKind says how many of each`);
    named.add(kind);
  }
  for (const [name, each] of at.field("faults").entries()) {
    const kind = faultNamed(name, faults);
    if (kind === undefined)
      return each.fail(
        `there is no such fault (there are ${[...FAULTS, ...faults].map((one) => one.name).join(", ")})`,
      );
    const bounds = each.field("with");
    if (!bounds.absent) bounds.only(...Object.keys(kind.parameters));
  }
  for (const [name, each] of at.field("workload").entries()) {
    const [kind, operation] = name.includes(":") ? name.split(":") : [undefined, name];
    const workloads = kind === undefined ? Object.values(WORKLOADS) : [WORKLOADS[kind]];
    const known = workloads.some((one) => one?.operations.some(([one]) => one === operation));
    const ofOwn = [...own].some(([of, names]) => (kind === undefined || kind === of) && names.includes(operation));
    if (!known && !ofOwn && operation !== "open-again" && operation !== "close-service")
      each.fail("there is no such operation");
  }
}

function some(at: Reader): Reader[] {
  const list = at.list();
  if (list.length === 0) at.fail("empty");
  return list;
}

function readBounds(at: Reader): FaultBounds {
  at.only("chance", "with");
  const chance = at.field("chance").integer(0, 1000);
  const bounds = at.field("with");
  if (bounds.absent) return { chance };
  const ranges: Record<string, Range> = {};
  for (const [name, each] of bounds.entries()) ranges[name] = each.range(Number.MIN_SAFE_INTEGER);
  return { chance, with: ranges };
}
