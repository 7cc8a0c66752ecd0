// Whether the candidate takes longer for an entry than is granted. Both apply the same entries in turns, so that whatever else
// the machine is busy with falls on both; of each the fastest turn counts. Only where it is asked for: time is never exact.
import type { Entry } from "../protocol/machine.js";
import { entryOf } from "../replay/as-log.js";
import type { EventLine } from "../trace/line.js";
import { type Finding, fingerprintOf, type Found } from "./difference.js";
import type { Side } from "./player.js";
import type { Pair } from "./plays.js";

const TURNS = 9;

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

/** Nanoseconds an entry takes, of the fastest turn. `clock`: milliseconds. */
export function timesOf(logs: readonly (readonly Entry[])[], pair: Pair, clock: () => number): [number, number] {
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

function applyAll(logs: readonly (readonly Entry[])[], { machine }: Side): void {
  machine.begin?.();
  for (const log of logs) {
    const replica = machine.create();
    for (const entry of log) replica.apply(entry);
  }
}

/** The difference, where the candidate takes more than `bound` times as long. */
export function slower([one, other]: readonly [number, number], bound: number): Found | undefined {
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
