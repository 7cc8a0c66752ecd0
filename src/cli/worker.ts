// A worker thread of `run`: told once who stands trial and on what, then tries the batches that it is sent.
import { parentPort, workerData } from "node:worker_threads";
import { type Assignment, runBatch } from "../explore/batch.js";
import type { FromWorker, WorkerStart } from "../explore/pool.js";
import type { Batch } from "../explore/seeds.js";
import { installTraps } from "../explore/traps.js";
import { Pulse } from "../explore/watch.js";
import { UnfitError } from "../protocol/machine-errors.js";
import type { ContestantOptions } from "./contestants.js";

/** What `run` tells its workers: an assignment, whose contestant each loads for itself. */
export interface WorkerTask extends Omit<Assignment, "contestant"> {
  readonly contestant: ContestantOptions;
}

installTraps();
const { data, pulse: buffer, job } = workerData as WorkerStart;
const task = data as WorkerTask;
const pulse = new Pulse(buffer);
const assignment = load();

parentPort?.on("message", (batch: Batch) => {
  void answer(batch).then((said) => parentPort?.postMessage(said));
});

async function load(): Promise<Assignment> {
  const { contestantFrom } = await import("./contestants.js");
  const { contestant } = await contestantFrom(task.contestant, { job });
  return { ...task, contestant };
}

async function answer(batch: Batch): Promise<FromWorker> {
  try {
    return { kind: "result", result: runBatch(await assignment, batch, pulse) };
  } catch (error) {
    if (error instanceof UnfitError) return { kind: "unfit", message: error.message };
    throw error;
  }
}
