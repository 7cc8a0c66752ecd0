// The report folder: everything that a run came to, for someone who has nothing but the folder. report.json, junit.xml, and an
// index for browsers and one in Markdown; under failures/ for each failure its trace, its smallest run, its picture and the
// test that fails as it does. Paths inside are relative to the folder, so that it can be moved and uploaded.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { UsageError } from "../../base/usage-error.js";
import type { ReportedFailure, RunReport } from "../../explore/report.js";
import { junitReport } from "./junit.js";
import { markdownReport } from "./markdown.js";
import { htmlPage } from "./page.js";

/** Makes the folder, before a run that would otherwise learn at its end that it can't. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`the report folder ${folder} can't be made: ${(error as Error).message}`);
  }
}

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
    const path = join(folder, name);
    try {
      writeFileSync(`${path}.part`, text);
      renameSync(`${path}.part`, path);
    } catch (error) {
      throw new UsageError(`${path} can't be written: ${(error as Error).message}`);
    }
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
