// The report as GitHub takes it: an annotation for each failure on stdout, then the page that a person reads in the log, and
// a summary in Markdown where the job has one.
import { appendFileSync } from "node:fs";
import type { RunReport } from "../../explore/report.js";
import { reasonOf } from "../../trace/disk.js";
import { annotation } from "./escapes.js";
import { lacksMilestones, type RunOutcome } from "./outcome.js";
import { markdownReport } from "./markdown.js";
import { prettyReport } from "./pretty.js";
import { whereItShows } from "./summary.js";

export function githubReport(outcome: RunOutcome): string {
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (file !== undefined && file !== "") summarize(file, outcome.report);
  return [...annotations(outcome.report), "", prettyReport(outcome, false)].join("\n");
}

/** One line each, in GitHub's workflow commands. */
function annotations(report: RunReport): string[] {
  const { failures, unanswered = [], missing = [], unreached } = report;
  const lines = failures.map((failure) => {
    const { property, says, reproduce, known } = failure;
    const level = known === undefined ? "error" : "warning";
    const open = known === undefined ? "" : `\nknown: ${known}`;
    return annotation(level, `${property} is broken`, `${says} (${whereItShows(failure)})${open}\n${reproduce}`);
  });
  for (const { seed, reason, ours, reproduce } of unanswered) {
    const level = ours === true ? "error" : "warning";
    lines.push(annotation(level, `seed ${seed} has no answer`, `${reason.split("\n")[0] ?? ""}\n${reproduce}`));
  }
  if (missing.length > 0) lines.push(annotation("error", "shards are missing", missing.join(", ")));
  if (lacksMilestones(report)) lines.push(annotation("warning", "milestones not reached", unreached.join(", ")));
  return lines;
}

/** A page that can't be written is no reason to lose the report. */
function summarize(file: string, report: RunReport): void {
  try {
    appendFileSync(file, markdownReport(report));
  } catch (error) {
    process.stderr.write(`the job's summary ${file} can't be written: ${reasonOf(error)}\n`);
  }
}
