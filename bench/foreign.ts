// What it costs to have the machine in another process: applied entries a second through the pipe, with the reference machine
// behind it, and for comparison without it. Three replicas apply one log of counters, with keep-alives. Run it alone, on a
// quiet machine with two processors or more: node dist/bench/foreign.js
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { machineFrom } from "../src/adapter/load.js";
import { packageRoot } from "../src/explore/package.js";
import { reference } from "../src/fsm/reference.js";
import type { CommandInput } from "../src/proto/atomix/multiraft/v1/fsm.js";
import { IncrementInput } from "../src/proto/multiraft_sim/counter/v1/counter.js";
import { makeEntry } from "../src/protocol/entry.js";
import { encodeInputFilter } from "../src/protocol/input-filter.js";
import type { Entry, MachineKind } from "../src/protocol/machine.js";
import { LogIndex } from "../src/protocol/words.js";
import { type Figure, table } from "./figure.js";

const ROUNDS = 7;
const WARM_UP_ROUNDS = 2;
const COMMANDS = 10_000;
const REPLICAS = 3;
const KEEP_ALIVE_EVERY = 50;
const START_SECONDS = 946_684_800n;

/** The log: a session, a counter, increments, and now and then a keep-alive that lets the machine forget them. */
function log(): readonly Entry[] {
  const entries: Entry[] = [];
  const push = (input: NonNullable<CommandInput["input"]>): void => {
    const index = entries.length + 1;
    const timestamp = { seconds: START_SECONDS + BigInt(Math.floor(index / 1000)), nanos: (index % 1000) * 1_000_000 };
    entries.push(makeEntry(LogIndex(BigInt(index)), { timestamp, input }));
  };
  push({ $case: "openSession", value: { timeout: { seconds: 3600n, nanos: 0 } } });
  const spec = { service: "counter", namespace: "bench", name: "counter" };
  const create = { $case: "createService" as const, value: { spec } };
  push({ $case: "sessionCommand", value: { sessionId: 1n, input: create } });
  const payload = IncrementInput.encode({ delta: 3n }).finish();
  const nothingOpen = encodeInputFilter([]);
  for (let number = 1n; number <= COMMANDS; number++) {
    const value = { serviceId: 2n, sequenceNum: number, operation: { name: "Increment", payload } };
    push({ $case: "sessionCommand", value: { sessionId: 1n, input: { $case: "serviceCommand", value } } });
    if (number % BigInt(KEEP_ALIVE_EVERY) !== 0n) continue;
    const keepAlive = { lastInputSequenceNum: number, inputFilter: nothingOpen, lastOutputSequenceNums: new Map() };
    push({ $case: "keepAlive", value: { sessionId: 1n, ...keepAlive } });
  }
  return entries;
}

function entriesASecond(kind: MachineKind): number {
  const entries = log();
  kind.begin?.();
  const replicas = Array.from({ length: REPLICAS }, () => kind.create());
  const begin = performance.now();
  for (const entry of entries) for (const replica of replicas) replica.apply(entry);
  return (entries.length * REPLICAS) / ((performance.now() - begin) / 1000);
}

function figure(name: string, kind: MachineKind): Figure {
  for (let round = 0; round < WARM_UP_ROUNDS; round++) entriesASecond(kind);
  const rates = Array.from({ length: ROUNDS }, () => entriesASecond(kind)).sort((a, b) => a - b);
  const [min = 0, max = 0] = [rates[0], rates.at(-1)];
  return { name, unit: "1/s", median: rates[ROUNDS >> 1] ?? 0, min, max };
}

/** Applied entries a second, in this process and through the pipe. */
export async function foreignFigures(): Promise<Figure[]> {
  const tool = join(packageRoot, "dist", "src", "cli", "main.js");
  const foreign = await machineFrom(`exec:node '${tool}' host`, { reference });
  try {
    return [
      figure("entries applied by a machine in this process", reference),
      figure("entries applied by the same machine in another process", foreign.kind),
    ];
  } finally {
    foreign.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${table(await foreignFigures())}\n`);
}
