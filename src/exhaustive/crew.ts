// Worker threads that expand. Which file a worker runs is the business of whoever composes: it answers each Order by an
// Expanded. A worker whose place stands still for too long has a machine that does not come to an end: it is given up, and
// the history that it was at is what it found.
import { Worker } from "node:worker_threads";
import { UnfitError } from "../protocol/machine-errors.js";
import type { Batch, Expanded } from "./batch.js";
import { Place } from "./place.js";
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
  /** How long one history may take, and how long a worker to begin. Wall-clock milliseconds. */
  readonly patience: { readonly history: number; readonly start: number };
}

/** What a worker is told at its start. */
export interface ExpanderStart {
  readonly data: unknown;
  readonly job: number;
  /** A Place's. */
  readonly place: SharedArrayBuffer;
}

/** How often a worker is looked at. Milliseconds. */
const LOOK = 250;
/** States are made and dropped by the million: room for them spares the collector half of its work. Megabytes. */
const YOUNG = 64;

interface Hand {
  readonly worker: Worker;
  readonly place: Place;
}

/** A crew of worker threads, to be closed when nothing more is asked of it. */
export function crewOf({ size, file, data, patience }: CrewOptions): Expanders & { close(): Promise<void> } {
  const all = new Set<Hand>();
  const idle: Hand[] = [];
  const handOf = (): Hand => {
    const known = idle.pop();
    if (known !== undefined) return known;
    const place = new Place();
    const start: ExpanderStart = { data, job: all.size, place: place.buffer };
    const worker = new Worker(file, { workerData: start, resourceLimits: { maxYoungGenerationSizeMb: YOUNG } });
    worker.on("error", () => undefined);
    const hand = { worker, place };
    all.add(hand);
    return hand;
  };
  return {
    size,
    expand: async (subject, batch) => {
      const hand = handOf();
      const said = await ask(hand, { subject, batch }, patience);
      if (said.kind === "unfit") throw new UnfitError(said.message);
      if (said.expanded.hung === true) {
        all.delete(hand);
        void hand.worker.terminate();
      } else {
        idle.push(hand);
      }
      return said.expanded;
    },
    close: async () => {
      await Promise.all([...all].map(({ worker }) => worker.terminate()));
    },
  };
}

function ask({ worker, place }: Hand, order: Order, patience: CrewOptions["patience"]): Promise<FromExpander> {
  return new Promise((resolve) => {
    const unfit = (message: string): void => settle({ kind: "unfit", message });
    const settle = (said: FromExpander): void => {
      clearInterval(watch);
      worker.off("message", settle).off("error", onError).off("exit", onExit);
      resolve(said);
    };
    const onError = (error: Error): void => unfit(`its worker ended: ${error.message}`);
    const onExit = (code: number): void => unfit(`its worker ended with code ${code}`);
    let beat = place.beat;
    let since = performance.now();
    const watch = setInterval(() => {
      const now = performance.now();
      if (place.beat !== beat) {
        beat = place.beat;
        since = now;
      } else if (beat === 0 && now - since >= patience.start) {
        unfit(`its worker did not begin within ${patience.start / 1000} s`);
      } else if (beat !== 0 && now - since >= patience.history) {
        settle({ kind: "expanded", expanded: hungAt(place, order.batch.at) });
      }
    }, LOOK);
    worker.on("message", settle).on("error", onError).on("exit", onExit);
    worker.postMessage(order);
  });
}

function hungAt(place: Place, at: number): Expanded {
  const nothing = { paths: new Uint8Array(0), hashes: new Uint32Array(0), played: 0, mirrored: 0, restores: 0 };
  return { at, ...nothing, suspects: [place.suspect], hung: true };
}
