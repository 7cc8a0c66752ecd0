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
      if (typeof hunted === "string") {
        await worker.terminate();
        worker = undefined;
        done[at] = { hunt, caught: null, falseCauses: {}, ourBug: hunted };
      } else done[at] = hunted;
      options.progress(done[at]);
    }
    await worker?.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(options.size, hunts.length) }, hunter));
  return done.filter((each) => each !== undefined);
}

/** What the hunter found; as a text, why it did not come to an end. */
function send(worker: Worker, hunt: Hunt, patience: number): Promise<Hunted | string> {
  return new Promise((resolve) => {
    let tried = 0;
    const settle = (hunted: Hunted | string): void => {
      clearTimeout(watch);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      resolve(hunted);
    };
    const onMessage = (said: FromHunter): void => {
      if (said.kind === "hunted") return settle(said.hunted);
      tried += 1;
      watch.refresh();
    };
    const onError = (error: Error): void => settle(`its hunter ended: ${error.message}`);
    const onExit = (code: number): void => settle(`its hunter ended with code ${code}`);
    const onSilence = (): void => settle(`its hunter did not come to an end with seed ${tried} from its start`);
    const watch = setTimeout(onSilence, patience);
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(hunt);
  });
}
