// A failure that a run met, as the report has it: the seed that shows it soonest is played again and recorded, its trace kept,
// and the lines that show it put in words.
import { copyFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { FailedSeed, Task } from "../explore/batch.js";
import { type FailureGroup, showsAfter } from "../explore/explorer.js";
import { NoRecording, recordFailure } from "../explore/failure.js";
import type { ReportedFailure } from "../explore/report.js";
import { formatSeed } from "../explore/seeds.js";
import { trialOf } from "../explore/trial.js";
import type { Witness } from "../checker/verdict.js";
import { lineInWords } from "../replay/words.js";
import { type Plan, readPlan } from "../sim/plan.js";
import { linesOf, saveTrace, type Trace } from "../trace/file.js";
import { makeFolder, reasonOf } from "../trace/disk.js";

/** A failure with what is needed to make it small. */
export interface FoundFailure {
  readonly reported: ReportedFailure;
  /** A name for its files, the same in every run that finds it so. */
  readonly name: string;
  /** What was played. */
  readonly plan: Plan;
}

/** Where the files of a failure go in a folder. */
export function placeOf(folder: string, name: string): string {
  return join(folder, "failures", name);
}

/** Where a run without a report folder keeps its traces. */
const TRACES = join(".multiraft-sim", "traces");

/**
 * Plays the seed that shows a failure soonest again, and keeps its trace. `report`: the folder of the report; undefined: there is none.
 */
export function lookedAt(
  task: Task,
  { soonest, seeds }: FailureGroup,
  reproduce: string,
  known: string | undefined,
  report: string | undefined,
): FoundFailure {
  const { witness, trace, second, plan } = recordingOf(task, soonest);
  const name = nameOf(soonest.witness.property, formatSeed(soonest.seed));
  const [path, again] =
    report === undefined
      ? [join(TRACES, `${name}.jsonl`), join(TRACES, `${name}-again.jsonl`)]
      : [join(placeOf(report, name), "trace.jsonl"), join(placeOf(report, name), "again.jsonl")];
  const after = showsAfter(soonest);
  const reported: ReportedFailure = {
    seed: formatSeed(soonest.seed),
    property: soonest.witness.property,
    fingerprint: soonest.fingerprint,
    seeds,
    ...(Number.isFinite(after) ? { after } : {}),
    trace: trace === null ? null : kept(path, trace),
    reproduce,
    says: witness.says,
    lines: trace === null ? [] : wordsFor(witness, trace),
    ...(known === undefined ? {} : { known }),
  };
  if (second !== undefined) kept(again, second);
  return { reported, name, plan };
}

interface Recording {
  readonly witness: Witness;
  readonly plan: Plan;
  /** Null: it can't be had. */
  readonly trace: Trace | null;
  readonly second?: Trace;
}

function recordingOf(task: Task, soonest: FailedSeed): Recording {
  try {
    const recorded = recordFailure(task, soonest);
    return { ...recorded, plan: readPlan(recorded.trace.header.plan) };
  } catch (error) {
    if (!(error instanceof NoRecording)) throw error;
    const { witness, seed } = soonest;
    process.stderr.write(`${witness.property}, seed ${formatSeed(seed)}: ${error.message}\n`);
    const { plan } = trialOf(task.scenario, seed, task.contestant, task.version);
    return { witness: { ...witness, says: `${witness.says} (${error.message})`, lines: [] }, plan, trace: null };
  }
}

/** A failure that was kept from before and is still there. Its trace is copied into the folder of the report. */
export function stillThere(found: FoundFailure, report: string | undefined): FoundFailure {
  const { reported, name } = found;
  if (report === undefined || reported.trace === null) return found;
  const path = join(placeOf(report, name), "trace.jsonl");
  try {
    makeFolder(dirname(path));
    copyFileSync(reported.trace, path);
  } catch (error) {
    process.stderr.write(`${path} can't be written: ${reasonOf(error)}\n`);
    return found;
  }
  return { ...found, reported: { ...reported, trace: fromHere(path) } };
}

export function nameOf(property: string, seed: string): string {
  return `${property.replaceAll("/", "-")}-seed-${seed}`;
}

/** The lines of a witness as text, each with its number. */
export function wordsFor(witness: Witness, trace: Trace): string[] {
  const all = linesOf(trace);
  return witness.lines.flatMap((number) => {
    const line = all[number - 1];
    return line === undefined ? [] : [`${number}: ${lineInWords(line)}`];
  });
}

/** A path as one types it in the working folder. */
export function fromHere(path: string): string {
  return relative(process.cwd(), path) || path;
}

/** A trace that can't be written is no reason to lose the rest of the report. */
function kept(path: string, trace: Trace): string | null {
  try {
    saveTrace(path, trace);
    return fromHere(path);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return null;
  }
}
