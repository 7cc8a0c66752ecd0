// What fast-check draws: one class of command that does what its action says, arbitraries for actions, and what the test
// itself has to know to make entries that mean something: which sessions, services and numbers there are.
import fc from "fast-check";
import { encodeInputFilter } from "../../src/protocol/input-filter.js";
import { OPERATIONS, SERVICE_KINDS } from "../../src/protocol/operations.js";
import type { ServiceCommandInput } from "../../src/proto/atomix/multiraft/v1/fsm.js";
import { payloadOf } from "../../src/sim/payloads.js";
import type { Cluster } from "./cluster.js";

interface OpenSession {
  readonly id: bigint;
  next: bigint;
  readonly sent: ServiceCommandInput[];
}

/** What the test knows. */
export interface Known {
  readonly sessions: OpenSession[];
  /** By kind. */
  readonly services: Map<string, bigint>;
}

const having = fc.record(
  {
    number: fc.integer({ min: -3, max: 3 }),
    delta: fc.integer({ min: -2, max: 5 }),
    key: fc.constantFrom("a", "b", "c"),
    value: fc.constantFrom("x", "y", ""),
    element: fc.constantFrom("a", "b", "c"),
    candidate: fc.constantFrom("a", "b", "c"),
    ttlNanos: fc.constantFrom(0, 300_000_000, 2_000_000_000),
    timeoutNanos: fc.constantFrom(0, 500_000_000, 3_000_000_000),
  },
  { requiredKeys: ["key", "element", "candidate"] },
);

const operations = SERVICE_KINDS.flatMap((kind) =>
  Object.entries(OPERATIONS[kind]).map(([name, how]) => ({ kind, name, how: how as string })),
);
const pick = fc.nat({ max: 6 });
const after = fc.oneof({ weight: 6, arbitrary: fc.nat({ max: 200 }) }, { weight: 1, arbitrary: fc.nat({ max: 4000 }) });

/** What a command is to do. */
const action = fc.oneof(
  { weight: 1, arbitrary: fc.record({ does: fc.constant("open" as const), seconds: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("close" as const), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant("create" as const), pick, kind: fc.constantFrom(...SERVICE_KINDS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("leave" as const), pick, kind: fc.constantFrom(...SERVICE_KINDS) }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      does: fc.constant("command" as const),
      pick,
      skip: fc.integer({ min: -12, max: 1 }),
      operation: fc.constantFrom(...operations.filter(({ how }) => how !== "query")),
      having,
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("retry" as const), pick, back: fc.nat({ max: 4 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant("keep-alive" as const),
      pick,
      late: fc.nat({ max: 2 }),
      open: fc.array(fc.boolean(), { maxLength: 6 }),
      outputs: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant("query" as const),
      pick,
      replica: pick,
      operation: fc.constantFrom(...operations.filter(({ how }) => how === "query")),
      having,
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("save" as const), replica: pick }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("restart" as const), replica: pick }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("tick" as const) }) },
);

type Action = typeof action extends fc.Arbitrary<infer Drawn> ? Drawn : never;

class Act implements fc.AsyncCommand<Known, Cluster, false> {
  constructor(
    readonly action: Action,
    readonly after: number,
  ) {}

  check({ sessions }: Readonly<Known>): boolean {
    return !("pick" in this.action) || sessions.length > 0;
  }

  async run(known: Known, cluster: Cluster): Promise<void> {
    cluster.advance(this.after);
    this.#do(known, cluster);
    if (cluster.wrong !== null) throw new Error(cluster.wrong);
  }

  toString(): string {
    return JSON.stringify(this.action);
  }

  #do(known: Known, cluster: Cluster): void {
    const { action: act } = this;
    switch (act.does) {
      case "open": {
        const timeout = { seconds: BigInt(act.seconds), nanos: 0 };
        const id = cluster.propose({ $case: "openSession", value: { timeout } });
        known.sessions.push({ id, next: 1n, sent: [] });
        return;
      }
      case "tick":
        cluster.propose(undefined);
        return;
      case "save":
        return cluster.save(act.replica);
      case "restart":
        return cluster.restart(act.replica);
      default:
        return this.#inSession(act, known, cluster);
    }
  }

  #inSession(act: Extract<Action, { readonly pick: number }>, known: Known, cluster: Cluster): void {
    const session = known.sessions[act.pick % known.sessions.length] as OpenSession;
    const { id: sessionId } = session;
    switch (act.does) {
      case "close":
        cluster.propose({ $case: "closeSession", value: { sessionId } });
        return;
      case "create": {
        const value = { spec: { service: act.kind, namespace: "bench", name: act.kind } };
        const input = { $case: "createService" as const, value };
        const index = cluster.propose({ $case: "sessionCommand", value: { sessionId, input } });
        if (!known.services.has(act.kind)) known.services.set(act.kind, index);
        return;
      }
      case "leave": {
        const input = { $case: "closeService" as const, value: { serviceId: known.services.get(act.kind) ?? 0n } };
        cluster.propose({ $case: "sessionCommand", value: { sessionId, input } });
        return;
      }
      case "command": {
        const { kind, name } = act.operation;
        const seen = new Map([[act.having.key, BigInt(cluster.last)]]);
        const payload = payloadOf(kind, name, seen, act.having);
        session.next += act.skip > 0 ? 1n : 0n;
        const sequenceNum = session.next++;
        this.#send(
          session,
          { serviceId: this.#service(known, kind), sequenceNum, operation: { name, payload } },
          cluster,
        );
        return;
      }
      case "retry": {
        const again = session.sent.at(-1 - act.back);
        if (again !== undefined) this.#send(session, again, cluster);
        return;
      }
      case "keep-alive": {
        const late = BigInt(act.late);
        const lastInputSequenceNum = session.next > late ? session.next - 1n - late : 0n;
        const open: bigint[] = [];
        act.open.forEach((isOpen, back) => {
          if (isOpen && lastInputSequenceNum > BigInt(back)) open.push(lastInputSequenceNum - BigInt(back));
        });
        const lastOutputSequenceNums = new Map(open.map((number) => [number, BigInt(act.outputs)]));
        const inputFilter = encodeInputFilter(open);
        const value = { sessionId, inputFilter, lastInputSequenceNum, lastOutputSequenceNums };
        cluster.propose({ $case: "keepAlive", value });
        return;
      }
      case "query": {
        const { kind, name } = act.operation;
        const payload = payloadOf(kind, name, new Map(), act.having);
        const value = { serviceId: this.#service(known, kind), operation: { name, payload } };
        const input = { $case: "serviceQuery" as const, value };
        cluster.query(act.replica, {
          maxReceivedIndex: 0n,
          input: { $case: "sessionQuery", value: { sessionId, input } },
        });
      }
    }
  }

  #service(known: Known, kind: string): bigint {
    return known.services.get(kind) ?? 0n;
  }

  #send(session: OpenSession, value: ServiceCommandInput, cluster: Cluster): void {
    session.sent.push(value);
    const input = { $case: "serviceCommand" as const, value };
    cluster.propose({ $case: "sessionCommand", value: { sessionId: session.id, input } });
  }
}

/** Lists of commands. */
export const commandLists = fc.commands<Known, Cluster, false>(
  [fc.tuple(action, after).map(([act, millis]) => new Act(act, millis))],
  { maxCommands: 150, size: "max" },
);
