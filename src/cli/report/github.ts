// The report as GitHub takes it: an annotation for each failure on stdout, and a summary in Markdown where the job has one.
import { appendFileSync } from "node:fs";
import { counted, grouped, span } from "../numbers.js";
import type { RunOutcome } from "../run-exploration.js";

export function githubReport(outcome: RunOutcome): string {
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (file !== undefined && file !== "") appendFileSync(file, summary(outcome));
  const { report, failures, exploration } = outcome;
  const { passed, failed, undecided } = report.seeds;
  return [
    ...failures.map(({ witness, group, reproduce, known }) => {
      const level = known === undefined ? "error" : "warning";
      const on = `on ${counted(group.seeds, "seed")}`;
      return `::${level} title=${property(`${witness.property} is broken`)}::${data(`${witness.says} (${on})\n${reproduce}`)}`;
    }),
    ...exploration.undecided.map(
      ({ seed, reason }) => `::warning title=${property(`seed ${seed} is undecided`)}::${data(reason)}`,
    ),
    `${passed} passed, ${failed} failed, ${undecided} undecided`,
    "",
  ].join("\n");
}

/** What a job's summary page shows. */
function summary({ report, failures }: RunOutcome): string {
  const { seeds } = report;
  const rows = failures.map(
    ({ witness, group, reproduce }) =>
      `| ${witness.property} | ${cell(witness.says)} | ${group.seeds} | \`${reproduce.replaceAll("|", "\\|")}\` |`,
  );
  return [
    `### multiraft-sim: ${seeds.failed === 0 ? "all held" : counted(failures.length, "failure")}`,
    "",
    `${counted(seeds.run, "seed")} of scenario ${report.scenario} in ${span(report.wallSeconds)}: ` +
      `${grouped(report.entriesApplied)} entries applied, ${span(report.virtualSeconds)} of virtual time.`,
    "",
    ...(rows.length === 0
      ? []
      : ["| property | what was seen | seeds | again |", "| --- | --- | --- | --- |", ...rows, ""]),
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
