// Reads a report that `run --format json` or `--report` wrote, perhaps on another machine, and names what is wrong with it by
// file and path. What every face of a report counts on is checked here, field by field.
import { UsageError } from "../base/usage-error.js";
import { Reader } from "../sim/reader.js";
import { readJson } from "../trace/disk.js";
import { TOOL, version } from "./package.js";
import type { RunReport } from "./report.js";
import { parseSeed, parseShard } from "./seeds.js";

const ADVICE = "Give what `run --format json` printed, or the report.json of a report folder.";

/** Reads a file. */
export function loadReport(path: string): RunReport {
  const json = readJson(path, ADVICE);
  try {
    return reportFrom(json);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${path}: ${error.message}`, error.todo) : error;
  }
}

/** What JSON says, if it is a report. */
export function reportFrom(json: unknown): RunReport {
  const report = new Reader(json, "", ADVICE);
  if (report.field("tool").value !== TOOL) report.fail(`not a report of ${TOOL}`);
  const made = report.field("version").text();
  if (made !== version()) {
    throw new UsageError(`it was written by version ${made}, this is ${version()}`, `Use ${TOOL} ${made} for it.`);
  }
  textOrNull(report.field("commit"));
  for (const name of ["fsm", "profile", "scenario"]) report.field(name).text();
  textOrNull(report.field("bug"));
  checkSeeds(report.field("seeds"));
  if (!report.field("shard").absent) parseShard(report.field("shard").text());
  for (const name of ["virtualSeconds", "wallSeconds"]) number(report.field(name));
  for (const name of ["entriesApplied", "events"]) report.field(name).integer(0);
  for (const [, counts] of report.field("properties").entries()) {
    for (const name of ["judged", "broken", "undecided", "notJudged"]) counts.field(name).integer(0);
  }
  for (const name of ["lines", "bytesEncoded"]) report.field("counts").field(name).integer(0);
  for (const name of ["faults", "reached", "reachedBy"]) {
    for (const [, count] of report.field(name).entries()) count.integer(0);
  }
  texts(report.field("unreached"));
  report.field("failures").list().forEach(checkFailure);
  if (!report.field("missing").absent) texts(report.field("missing"));
  const unanswered = report.field("unanswered");
  for (const one of unanswered.absent ? [] : unanswered.list()) {
    parseSeed(one.field("seed").text());
    for (const name of ["reason", "reproduce"]) one.field(name).text();
  }
  return json as RunReport;
}

function checkSeeds(seeds: Reader): void {
  parseSeed(seeds.field("first").text());
  for (const name of ["requested", "run", "passed", "failed", "undecided"]) seeds.field(name).integer(0);
  if (!seeds.field("varied").absent) seeds.field("varied").integer(0);
}

function checkFailure(failure: Reader): void {
  parseSeed(failure.field("seed").text());
  for (const name of ["property", "fingerprint", "reproduce", "says"]) failure.field(name).text();
  failure.field("seeds").integer(0);
  if (!failure.field("after").absent) failure.field("after").integer(0);
  textOrNull(failure.field("trace"));
  texts(failure.field("lines"));
  for (const name of ["known", "picture"]) if (!failure.field(name).absent) failure.field(name).text();
  const small = failure.field("small");
  if (small.absent) return;
  for (const name of ["trace", "test"]) small.field(name).text();
  for (const name of ["operations", "faults"]) small.field(name).integer(0);
  small.field("finished").flag();
}

function texts(list: Reader): void {
  for (const each of list.list()) each.text();
}

function textOrNull(field: Reader): void {
  if (field.value !== null) field.text();
}

function number(field: Reader): void {
  const { value } = field;
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) field.fail("not a number from 0 on");
}
