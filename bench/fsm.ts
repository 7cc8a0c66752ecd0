// What the bare machine costs: entries a second through decode and apply, keep-alives, sessions, snapshots. Every figure is
// the median of several runs, each on a machine of its own. Run it alone: node dist/bench/fsm.js
import { fileURLToPath } from "node:url";
import { CommandInput } from "../src/proto/atomix/multiraft/v1/fsm.js";
import { IncrementInput } from "../src/proto/multiraft_sim/counter/v1/counter.js";
import { PutInput } from "../src/proto/multiraft_sim/map/v1/map.js";
import { reference } from "../src/fsm/reference.js";
import { decodeEntry } from "../src/protocol/entry.js";
import { encodeInputFilter } from "../src/protocol/input-filter.js";
import type { StateMachine } from "../src/protocol/machine.js";
import { LogIndex } from "../src/protocol/words.js";
import { type Figure, measured, milliseconds, table } from "./figure.js";

const START_SECONDS = 946_684_800n;

const NO_BYTES = new Uint8Array(0);

/** Bytes of entries, in the order in which they are applied; the first has index 1. */
class Log {
  readonly entries: Uint8Array[] = [];
  readonly #nanosPerEntry = 1_000_000; // a thousand entries a second of log time

  push(input: CommandInput["input"]): bigint {
    const index = this.entries.length + 1;
    const nanos = index * this.#nanosPerEntry;
    const timestamp = { seconds: START_SECONDS + BigInt(Math.floor(nanos / 1e9)), nanos: nanos % 1e9 };
    this.entries.push(CommandInput.encode({ timestamp, input }).finish());
    return BigInt(index);
  }

  open(seconds: bigint): bigint {
    return this.push({ $case: "openSession", value: { timeout: { seconds, nanos: 0 } } });
  }

  create(sessionId: bigint, service: string): bigint {
    const spec = { service, namespace: "bench", name: service };
    return this.push({
      $case: "sessionCommand",
      value: { sessionId, input: { $case: "createService", value: { spec } } },
    });
  }

  command(sessionId: bigint, serviceId: bigint, sequenceNum: bigint, name: string, payload: Uint8Array): void {
    const value = { serviceId, sequenceNum, operation: { name, payload } };
    this.push({ $case: "sessionCommand", value: { sessionId, input: { $case: "serviceCommand", value } } });
  }

  keepAlive(sessionId: bigint, lastInput: bigint, open: readonly bigint[]): void {
    this.push({
      $case: "keepAlive",
      value: {
        sessionId,
        inputFilter: encodeInputFilter(open),
        lastInputSequenceNum: lastInput,
        lastOutputSequenceNums: new Map(),
      },
    });
  }
}

function applyAll(machine: StateMachine, entries: readonly Uint8Array[], from = 0): void {
  for (let at = from; at < entries.length; at++) {
    machine.apply(decodeEntry(LogIndex(BigInt(at + 1)), entries[at] as Uint8Array));
  }
}

const ENTRIES = 200_000;
const KEEP_ALIVE_EVERY = 500;

/** One session, one service, commands in order, a keep-alive that takes everything back every 500. */
function throughput(service: string, operation: (number: number) => readonly [string, Uint8Array]): () => number {
  const log = new Log();
  const session = log.open(3600n);
  const id = log.create(session, service);
  for (let number = 1; number <= ENTRIES; number++) {
    const [name, payload] = operation(number);
    log.command(session, id, BigInt(number), name, payload);
    if (number % KEEP_ALIVE_EVERY === 0) log.keepAlive(session, BigInt(number), []);
  }
  return () => log.entries.length / (milliseconds(() => applyAll(reference.create(), log.entries)) / 1000);
}

function throughputFigures(): Figure[] {
  const increment = IncrementInput.encode({ delta: 1n }).finish();
  const value = new Uint8Array(16).fill(7);
  const puts = Array.from({ length: 1000 }, (_, key) =>
    PutInput.encode({ key: `key-${key}`, value, ttl: undefined }).finish(),
  );
  return [
    measured(
      "counter Increment, decode and apply",
      "entries/s",
      throughput("counter", () => ["Increment", increment]),
    ),
    measured(
      "map Put, 1 000 keys, decode and apply",
      "entries/s",
      throughput("map", (number) => ["Put", puts[number % 1000] as Uint8Array]),
    ),
  ];
}

/** The cost of one keep-alive that finds `remembered` commands and keeps them, and `listed` numbers and keeps them. */
function keepAliveCost(remembered: number, listed: number): Figure {
  const log = new Log();
  const session = log.open(3600n);
  const id = log.create(session, "counter");
  const last = remembered + listed;
  for (let number = 1; number <= remembered; number++) log.command(session, id, BigInt(number), "Increment", NO_BYTES);
  const open = Array.from({ length: last }, (_, at) => BigInt(at + 1));
  const before = log.entries.length;
  const times = 20;
  for (let i = 0; i < times; i++) log.keepAlive(session, BigInt(last), open);
  return measured(`keep-alive, ${remembered} remembered, ${listed} listed`, "µs", () => {
    const machine = reference.create();
    applyAll(machine, log.entries.slice(0, before + 1));
    return (milliseconds(() => applyAll(machine, log.entries, before + 1)) * 1000) / (times - 1);
  });
}

/** The cost of an entry while `count` sessions live, each with a pending deadline; one entry in ten is a keep-alive. */
function costBySessions(count: number): Figure {
  const log = new Log();
  const sessions = Array.from({ length: count }, () => log.open(3600n));
  const id = log.create(sessions[0] as bigint, "counter");
  const before = log.entries.length;
  const filter: bigint[] = [];
  for (let i = 1; i <= 50_000; i++) {
    if (i % 10 === 0) log.keepAlive(sessions[(i * 7919) % count] as bigint, 0n, filter);
    else log.command(sessions[0] as bigint, id, BigInt(i), "Increment", NO_BYTES);
  }
  return measured(`entry with ${count} sessions`, "µs", () => {
    const machine = reference.create();
    applyAll(machine, log.entries.slice(0, before));
    return (milliseconds(() => applyAll(machine, log.entries, before)) * 1000) / 50_000;
  });
}

const REMEMBERED = 200_000;

function snapshotFigures(): Figure[] {
  const log = new Log();
  const session = log.open(3600n);
  const id = log.create(session, "counter");
  const increment = IncrementInput.encode({ delta: 1n }).finish();
  for (let number = 1; number <= REMEMBERED; number++) log.command(session, id, BigInt(number), "Increment", increment);
  const machine = reference.create();
  applyAll(machine, log.entries);
  const bytes = machine.snapshot();
  return [
    measured(`snapshot of ${REMEMBERED} remembered commands`, "ms", () => milliseconds(() => machine.snapshot())),
    measured(`restore of ${REMEMBERED} remembered commands`, "ms", () => {
      const other = reference.create();
      return milliseconds(() => other.restore([bytes]));
    }),
  ];
}

/** Every figure of the bare machine. */
export function fsmFigures(): Figure[] {
  return [
    ...throughputFigures(),
    ...snapshotFigures(),
    ...[10, 1_000, 10_000].map((remembered) => keepAliveCost(remembered, 0)),
    ...[10, 1_000, 10_000].map((listed) => keepAliveCost(0, listed)),
    ...[10, 100, 1_000, 10_000, 100_000].map(costBySessions),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${table(fsmFigures())}\n`);
