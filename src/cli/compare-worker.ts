// A worker thread of `compare`: told once who is compared, then does the jobs that it is sent.
import { parentPort, workerData } from "node:worker_threads";
import { UsageError } from "../base/usage-error.js";
import type { CompareStart, FromComparer } from "../compare/crew.js";
import type { Assignment, Job } from "../compare/job.js";
import { installTraps } from "../explore/traps.js";
import { Pulse } from "../explore/watch.js";
import { UnfitError } from "../protocol/machine-errors.js";
import type { MachineSource } from "./compared-machines.js";

/** What `compare` tells its workers. */
export interface CompareTask extends Omit<Assignment, "baseline" | "candidate"> {
  readonly baseline: MachineSource;
  readonly candidate: MachineSource;
}

// Real time, before the traps may stand in for it.
const clock = performance.now.bind(performance);
installTraps();
const start = workerData as CompareStart<CompareTask>;
const pulses = { baseline: new Pulse(start.baseline), candidate: new Pulse(start.candidate) };
const assignment = load();
// Whoever sends the first job hears of what can't be loaded.
assignment.catch(() => undefined);

parentPort?.on("message", (job: Job) => {
  void answer(job).then((said) => parentPort?.postMessage(said));
});

async function load(): Promise<Assignment> {
  const { loadSource } = await import("./compared-machines.js");
  const { task, job } = start;
  const baseline = await loadSource(task.baseline, job);
  const candidate = await loadSource(task.candidate, job);
  return { ...task, baseline: baseline.contestant, candidate: candidate.contestant };
}

async function answer(job: Job): Promise<FromComparer> {
  const { compareSubject, makeSubjectSmall } = await import("../compare/job.js");
  try {
    if (job.kind === "small") {
      return { kind: "small", small: makeSubjectSmall(await assignment, job.subject, job.found, clock, pulses) };
    }
    return { kind: "result", result: compareSubject(await assignment, job.subject, clock, job.hung, pulses) };
  } catch (error) {
    if (error instanceof UsageError) return { kind: "refused", unfit: false, message: error.message, todo: error.todo };
    if (error instanceof UnfitError) return { kind: "refused", unfit: true, message: error.message, todo: "" };
    throw error;
  }
}
