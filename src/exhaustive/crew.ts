// Worker threads that expand. Which file a worker runs is the business of whoever composes: it answers each Order by an
// Expanded. A worker that says nothing for too long has a machine that does not come to an end.
import { Worker } from "node:worker_threads";
import { UnfitError } from "../protocol/machine-errors.js";
import type { Batch, Expanded } from "./expander.js";
import type { Expanders } from "./search.js";

/** What a worker is asked. */
export interface Order {
  readonly subject: string;
  readonly batch: Batch;
}

/** What a worker says: what it found, or why it can't go on. */
export type FromExpander =
  { readonly kind: "expanded"; readonly expanded: Expanded } | { readonly kind: "unfit"; readonly message: string };

export interface CrewOptions {
  readonly size: number;
  readonly file: URL;
  /** What each is told once, at its start; and which of them it is, from 0. */
  readonly data: unknown;
  /** Wall-clock milliseconds. */
  readonly patience: number;
}

/** What a worker is told at its start. */
export interface ExpanderStart {
  readonly data: unknown;
  readonly job: number;
}

/** A crew of worker threads, to be closed when nothing more is asked of it. */
export function crewOf({ size, file, data, patience }: CrewOptions): Expanders & { close(): Promise<void> } {
  const all: Worker[] = [];
  const idle: Worker[] = [];
  const hand = (): Worker => {
    const known = idle.pop();
    if (known !== undefined) return known;
    const start: ExpanderStart = { data, job: all.length };
    const worker = new Worker(file, { workerData: start });
    worker.on("error", () => undefined);
    all.push(worker);
    return worker;
  };
  return {
    size,
    expand: async (subject, batch) => {
      const worker = hand();
      const said = await ask(worker, { subject, batch }, patience);
      if (said.kind === "unfit") throw new UnfitError(said.message);
      idle.push(worker);
      return said.expanded;
    },
    close: async () => {
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}

function ask(worker: Worker, order: Order, patience: number): Promise<FromExpander> {
  return new Promise((resolve) => {
    const unfit = (message: string): void => settle({ kind: "unfit", message });
    const settle = (said: FromExpander): void => {
      clearTimeout(watch);
      worker.off("message", settle).off("error", onError).off("exit", onExit);
      resolve(said);
    };
    const onError = (error: Error): void => unfit(`its worker ended: ${error.message}`);
    const onExit = (code: number): void => unfit(`its worker ended with code ${code}`);
    const watch = setTimeout(
      () => unfit(`it did not come to an end with histories of the subject ${order.subject}; \`run\` names the call`),
      patience,
    );
    worker.on("message", settle).on("error", onError).on("exit", onExit);
    worker.postMessage(order);
  });
}
