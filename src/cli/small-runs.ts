// The failures of a run, made small for its report: as many at once as there are jobs, all together for no longer than was
// asked. What hangs, crashes or runs out of time costs its own small run and nothing more.
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { SmallRun } from "../explore/report.js";
import { SAME_SEED } from "../explore/same-seed.js";
import type { ContestantOptions } from "./contestants.js";
import { type FoundFailure, fromHere, placeOf } from "./found-failures.js";
import { counted } from "./numbers.js";
import type { FromSmall, SmallTask } from "./small-worker.js";

export interface SmallRunsOptions {
  readonly contestant: ContestantOptions;
  readonly scenario: string;
  /** The folder of the report. */
  readonly folder: string;
  readonly jobs: number;
  /** For all failures together. Wall-clock milliseconds. */
  readonly millis: number;
  /** Asked all the time; true: be content with what there is. */
  readonly stop: () => boolean;
  /** Hears of each failure that was made small. */
  readonly made: (failure: FoundFailure) => void;
}

/** No failure gets longer than this: what is not small by then is seldom small soon. */
const MOST_MILLIS = 60_000;
/** What a worker needs after its time is up to put the smallest run on file. */
const GRACE_MILLIS = 20_000;

/** Makes failures small, those that are known last. What can't be made small is said and left as it is. */
export async function makeSmall(found: readonly FoundFailure[], options: SmallRunsOptions): Promise<void> {
  const { jobs, millis, stop } = options;
  const begin = performance.now();
  const left = (): number => Math.min(MOST_MILLIS, millis - (performance.now() - begin));
  const known = (one: FoundFailure): boolean => one.reported.known !== undefined;
  const waiting = [...found.filter((one) => !known(one)), ...found.filter(known)];
  const member = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { plan, reported } = next;
      if (stop() || left() <= 0) continue;
      const answer = await smallRun(taskFor(next, plan, left(), options), stop);
      if (answer.kind === "none") {
        process.stderr.write(`${reported.property}, seed ${reported.seed}: not made small: ${answer.why}\n`);
        continue;
      }
      const { trace, test, ...size } = answer.small;
      const small: SmallRun = { trace: fromHere(trace), test: fromHere(test), ...size };
      const { operations, faults } = small;
      const so = `${counted(operations, "operation")} and ${counted(faults, "fault")}`;
      process.stderr.write(`${reported.property}, seed ${reported.seed}: made small, ${so}\n`);
      options.made({ ...next, reported: { ...reported, small } });
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, waiting.length) }, member));
}

function taskFor(
  { reported, name }: FoundFailure,
  plan: SmallTask["plan"],
  millis: number,
  options: SmallRunsOptions,
): SmallTask {
  // prettier-ignore
  const { property, seed, fingerprint } = reported;
  const place = placeOf(options.folder, name);
  return {
    contestant: options.contestant,
    plan,
    ...(property === SAME_SEED ? { property } : {}),
    fingerprint,
    millis,
    trace: join(place, "small.jsonl"),
    test: join(place, `${property.replaceAll("/", "-")}.test.ts`),
    from: `seed ${seed} of the scenario ${options.scenario}`,
  };
}

/** Lets one worker work. */
function smallRun(task: SmallTask, stop: () => boolean): Promise<FromSmall> {
  const worker = new Worker(new URL("./small-worker.js", import.meta.url), { workerData: task });
  const none = (why: string): FromSmall => ({ kind: "none", why });
  const said = new Promise<FromSmall>((resolve) => {
    const late = setTimeout(() => settle(none("it did not come to an end")), task.millis + GRACE_MILLIS);
    const watch = setInterval(() => {
      if (stop()) settle(none("interrupted"));
    }, 100);
    const settle = (answer: FromSmall): void => {
      clearTimeout(late);
      clearInterval(watch);
      resolve(answer);
    };
    worker.once("message", settle);
    worker.once("error", (error) => settle(none(error.message)));
    worker.once("exit", (code) => settle(none(`its worker ended with code ${code}`)));
  });
  return said.finally(() => {
    void worker.terminate();
  });
}
