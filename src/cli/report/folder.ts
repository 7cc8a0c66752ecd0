// The report folder: everything that a run came to, for someone who has nothing but the folder. report.json, junit.xml, and an
// index for browsers and one in Markdown; under failures/ for each failure its trace, its smallest run, its picture and the
// test that fails as it does. Paths inside are relative to the folder, so that it can be moved and uploaded.
import { join, relative, sep } from "node:path";
import type { ReportedFailure, RunReport } from "../../explore/report.js";
import { writeText } from "../../trace/disk.js";
import { junitReport } from "./junit.js";
import { markdownReport } from "./markdown.js";
import { htmlPage } from "./page.js";

/** Writes the report and its indexes; a page is there whole or not at all. */
export function writeFolder(folder: string, report: RunReport): void {
  const inside = relocated(report, (path) => relative(folder, path).split(sep).join("/"));
  const pages = {
    "report.json": `${JSON.stringify(inside, null, 2)}\n`,
    "junit.xml": junitReport({ report: inside }),
    "index.md": markdownReport(inside, { links: true }),
    "index.html": htmlPage(inside),
  };
  for (const [name, text] of Object.entries(pages)) {
    writeText(join(folder, name), text);
  }
}

/** A report whose paths are put otherwise. */
export function relocated(report: RunReport, place: (path: string) => string): RunReport {
  return { ...report, failures: report.failures.map((failure) => relocatedFailure(failure, place)) };
}

function relocatedFailure(failure: ReportedFailure, place: (path: string) => string): ReportedFailure {
  const { trace, small, picture } = failure;
  return {
    ...failure,
    trace: trace === null ? null : place(trace),
    ...(small === undefined ? {} : { small: { ...small, trace: place(small.trace), test: place(small.test) } }),
    ...(picture === undefined ? {} : { picture: place(picture) }),
  };
}
