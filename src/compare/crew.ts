// Worker threads that compare: each takes the next job when it is done with one. A machine that hangs is found by its pulse; its
// worker is ended, and the job goes on elsewhere up to the very call. Which file a worker runs is the business of whoever composes.
import { Worker } from "node:worker_threads";
import { Pulse } from "../explore/watch.js";
import { type Hung, type Job, type Result, type SmallResult, subjectInWords } from "./job.js";

/** What a worker is told at its start. */
export interface CompareStart<Task> {
  readonly task: Task;
  readonly job: number;
  readonly baseline: SharedArrayBuffer;
  readonly candidate: SharedArrayBuffer;
}

/** What a worker says of a job. */
export type FromComparer =
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "small"; readonly small: SmallResult | undefined }
  /** A machine can't stand trial, or what is asked makes no sense: no other job would be better. */
  | { readonly kind: "refused"; readonly unfit: boolean; readonly message: string; readonly todo: string };

/** A job that did not come to an end, and why. */
export interface Lost {
  readonly kind: "lost";
  readonly reason: string;
  readonly hung?: Hung;
}

export interface CrewOptions<Task> {
  readonly size: number;
  readonly file: URL;
  readonly task: Task;
  /** A worker whose machines have made no call for so long hangs. Wall-clock milliseconds. */
  readonly patience: number;
}

export interface Crew {
  readonly size: number;
  run(job: Job): Promise<FromComparer | Lost>;
  close(): Promise<void>;
}

export function crewOf<Task>(options: CrewOptions<Task>): Crew {
  const idle: Hand<Task>[] = [];
  const all = new Set<Hand<Task>>();
  let closed = false;
  const answer = async (job: Job): Promise<FromComparer | Lost> => {
    if (closed) return { kind: "lost", reason: "everybody has gone home" };
    const hand = idle.pop() ?? new Hand(options, all.size % options.size);
    all.add(hand);
    const said = await hand.run(job);
    if (said.kind === "lost") all.delete(hand);
    else idle.push(hand);
    return said;
  };
  return {
    size: options.size,
    run: async (job) => {
      const said = await answer(job);
      if (said.kind !== "lost" || said.hung === undefined || job.kind !== "compare") return said;
      const { hung } = said;
      if (hung.who === "baseline") {
        const message = `the baseline does not come to an end with its call ${hung.call} (${subjectInWords(job.subject)})`;
        return { kind: "refused", unfit: true, message, todo: "" };
      }
      return answer({ ...job, hung });
    },
    close: async () => {
      closed = true;
      await Promise.all([...all].map((hand) => hand.close()));
    },
  };
}

class Hand<Task> {
  readonly #worker: Worker;
  readonly #baseline = new Pulse();
  readonly #candidate = new Pulse();
  readonly #patience: number;

  constructor({ file, task, patience }: CrewOptions<Task>, job: number) {
    this.#patience = patience;
    const start: CompareStart<Task> = {
      task,
      job,
      baseline: this.#baseline.buffer,
      candidate: this.#candidate.buffer,
    };
    this.#worker = new Worker(file, { workerData: start });
    // An error is heard of where a job waits for it; one that comes in between must not end the process.
    this.#worker.on("error", () => undefined);
  }

  run(job: Job): Promise<FromComparer | Lost> {
    const worker = this.#worker;
    return new Promise((resolve) => {
      let before = this.#beat();
      let still = 0;
      const watch = setInterval(() => {
        const now = this.#beat();
        still = now === before ? still + 1 : 0;
        before = now;
        if (still > 0) this.#hangs(still, end);
      }, this.#patience);
      const settle = (said: FromComparer | Lost): void => {
        clearInterval(watch);
        worker.off("message", settle).off("error", onError).off("exit", onExit);
        resolve(said);
      };
      const onError = (error: Error): void => settle({ kind: "lost", reason: `its worker ended: ${error.message}` });
      const onExit = (code: number): void => settle({ kind: "lost", reason: `its worker ended with code ${code}` });
      const end = (lost: Lost): void => {
        void worker.terminate();
        settle(lost);
      };
      worker.on("message", settle).on("error", onError).on("exit", onExit);
      worker.postMessage(job);
    });
  }

  #beat(): string {
    return `${this.#baseline.calls}:${this.#candidate.calls}`;
  }

  // Between calls a machine may be starting, or the judge may search: that takes longer than any call.
  #hangs(still: number, end: (lost: Lost) => void): void {
    for (const [who, pulse] of [["candidate", this.#candidate] as const, ["baseline", this.#baseline] as const]) {
      if (!pulse.inCall) continue;
      return end({ kind: "lost", reason: `the ${who} did not come to an end`, hung: { who, call: pulse.calls } });
    }
    if (still > 3) end({ kind: "lost", reason: "the harness did not come to an end" });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
