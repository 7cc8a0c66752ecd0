// `multiraft-sim merge`: one report out of those of several shards, in any face, and as a folder.
import { copyFileSync, existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Command, Option } from "commander";
import { UsageError } from "../base/usage-error.js";
import { mergeReports, type NamedReport } from "../explore/merge.js";
import { loadReport } from "../explore/report-reader.js";
import type { RunReport } from "../explore/report.js";
import { fromHere, nameOf, placeOf } from "./found-failures.js";
import { relocated, writeFolder } from "./report/folder.js";
import { type Format, MERGE_FORMATS, printed } from "./report/format.js";
import { exitCodeFor } from "./report/outcome.js";
import { makeFolder, reasonOf } from "../trace/disk.js";

interface MergeOptions {
  readonly format: Format;
  readonly report?: string;
}

const examples = `
Examples:
  $ npx multiraft-sim run --seeds 100 --shard 1/2 --format json > one.json
  $ npx multiraft-sim run --seeds 100 --shard 2/2 --format json > two.json
  $ npx multiraft-sim merge one.json two.json
  $ npx multiraft-sim merge shards/*/report.json --report merged --format github
`;

export function mergeCommand(): Command {
  return new Command("merge")
    .description("adds the reports of several shards up to the one of their run")
    .argument("<report...>", "what `run --shard i/n --format json` printed, or the report.json of its report folder")
    .addOption(new Option("--format <format>", "how the report is printed").choices(MERGE_FORMATS).default("pretty"))
    .option("--report <folder>", "write the report there, with the files of each failure")
    .addHelpText("after", examples)
    .action((paths: readonly string[], options: MergeOptions) => {
      process.exitCode = merge(paths, options);
    });
}

function merge(paths: readonly string[], { format, report: folder }: MergeOptions): number {
  const merged = mergeReports(paths.map(located));
  const report = folder === undefined ? merged : gathered(merged, folder);
  if (folder !== undefined) writeFolder(folder, report);
  const outcome = { report, ...(folder === undefined ? {} : { folder }) };
  process.stdout.write(printed(format, outcome, process.stdout.isTTY === true));
  return exitCodeFor(report);
}

/** Reads a report. The paths in that of a folder are relative to it; they are put as one types them here. */
function located(path: string): NamedReport {
  const beside = (file: string): string => {
    const there = join(dirname(path), file);
    return existsSync(there) ? fromHere(there) : file;
  };
  return { name: path, report: relocated(loadReport(path), beside) };
}

/** Copies what lies about of each failure into one folder. */
function gathered(report: RunReport, folder: string): RunReport {
  makeFolder(folder, `the report folder ${folder}`);
  return {
    ...report,
    failures: report.failures.map((failure) => {
      const place = placeOf(folder, nameOf(failure.property, failure.seed));
      const [moved] = relocated({ ...report, failures: [failure] }, (path) => copied(path, place)).failures;
      return moved ?? failure;
    }),
  };
}

/** Copies a file, if it is there: of a shard perhaps nothing but its report was kept. */
function copied(path: string, place: string): string {
  if (!existsSync(path)) return path;
  const target = join(place, basename(path));
  if (target === path) return path;
  makeFolder(place);
  try {
    copyFileSync(path, target);
  } catch (error) {
    throw new UsageError(`${target} can't be written: ${reasonOf(error)}`, "Name a folder that can be written.");
  }
  return fromHere(target);
}
