// What the faces of a report are made from: the report as data, and the little that stands beside it.
import type { RunReport } from "../../explore/report.js";
import { ExitCode, worst } from "../exit-codes.js";

export interface RunOutcome {
  readonly report: RunReport;
  /** Over all runs, in the order of their seeds; absent: a merged report, whose shards have one each. */
  readonly digest?: string;
  /** Where the trace of a single seed was written. */
  readonly trace?: string;
  /** The folder that the report was written to. */
  readonly folder?: string;
}

/** 500 seeds or more are to exercise everything that their scenario can bring about. */
const ENOUGH_SEEDS = 500;

/** Whether so many seeds went by without one of the milestones. */
export function lacksMilestones({ seeds, unreached }: RunReport): boolean {
  return seeds.run >= ENOUGH_SEEDS && unreached.length > 0;
}

/** What a run came to, as an exit code. */
export function exitCodeFor(report: RunReport): ExitCode {
  const { failures, unanswered = [], missing = [] } = report;
  const codes: ExitCode[] = [];
  if (unanswered.some((one) => one.ours === true)) codes.push(ExitCode.ourBug);
  if (failures.some((failure) => failure.known === undefined)) codes.push(ExitCode.broken);
  if (unanswered.length > 0 || missing.length > 0 || lacksMilestones(report)) codes.push(ExitCode.undecided);
  if (report.interrupted === true) codes.push(ExitCode.interrupted);
  return worst(codes);
}
