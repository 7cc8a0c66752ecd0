// Whether the candidate takes longer for an entry than is granted. Both apply the same entries in turns, so that whatever else
// the machine is busy with falls on both; of each the fastest turn counts. Only where it is asked for: time is never exact.
import type { Entry } from "../protocol/machine.js";
import { entryOf } from "../replay/as-log.js";
import type { EventLine } from "../trace/line.js";
import { type Finding, fingerprintOf, type Found } from "./difference.js";
import type { Side } from "./player.js";
import type { Pair } from "./plays.js";

const TURNS = 9;
/** Only what is slower every time is slower. */
const TIMES = 3;

/** The logs of a play, one a partition. */
export function logsOf(calls: readonly EventLine[]): Entry[][] {
  const logs = new Map<number, Entry[]>();
  for (const line of calls) {
    if (line.e !== "commit") continue;
    const log = logs.get(line.partition) ?? [];
    const entry = entryOf(line);
    // A log holds bytes: whoever decodes for itself is not to pay for their making.
    void entry.bytes;
    log.push(entry);
    logs.set(line.partition, log);
  }
  return [...logs.values()];
}

/** What takes more than `bound` times as long, every time that it is measured. `clock`: milliseconds. */
export function slowerThan(logs: Logs, pair: Pair, bound: number, clock: () => number): Found | undefined {
  // In this process, what the processor did for it counts, whatever else the machine was busy with.
  const { baseline, candidate } = pair;
  const measure = baseline.inThisProcess && candidate.inThisProcess ? processorMillis : clock;
  let found: Found | undefined;
  for (let time = 0; time < TIMES; time++) {
    found = slower(timesOf(logs, pair, measure), bound);
    if (found === undefined) return undefined;
  }
  return found;
}

function processorMillis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

type Logs = readonly (readonly Entry[])[];

/** Nanoseconds an entry takes, of the fastest turn. */
function timesOf(logs: Logs, pair: Pair, clock: () => number): [number, number] {
  const entries = Math.max(
    1,
    logs.reduce((sum, log) => sum + log.length, 0),
  );
  const best: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let turn = 0; turn < TURNS; turn++) {
    for (const which of turn % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const side = which === 0 ? pair.baseline : pair.candidate;
      const begin = clock();
      applyAll(logs, side);
      best[which] = Math.min(best[which], ((clock() - begin) * 1e6) / entries);
    }
  }
  return best;
}

function applyAll(logs: Logs, { machine }: Side): void {
  machine.begin?.();
  for (const log of logs) {
    const replica = machine.create();
    for (const entry of log) replica.apply(entry);
  }
}

function slower([one, other]: readonly [number, number], bound: number): Found | undefined {
  if (other <= one * bound) return undefined;
  const words = (nanos: number): string => `${(nanos / 1000).toFixed(1)} µs an entry`;
  const how = `more than ${bound} times as long`;
  const finding: Finding = {
    kind: "cost",
    about: "time per entry",
    how,
    baseline: words(one),
    candidate: words(other),
  };
  return { ...finding, fingerprint: fingerprintOf(finding), partition: 0, replica: 0, index: 0n, call: 0 };
}
