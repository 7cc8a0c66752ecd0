// The report as Markdown: a job's summary page on GitHub, the index of a report folder, what `merge` prints for a comment.
import type { ReportedFailure, RunReport } from "../../explore/report.js";
import { counted, grouped } from "../numbers.js";
import { shrinkLine } from "../reproduce.js";
import {
  accused,
  filesOf,
  silentProperties,
  sizeInWords,
  verdictInWords,
  whatItTook,
  whereItShows,
  whichSeeds,
} from "./summary.js";

/** A job's summary may have a megabyte; a machine that is broken everywhere must not be the reason that it has none. */
const MOST_FAILURES = 20;

export interface MarkdownOptions {
  /** Whether what lies beside the page can be linked to, as in a report folder. */
  readonly links?: boolean;
}

/** The page, ended by a line break. */
export function markdownReport(report: RunReport, { links = false }: MarkdownOptions = {}): string {
  const { failures, unanswered = [], faults, unreached } = report;
  const more = failures.length - MOST_FAILURES;
  const silent = silentProperties(report);
  const parts = [
    `### multiraft-sim: ${verdictInWords(report)}`,
    `${code(accused(report))}, scenario ${code(report.scenario)}, ${whichSeeds(report)}. ${whatItTook(report)}.`,
    ...failures.slice(0, MOST_FAILURES).map((failure) => section(failure, links)),
    ...(more > 0 ? [`… and ${counted(more, "more failure")}.`] : []),
    ...(unanswered.length === 0 ? [] : ["#### Without an answer", unansweredTable(unanswered)]),
    ...(silent.length === 0 ? [] : [`Never judged: ${silent.map(plain).join(", ")}.`]),
    ...(unreached.length === 0 ? [] : [`Milestones not reached: ${unreached.map(plain).join(", ")}.`]),
    details("What was judged, and how often", propertyTable(report)),
    details(
      "Faults",
      table(["fault", "times"], Object.entries(faults).map(([name, count]) => [plain(name), grouped(count)])), // prettier-ignore
    ),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function section(failure: ReportedFailure, links: boolean): string {
  const { property, says, lines, known, reproduce, small } = failure;
  const files = filesOf(failure).map(([what, path]) =>
    links ? `[${what}](${target(path)})` : `${what} ${code(path)}`,
  );
  return [
    `#### ${known === undefined ? "✗" : "(known)"} ${plain(property)}, ${whereItShows(failure)}`,
    plain(says),
    ...(known === undefined ? [] : [`Known and open: ${plain(known)}`]),
    ...(lines.length === 0 ? [] : [block(lines.join("\n"))]),
    ...(small === undefined ? [] : [`${sizeInWords(small)}.`]),
    ...(files.length === 0 ? [] : [files.join(" · ")]),
    block([reproduce, ...(small === undefined ? [shrinkLine(reproduce, failure)] : [])].join("\n"), "sh"),
  ].join("\n\n");
}

function unansweredTable(unanswered: NonNullable<RunReport["unanswered"]>): string {
  const rows = unanswered
    .slice(0, MOST_FAILURES)
    .map(({ seed, reason, ours, reproduce }) => [
      seed,
      `${ours === true ? "our own bug: " : ""}${plain(reason.split("\n")[0] ?? "")}`,
      code(reproduce),
    ]);
  return table(["seed", "why", "again"], rows);
}

function propertyTable({ properties }: RunReport): string {
  const rows = Object.entries(properties).map(([name, { judged, broken, undecided }]) => [
    plain(name),
    ...[judged, broken, undecided].map((count) => grouped(count)),
  ]);
  return table(["property", "judged", "broken", "undecided"], rows);
}

/** Text in the first column, and numbers in the others unless they are words. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((each) => each.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function details(title: string, text: string): string {
  return text === "" ? "" : `<details><summary>${title}</summary>\n\n${text}\n\n</details>`;
}

/** Text as it is: nothing in it may be taken for markup. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*_{}[\]<>#&|~@!]/g, (mark) => (mark === "|" ? mark : `\\${mark}`));
}

function code(text: string): string {
  const fence = fenceFor(text, 1);
  return `${fence}${text.startsWith("`") || text.endsWith("`") ? ` ${text} ` : text}${fence}`;
}

function block(text: string, language = ""): string {
  const fence = fenceFor(text, 3);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** More backticks than stand together anywhere in the text. */
function fenceFor(text: string, least: number): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return "`".repeat(Math.max(least, longest + 1));
}

/** A path as the target of a link. */
function target(path: string): string {
  return encodeURI(path.replaceAll("\\", "/")).replaceAll("(", "%28").replaceAll(")", "%29");
}
