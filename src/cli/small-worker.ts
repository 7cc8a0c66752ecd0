// A worker thread of `run --report`: makes one failing run small, writes its trace and its test, and ends. A
// machine that hangs is played in a thread of its own.
import { parentPort, workerData } from "node:worker_threads";
import type { SmallRun } from "../explore/report.js";
import { installTraps } from "../explore/traps.js";
import { Shrinker } from "../shrink/shrinker.js";
import { smallestOf, targetOf, testOf } from "../shrink/smallest.js";
import { isHang } from "../shrink/target.js";
import type { Plan } from "../sim/plan.js";
import { saveTrace } from "../trace/file.js";
import type { ContestantOptions } from "./contestants.js";
import { writeText } from "../trace/disk.js";

export interface SmallTask {
  readonly contestant: ContestantOptions;
  readonly plan: Plan;
  /** The claim that must stay broken; absent: the run's first. */
  readonly property?: string;
  /** Of several failures of a run, the one that is meant. */
  readonly fingerprint: string;
  /** For so long it looks for something smaller. Wall-clock milliseconds. */
  readonly millis: number;
  /** Where the small run's trace goes, and the test. */
  readonly trace: string;
  readonly test: string;
  /** Where the failure came up, in words. */
  readonly from: string;
}

/** What the worker says at its end. */
export type FromSmall =
  { readonly kind: "small"; readonly small: SmallRun } | { readonly kind: "none"; readonly why: string };

// Real time, before the traps may stand in for it.
const clock = performance.now.bind(performance);
installTraps();
const task = workerData as SmallTask;

void makeSmall().then(
  (small) => say({ kind: "small", small }),
  (error: unknown) => say({ kind: "none", why: error instanceof Error ? error.message : String(error) }),
);

function say(said: FromSmall): void {
  parentPort?.postMessage(said);
}

// The machines' modules are loaded late, when the traps are set.
async function makeSmall(): Promise<SmallRun> {
  const begin = clock();
  const { groundsFor } = await import("./grounds.js");
  const { bugNamed } = await import("../../bugs/index.js");
  const { contestant: who, plan, property, fingerprint, trace, test } = task;
  const grounds = await groundsFor(who);
  try {
    const target = targetOf(grounds.contestant, plan, property, grounds);
    if (target.fingerprint !== fingerprint) throw new Error(`played alone it fails with ${target.fingerprint}`);
    if (isHang(fingerprint)) await grounds.hurry();
    const enough = (times: number): boolean => clock() - begin > task.millis * times;
    const shrinker = new Shrinker(target, plan);
    for (const _ of shrinker.run()) if (enough(1)) break;
    const smallest = smallestOf(target, shrinker, () => enough(1.2));
    saveTrace(trace, smallest.trace);
    const bug = who.bug === undefined ? null : (bugNamed(who.bug) ?? null);
    writeText(test, testOf(smallest, { fsm: who.fsm, bug }, task.from, test));
    const { after, finished } = smallest.shrunk;
    return { trace, test, operations: after.operations, faults: after.faults, finished };
  } finally {
    grounds.close();
  }
}
