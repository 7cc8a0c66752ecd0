// Reads a plan from JSON and refuses what could not be played, naming the path of what is wrong.
import { Reader } from "./reader.js";
import {
  PLAN_FORMAT,
  type Arguments,
  type ClientPlan,
  type FaultPlan,
  type LifePlan,
  type OperationKind,
  type OperationPlan,
  type PartitionPlan,
  type Plan,
  type ReplicaPlan,
  type ServicePlan,
} from "./plan.js";

const KINDS: readonly OperationKind[] = ["command", "events", "acquire", "query", "open-again", "close-service"];
const UINT32 = 0xffff_ffff;

/** The plan that `json` holds. Throws a UsageError that names the path of what is wrong. */
export function readPlan(json: unknown): Plan {
  const at = new Reader(json, "", "Take the plan from a trace's header, or draw one from a scenario and a seed.");
  at.only(
    ...["plan", "scenario", "keys", "length", "rounds", "entries", "livenessBound", "network"],
    ...["partitions", "services", "clients", "faults"],
  );
  const keys = at.field("keys").only("network", "replica", "log", "client");
  const plan: Plan = {
    plan: at.field("plan").integer(PLAN_FORMAT, PLAN_FORMAT) as typeof PLAN_FORMAT,
    scenario: at.field("scenario").text(),
    keys: {
      network: keys.field("network").integer(0, UINT32),
      replica: keys.field("replica").integer(0, UINT32),
      log: keys.field("log").integer(0, UINT32),
      client: keys.field("client").integer(0, UINT32),
    },
    length: at.field("length").integer(0),
    rounds: at.field("rounds").integer(1),
    entries: at.field("entries").integer(0),
    livenessBound: at.field("livenessBound").integer(1),
    network: readSpan(at.field("network")),
    partitions: at.field("partitions").list().map(readPartition),
    services: at.field("services").list().map(readService),
    clients: at.field("clients").list().map(readClient),
    faults: at.field("faults").list().map(readFault),
  };
  checkReferences(plan, at);
  return plan;
}

function readSpan(at: Reader): { least: number; most: number } {
  at.only("least", "most");
  const least = at.field("least").integer(0);
  return { least, most: at.field("most").integer(least) };
}

function readPartition(at: Reader): PartitionPlan {
  at.only("partition", "replicas", "commit", "election", "keeps");
  return {
    partition: at.field("partition").integer(1),
    replicas: at.field("replicas").list().map(readReplica),
    commit: readSpan(at.field("commit")),
    election: readSpan(at.field("election")),
    keeps: at.field("keeps").integer(0),
  };
}

function readReplica(at: Reader): ReplicaPlan {
  at.only("replica", "pace", "observed", "saves");
  return {
    replica: at.field("replica").integer(1),
    pace: readSpan(at.field("pace")),
    observed: at.field("observed").integer(0, 1000),
    saves: at.field("saves").integer(0, 1000),
  };
}

function readService(at: Reader): ServicePlan {
  at.only("name", "kind", "namespace", "partition");
  return {
    name: at.field("name").text(),
    kind: at.field("kind").text(),
    namespace: at.field("namespace").text(),
    partition: at.field("partition").integer(1),
  };
}

function readClient(at: Reader): ClientPlan {
  at.only("client", "drift", "retryAfter", "patience", "lives");
  return {
    client: at.field("client").text(),
    drift: at.field("drift").integer(-500_000, 500_000),
    retryAfter: at.field("retryAfter").integer(1),
    patience: at.field("patience").integer(1),
    lives: at.field("lives").list().map(readLife),
  };
}

function readLife(at: Reader): LifePlan {
  at.only("incarnation", "from", "ends", "until", "timeouts", "operations");
  const timeouts = at.field("timeouts").list();
  if (timeouts.length === 0) at.field("timeouts").fail("empty; a life needs a session time-out");
  return {
    incarnation: at.field("incarnation").integer(0),
    from: at.field("from").integer(0),
    ends: at.field("ends").oneOf(["stays", "closes", "crashes"]),
    until: at.field("until").integer(0),
    timeouts: timeouts.map((each) => ({
      partition: each.only("partition", "nanos").field("partition").integer(1),
      nanos: each.field("nanos").integer(1),
    })),
    operations: at.field("operations").list().map(readOperation),
  };
}

function readOperation(at: Reader): OperationPlan {
  at.only(
    ...["op", "at", "kind", "service", "operation", "with", "sync", "startsAfter", "givesUpAfter", "takes"],
    ...["holds", "release"],
  );
  const span = (name: string): number | undefined => optional(at.field(name), (each) => each.integer(0));
  return defined<OperationPlan>({
    op: at.field("op").integer(1),
    at: at.field("at").integer(0),
    kind: at.field("kind").oneOf(KINDS),
    service: at.field("service").text(),
    operation: at.field("operation").text(),
    with: readArguments(at.field("with")),
    sync: optional(at.field("sync"), (each) => each.flag()),
    startsAfter: span("startsAfter"),
    givesUpAfter: span("givesUpAfter"),
    takes: span("takes"),
    holds: span("holds"),
    release: span("release"),
  });
}

function readArguments(at: Reader): Arguments {
  at.only(
    ...["payload", "key", "element", "candidate", "value", "ttlNanos", "timeoutNanos", "version", "token"],
    ...["delta", "number", "expect"],
  );
  const text = (name: string): string | undefined => optional(at.field(name), (each) => each.text());
  const integer = (name: string): number | undefined => optional(at.field(name), (each) => each.integer());
  return defined<Arguments>({
    payload: text("payload"),
    key: text("key"),
    element: text("element"),
    candidate: text("candidate"),
    value: text("value"),
    ttlNanos: integer("ttlNanos"),
    timeoutNanos: integer("timeoutNanos"),
    version: optional(at.field("version"), (each) => each.oneOf(["seen", "stale"])),
    token: optional(at.field("token"), (each) => each.oneOf(["held", "wrong"])),
    delta: integer("delta"),
    number: integer("number"),
    expect: optional(at.field("expect"), (each) => each.oneOf(["seen", "other"])),
  });
}

function readFault(at: Reader): FaultPlan {
  at.only("id", "fault", "from", "until", "partition", "replica", "client", "with");
  const from = at.field("from").integer(0);
  const numbers: Record<string, number> = {};
  for (const [name, each] of at.field("with").entries()) numbers[name] = each.integer();
  return defined<FaultPlan>({
    id: at.field("id").text(),
    fault: at.field("fault").text(),
    from,
    until: at.field("until").integer(from),
    partition: optional(at.field("partition"), (each) => each.integer(1)),
    replica: optional(at.field("replica"), (each) => each.integer(1)),
    client: optional(at.field("client"), (each) => each.text()),
    with: numbers,
  });
}

function optional<T>(at: Reader, read: (at: Reader) => T): T | undefined {
  return at.absent ? undefined : read(at);
}

// An absent field is left out, not set to undefined: plans are compared and printed.
function defined<T extends object>(fields: { [Name in keyof T]: T[Name] | undefined }): T {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) result[name] = value;
  return result as T;
}

// What refers to something must find it; what is to be unique must be. A fault whose target was taken away strikes nobody.
function checkReferences(plan: Plan, at: Reader): void {
  const partitions = unique(at.field("partitions"), plan.partitions, (each) => each.partition);
  plan.partitions.forEach((each, i) => {
    const replicas = (at.field("partitions").list()[i] as Reader).field("replicas");
    if (unique(replicas, each.replicas, (replica) => replica.replica).size === 0) replicas.fail("empty");
  });
  const services = unique(at.field("services"), plan.services, (each) => each.name);
  plan.services.forEach((each, i) => {
    if (!partitions.has(each.partition))
      at.field("services").list()[i]?.fail(`partition ${each.partition} is not there`);
  });
  unique(at.field("clients"), plan.clients, (each) => each.client);
  unique(at.field("faults"), plan.faults, (each) => each.id);
  plan.clients.forEach((client, i) => {
    const lives = (at.field("clients").list()[i] as Reader).field("lives");
    unique(lives, client.lives, (life) => life.incarnation);
    client.lives.forEach((life, j) => {
      const operations = (lives.list()[j] as Reader).field("operations");
      unique(operations, life.operations.flatMap(numbersOf), (op) => op);
      life.operations.forEach((each, k) => {
        if (!services.has(each.service)) operations.list()[k]?.fail(`service "${each.service}" is not there`);
      });
    });
  });
}

function numbersOf(operation: OperationPlan): number[] {
  return operation.release === undefined ? [operation.op] : [operation.op, operation.release];
}

function unique<T, Name>(at: Reader, items: readonly T[], nameOf: (item: T) => Name): Set<Name> {
  const names = new Set<Name>();
  for (const item of items) {
    const name = nameOf(item);
    if (names.has(name)) at.fail(`${String(name)} stands there twice`);
    names.add(name);
  }
  return names;
}
