// A worker thread of `run --exhaustive`: told once who stands trial, then expands the states that it is sent.
import { parentPort, workerData } from "node:worker_threads";
import type { ExpanderStart, FromExpander, Order } from "../exhaustive/crew.js";
import { inThisThread } from "../exhaustive/histories.js";
import type { Expanders } from "../exhaustive/search.js";
import { installTraps } from "../explore/traps.js";
import { UnfitError } from "../protocol/machine-errors.js";
import type { ContestantOptions } from "./contestants.js";

installTraps();
const { data, job } = workerData as ExpanderStart;
const expanders = load();

parentPort?.on("message", (order: Order) => {
  void answer(order).then((said) => parentPort?.postMessage(said));
});

// The machine's module is loaded late, when the traps are set.
async function load(): Promise<Expanders> {
  const { contestantFrom } = await import("./contestants.js");
  const { contestant } = await contestantFrom(data as ContestantOptions, { job });
  return inThisThread(contestant);
}

async function answer({ subject, batch }: Order): Promise<FromExpander> {
  try {
    return { kind: "expanded", expanded: await (await expanders).expand(subject, batch) };
  } catch (error) {
    if (error instanceof UnfitError) return { kind: "unfit", message: error.message };
    throw error;
  }
}
