// Worker threads that hunt: each takes the next hunt when it is done with one. A hunter that does not come to an end with a
// seed, or ends itself, costs its hunt and nothing more. Which file a worker runs is the business of whoever composes.
import { Worker } from "node:worker_threads";
import type { Hunt, Hunted } from "./hunt.js";

/** What a hunter says. */
export type FromHunter = { readonly kind: "tried" } | { readonly kind: "hunted"; readonly hunted: Hunted };

export interface HuntersOptions {
  readonly size: number;
  /** The file that each worker runs: it answers each {@link Hunt} by {@link FromHunter}s. */
  readonly file: URL;
  /** What the file is told once, at its start. */
  readonly data: unknown;
  /** A hunter that spends so long on one seed hangs. Wall-clock milliseconds. */
  readonly patience: number;
  /** Asked before each hunt; true: begin no more. */
  readonly stop: () => boolean;
  readonly progress: (hunted: Hunted) => void;
}

/** Does all the hunts, as many at once as there are hunters. In the order of the hunts; those never begun are left out. */
export async function huntAll(hunts: readonly Hunt[], options: HuntersOptions): Promise<Hunted[]> {
  const done: Hunted[] = [];
  let next = 0;
  const hunter = async (): Promise<void> => {
    let worker: Worker | undefined;
    while (!options.stop() && next < hunts.length) {
      const at = next++;
      const hunt = hunts[at] as Hunt;
      worker ??= new Worker(options.file, { workerData: options.data });
      const hunted = await send(worker, hunt, options.patience);
      if (hunted === undefined) {
        await worker.terminate();
        worker = undefined;
      }
      done[at] = hunted ?? { hunt, caught: null, falseCauses: {}, ourBug: "its hunter did not come to an end" };
      options.progress(done[at]);
    }
    await worker?.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(options.size, hunts.length) }, hunter));
  return done.filter((each) => each !== undefined);
}

/** undefined: the hunter ended or hangs. */
function send(worker: Worker, hunt: Hunt, patience: number): Promise<Hunted | undefined> {
  return new Promise((resolve) => {
    const settle = (hunted: Hunted | undefined): void => {
      clearTimeout(watch);
      worker.off("message", onMessage).off("error", onEnd).off("exit", onEnd);
      resolve(hunted);
    };
    const onMessage = (said: FromHunter): void => {
      if (said.kind === "hunted") settle(said.hunted);
      else watch.refresh();
    };
    const onEnd = (): void => settle(undefined);
    const watch = setTimeout(onEnd, patience);
    worker.on("message", onMessage).on("error", onEnd).on("exit", onEnd);
    worker.postMessage(hunt);
  });
}
