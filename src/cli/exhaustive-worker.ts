// A worker thread of `run --exhaustive`: told once who stands trial, then expands the states that it is sent.
import { parentPort, workerData } from "node:worker_threads";
import type { ExpanderStart, FromExpander, Order } from "../exhaustive/crew.js";
import { inThisThread } from "../exhaustive/histories.js";
import { Place } from "../exhaustive/place.js";
import type { Expanders } from "../exhaustive/search.js";
import { installTraps } from "../explore/traps.js";
import { UnfitError } from "../protocol/machine-errors.js";
import type { ContestantOptions } from "./contestants.js";

/** Who stands trial. */
export interface ExpanderTask {
  readonly contestant: ContestantOptions;
}

installTraps();
const { data, job, place } = workerData as ExpanderStart;
const expanders = load();

parentPort?.on("message", (order: Order) => {
  void answer(order).then((said) => parentPort?.postMessage(said));
});

// The machine's module is loaded late, when the traps are set.
async function load(): Promise<Expanders> {
  const { contestantFrom } = await import("./contestants.js");
  const { contestant: asked } = data as ExpanderTask;
  const { contestant } = await contestantFrom(asked, { job });
  return inThisThread(contestant, new Place(place));
}

async function answer({ subject, batch }: Order): Promise<FromExpander> {
  try {
    return { kind: "expanded", expanded: await (await expanders).expand(subject, batch) };
  } catch (error) {
    if (error instanceof UnfitError) return { kind: "unfit", message: error.message };
    throw error;
  }
}
