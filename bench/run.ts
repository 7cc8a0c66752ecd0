// Every figure of the README, in groups. The command line's `bench` prints them.
import { installTraps } from "../src/explore/traps.js";
import type { Figure } from "./figure.js";

export type { Figure } from "./figure.js";
export { table } from "./figure.js";

/** The groups, in the order in which they are measured, and what each is about. */
export const GROUPS: Readonly<Record<string, string>> = {
  trials: "seeds, entries and events a second of one core, everything judged; memory",
  workers: "what a second worker is worth, beside what two processes of one each come to; some minutes",
  "long-run": "one run of a million entries: its last beside its first, memory; some minutes",
  machine: "the bare machine: entries a second, snapshots, keep-alives, sessions",
  checker: "the search for a legal order",
  shrinker: "a catch made as small as it goes",
  guided: "the zoo's ten slowest bugs, hunted by a blind swarm and by a guided one; some minutes",
  "start-up": "the command line's start",
  baseline: "the same work with fast-check's commands and scheduler around the same machine",
};

/** Measures one group. `progress` hears of what takes long. */
export async function figuresOf(group: string, progress: (done: string) => void): Promise<Figure[]> {
  if (group === "trials" || group === "shrinker" || group === "guided") installTraps();
  switch (group) {
    case "trials":
      return (await import("./trials.js")).trialFigures();
    case "workers":
      return (await import("./workers.js")).workerFigures(progress);
    case "long-run":
      return (await import("./long-run.js")).longRunFigures();
    case "machine":
      return (await import("./fsm.js")).fsmFigures().map((one) => ({ ...one, name: `machine: ${one.name}` }));
    case "checker":
      return (await import("./tools.js")).checkerFigures();
    case "shrinker":
      return (await import("./tools.js")).shrinkerFigures();
    case "guided":
      return (await import("./guided.js")).guidedFigures(progress);
    case "start-up":
      return (await import("./tools.js")).startUpFigures();
    case "baseline":
      return (await import("./baseline/baseline.js")).baselineFigures(progress);
    default:
      throw new RangeError(`there is no group of figures "${group}"`);
  }
}
