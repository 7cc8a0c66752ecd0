// What `run` does: a crew is put together, the seeds are explored, failures are recorded and grouped, the report is printed
// in the face that was asked for, and the exit code says what it came to.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Assignment, FailedSeed } from "../explore/batch.js";
import { explore, type Exploration } from "../explore/explorer.js";
import { recordFailure } from "../explore/failure.js";
import { pool } from "../explore/pool.js";
import { type Failure, failureGroups, reportOf, type RunReport } from "../explore/report.js";
import { formatSeed, seedsInShard } from "../explore/seeds.js";
import { recordTrial, trialOf } from "../explore/trial.js";
import { UnfitError } from "../protocol/machine-errors.js";
import { lineInWords } from "../replay/words.js";
import { linesOf, saveTrace, type Trace } from "../trace/file.js";
import { contestantFrom } from "./contestants.js";
import { ExitCode, worst } from "./exit-codes.js";
import { hearInterruption } from "./interruption.js";
import { commit, TOOL, version } from "../explore/package.js";
import { KeptFailures } from "./kept-failures.js";
import { progressOn } from "./progress.js";
import { githubReport } from "./report/github.js";
import { junitReport } from "./report/junit.js";
import { prettyReport } from "./report/pretty.js";
import { reproduceSeed } from "./reproduce.js";
import type { RunSettings } from "./run.js";
import type { WorkerTask } from "./worker.js";

/** Every so many seeds one is played twice. */
const TWICE_EVERY = 50;
/** A machine that makes no call for so long hangs. Milliseconds. */
const PATIENCE = 10_000;
/** 500 seeds or more are to exercise everything that their scenario can bring about. */
const ENOUGH_SEEDS = 500;

type Task = Omit<Assignment, "bail" | "twiceEvery">;

/** Everything that a face of the report may want. */
export interface RunOutcome {
  readonly report: RunReport;
  readonly exploration: Exploration;
  readonly failures: readonly Failure[];
  readonly interrupted: boolean;
  /** The line that shows a seed again. */
  readonly reproduce: (seed: bigint) => string;
  /** Where the trace of a single seed was written. */
  readonly trace: string | undefined;
}

export async function runExploration(settings: RunSettings): Promise<ExitCode> {
  const loaded = await contestantFrom(settings.contestant);
  const { contestant } = loaded;
  const task: Task = { scenario: settings.scenario, contestant, version: version() };
  const begin = performance.now();
  const interruption = hearInterruption();
  try {
    const ledger = settings.ledger ? new KeptFailures(task) : undefined;
    ledger?.tryFirst(settings.known);
    const exploration = await exploreSeeds(settings, task, begin, () => interruption.heard, ledger);
    const wallSeconds = (performance.now() - begin) / 1000;
    const fresh = failureGroups(exploration).map((group) => lookedAt(settings, task, group));
    const found = new Set(fresh.map(({ group }) => group.first.fingerprint));
    const failures = [...(ledger?.beside(found) ?? []), ...fresh];
    const trace = settings.trace === undefined ? undefined : keepTrace(settings, task, settings.trace, failures[0]);
    const head = { tool: TOOL, commit: commit(), profile: settings.profile, wallSeconds };
    const report = reportOf(task, exploration, failures, head);
    const reproduce = (seed: bigint): string => reproduceFor(settings, task, seed);
    const outcome = { report, exploration, failures, interrupted: interruption.heard, trace, reproduce };
    if (settings.report !== undefined) keepReport(settings.report, report);
    process.stdout.write(printed(settings, outcome));
    return exitCodeFor(outcome);
  } finally {
    interruption.forget();
    loaded.close();
  }
}

async function exploreSeeds(
  settings: RunSettings,
  task: Task,
  begin: number,
  interrupted: () => boolean,
  ledger: KeptFailures | undefined,
): Promise<Exploration> {
  const { range, bail, forMillis } = settings;
  const workerTask: WorkerTask = {
    scenario: task.scenario,
    contestant: settings.contestant,
    version: task.version,
    twiceEvery: TWICE_EVERY,
    bail,
  };
  const size = Math.max(1, Math.min(settings.jobs, Math.ceil(seedsInShard(range) / 10)));
  const file = new URL("./worker.js", import.meta.url);
  const crew = pool({ size, file, data: workerTask, patience: PATIENCE }, (message) => new UnfitError(message));
  const timeIsUp = (): boolean => forMillis !== undefined && performance.now() - begin >= forMillis;
  const bar = progressOn(process.stderr, settings.scenario.name, range, forMillis);
  try {
    return await explore({
      range,
      crew,
      bail,
      stop: () => interrupted() || timeIsUp(),
      progress: (progress) => bar.show(progress),
      found: (failed) => ledger?.keep(failed),
    });
  } finally {
    bar.close();
  }
}

/** Plays a failure's first seed again, keeps its trace, and says what a person wants to know of it. */
function lookedAt(settings: RunSettings, task: Task, group: { first: FailedSeed; seeds: number }): Failure {
  const { first } = group;
  const recorded = recordFailure(task, first);
  const name = `${first.witness.property.replaceAll("/", "-")}-seed-${formatSeed(first.seed)}`;
  const folder = settings.report ?? join(".multiraft-sim", "traces");
  const trace = kept(join(folder, `${name}.jsonl`), recorded.trace);
  if (recorded.second !== undefined) kept(join(folder, `${name}-again.jsonl`), recorded.second);
  const all = linesOf(recorded.trace);
  const known = settings.known.get(first.fingerprint);
  return {
    group,
    witness: recorded.witness,
    trace,
    lines: recorded.witness.lines.flatMap((number) => {
      const line = all[number - 1];
      return line === undefined ? [] : [`${number}: ${lineInWords(line)}`];
    }),
    reproduce: reproduceFor(settings, task, first.seed),
    ...(known === undefined ? {} : { known }),
  };
}

function reproduceFor(settings: RunSettings, task: Task, seed: bigint): string {
  return reproduceSeed(seed, settings.scenarioAsked, settings.contestant, task.version);
}

/** A trace that can't be written is no reason to lose the rest of the report. */
function kept(path: string, trace: Trace): string | null {
  try {
    saveTrace(path, trace);
    return relative(process.cwd(), path) || path;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return null;
  }
}

/** Keeps the trace of the one seed: that of its failure, else a recording of the run that passed. */
function keepTrace(settings: RunSettings, task: Task, path: string, failure: Failure | undefined): string {
  const { first } = settings.range;
  const recorded =
    failure === undefined
      ? recordTrial(trialOf(task.scenario, first, task.contestant, task.version))
      : recordFailure(task, failure.group.first);
  saveTrace(path, recorded.trace);
  return path;
}

function keepReport(folder: string, report: RunReport): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
}

function printed({ format }: RunSettings, outcome: RunOutcome): string {
  switch (format) {
    case "pretty":
      return prettyReport(outcome, process.stdout.isTTY === true);
    case "json":
      return `${JSON.stringify(outcome.report, null, 2)}\n`;
    case "junit":
      return junitReport(outcome);
    case "github":
      return githubReport(outcome);
  }
}

/** What it came to, as an exit code. */
export function exitCodeFor({ exploration, failures, interrupted, report }: RunOutcome): ExitCode {
  const codes: ExitCode[] = [];
  if (exploration.undecided.some((one) => one.ours === true)) codes.push(ExitCode.ourBug);
  if (failures.some((failure) => failure.known === undefined)) codes.push(ExitCode.broken);
  if (exploration.undecided.length > 0) codes.push(ExitCode.undecided);
  if (exploration.tried >= ENOUGH_SEEDS && report.unreached.length > 0) codes.push(ExitCode.undecided);
  if (interrupted) codes.push(ExitCode.interrupted);
  return worst(codes);
}
