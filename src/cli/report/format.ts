// The faces of a report, and which function makes each.
import { githubReport } from "./github.js";
import { junitReport } from "./junit.js";
import { markdownReport } from "./markdown.js";
import type { RunOutcome } from "./outcome.js";
import { prettyReport } from "./pretty.js";

export const FORMATS = ["pretty", "json", "junit", "github"] as const;
/** `merge` prints a page for a job that has nothing else to say, too. */
export const MERGE_FORMATS = [...FORMATS, "markdown"] as const;
export type Format = (typeof MERGE_FORMATS)[number];

/** The report in the face that was asked for, ended by a line break. */
export function printed(format: Format, outcome: RunOutcome, onTerminal: boolean): string {
  switch (format) {
    case "pretty":
      return prettyReport(outcome, onTerminal);
    case "json":
      return `${JSON.stringify(outcome.report, null, 2)}\n`;
    case "junit":
      return junitReport(outcome);
    case "github":
      return githubReport(outcome);
    case "markdown":
      return markdownReport(outcome.report);
  }
}
