// What `run` does: a crew is put together, the seeds are explored, failures are recorded, grouped and, for a report folder, made
// small; the report is printed in the face that was asked for, and the exit code says what it came to.
import type { FailedSeed, Task } from "../explore/batch.js";
import { benchOf, type Contestant } from "../explore/contestant.js";
import { exploreGuided } from "../explore/guided.js";
import { explore, type Exploration, grouped, type Progress } from "../explore/explorer.js";
import { recordFailure } from "../explore/failure.js";
import { pool } from "../explore/pool.js";
import { reportOf, type RunReport } from "../explore/report.js";
import { seedsInShard } from "../explore/seeds.js";
import { recordTrial, trialOf } from "../explore/trial.js";
import { UnfitError } from "../protocol/machine-errors.js";
import { saveTrace } from "../trace/file.js";
import { ExitCode, worst } from "./exit-codes.js";
import { type FoundFailure, lookedAt, stillThere } from "./found-failures.js";
import { hearInterruption } from "./interruption.js";
import { commit, TOOL, version } from "../explore/package.js";
import { KeptFailures } from "./kept-failures.js";
import { pictured } from "./pictures.js";
import { progressOn } from "./progress.js";
import { writeFolder } from "./report/folder.js";
import { printed } from "./report/format.js";
import { exitCodeFor, type RunOutcome } from "./report/outcome.js";
import { reproduceSeed } from "./reproduce.js";
import type { RunSettings } from "./run.js";
import { makeSmall } from "./small-runs.js";
import { Troubles } from "./troubles.js";
import type { WorkerTask } from "./worker.js";
import { makeFolder } from "../trace/disk.js";

/** Of so many seeds one is played twice. */
const TWICE_EVERY = 50;
/** A machine that makes no call for so long hangs. Milliseconds. */
const PATIENCE = 10_000;

export async function runExploration(settings: RunSettings, contestant: Contestant): Promise<ExitCode> {
  const task: Task = { scenario: settings.scenario, contestant, version: version() };
  const begin = performance.now();
  const interruption = hearInterruption();
  try {
    if (settings.report !== undefined) makeFolder(settings.report, `the report folder ${settings.report}`);
    const ledger = settings.ledger ? new KeptFailures(task) : undefined;
    const stop = (): boolean => interruption.heard;
    await ledger?.tryFirst(settings.known);
    const exploration = await exploreSeeds(settings, task, begin, stop, ledger);
    const interrupted = interruption.heard;
    const wallSeconds = (performance.now() - begin) / 1000;
    const reproduce = (seed: bigint): string => reproduceFor(settings, task, seed);
    const found = failuresOf(settings, task, exploration, ledger);
    const troubles = new Troubles();
    const path = settings.trace;
    const traced = path !== undefined && troubles.attempt(() => keepTrace(settings, task, path, exploration));
    const report = (failures: readonly FoundFailure[]): RunReport =>
      reportOf(
        task,
        exploration,
        failures.map(({ reported }) => reported),
        {
          tool: TOOL,
          commit: commit(),
          profile: settings.profile,
          wallSeconds,
          interrupted,
          reproduce,
        },
      );
    const all =
      settings.report === undefined
        ? found
        : await inFolder(settings.report, settings, contestant, found, report, stop, troubles);
    const folder = settings.report === undefined ? {} : { folder: settings.report };
    const trace = traced ? { trace: path } : {};
    const outcome: RunOutcome = { report: report(all), digest: exploration.digest, ...trace, ...folder };
    process.stdout.write(printed(settings.format, outcome, process.stdout.isTTY === true));
    const code = exitCodeFor(outcome.report);
    return troubles.any ? worst([ExitCode.usage, code]) : code;
  } finally {
    interruption.forget();
  }
}

/** The report in its folder: whole at once, and again whenever a failure was made small, which takes its time. */
async function inFolder(
  folder: string,
  settings: RunSettings,
  whole: Contestant,
  found: readonly FoundFailure[],
  report: (failures: readonly FoundFailure[]) => RunReport,
  stop: () => boolean,
  troubles: Troubles,
): Promise<readonly FoundFailure[]> {
  const own = benchOf(whole);
  let all = found;
  const write = (): boolean => troubles.attempt(() => writeFolder(folder, report(all)));
  write();
  const made = (one: FoundFailure): void => {
    const drawn = pictured(one, folder, own);
    all = all.map((each) => (each.name === one.name ? drawn : each));
    write();
  };
  const { contestant, jobs, shrinkMillis: millis, scenarioAsked: scenario } = settings;
  if (millis > 0) await makeSmall(found, { contestant, scenario, folder, jobs, millis, stop, made });
  all = all.map((one) => (one.reported.picture === undefined ? pictured(one, folder, own) : one));
  write();
  return all;
}

async function exploreSeeds(
  settings: RunSettings,
  task: Task,
  begin: number,
  interrupted: () => boolean,
  ledger: KeptFailures | undefined,
): Promise<Exploration> {
  const { range, bail, forMillis } = settings;
  const { guided, untilStable } = settings;
  const tells = guided || untilStable !== undefined;
  const workerTask: WorkerTask = {
    scenario: task.scenario,
    contestant: settings.contestant,
    version: task.version,
    first: range.first,
    twiceEvery: TWICE_EVERY,
    bail,
    tells,
  };
  const size = Math.max(1, Math.min(settings.jobs, Math.ceil(seedsInShard(range) / 10)));
  const file = new URL("./worker.js", import.meta.url);
  const crew = pool({ size, file, data: workerTask, patience: PATIENCE }, (message) => new UnfitError(message));
  const timeIsUp = (): boolean => forMillis !== undefined && performance.now() - begin >= forMillis;
  const bar = progressOn(process.stderr, settings.scenario.name, range, forMillis);
  try {
    const options = {
      range,
      crew,
      bail,
      stop: () => interrupted() || timeIsUp(),
      progress: (progress: Progress) => bar.show(progress),
      found: (failed: readonly FailedSeed[]) => ledger?.keep(failed),
    };
    if (!tells) return await explore(options);
    const exploration = await exploreGuided({ ...options, varies: guided, untilStable });
    const { reachedInAll, sinceNew, tried } = exploration;
    process.stderr.write(
      `reached ${reachedInAll} different things; nothing new in the last ${sinceNew} of ${tried} seeds\n`,
    );
    return exploration;
  } finally {
    bar.close();
  }
}

/** What was found, each failure once: first what is kept from before and did not come up again by itself. */
function failuresOf(
  settings: RunSettings,
  task: Task,
  exploration: Exploration,
  ledger: KeptFailures | undefined,
): FoundFailure[] {
  const { known, report } = settings;
  const fresh = grouped(exploration.failed).map((group) => {
    const { seed, fingerprint } = group.soonest;
    return lookedAt(task, group, reproduceFor(settings, task, seed), known.get(fingerprint), report);
  });
  const found = new Set(fresh.map(({ reported }) => reported.fingerprint));
  return [...(ledger?.beside(found) ?? []).map((one) => stillThere(one, report)), ...fresh];
}

function reproduceFor(settings: RunSettings, task: Task, seed: bigint): string {
  return reproduceSeed(seed, settings.scenarioAsked, settings.contestant, task.version);
}

/** Keeps the trace of the one seed: that of its failure, else a recording of the run that passed. */
function keepTrace(settings: RunSettings, task: Task, path: string, { failed }: Exploration): void {
  const [failure] = failed;
  const recorded =
    failure === undefined
      ? recordTrial(trialOf(task.scenario, settings.range.first, task.contestant, task.version))
      : recordFailure(task, failure);
  saveTrace(path, recorded.trace);
}
