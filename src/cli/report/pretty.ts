// The report for a person at a terminal.
import { createColors } from "picocolors";
import type { ReportedFailure, RunReport } from "../../explore/report.js";
import { counted, grouped } from "../numbers.js";
import { shrinkLine } from "../reproduce.js";
import type { RunOutcome } from "./outcome.js";
import { accused, silentProperties, sizeInWords, whatItTook, whereItShows, whichSeeds } from "./summary.js";

type Colors = ReturnType<typeof createColors>;

/** The whole report, ended by a line break. */
export function prettyReport({ report, digest, trace, folder }: RunOutcome, onTerminal: boolean): string {
  const noColor = process.env["NO_COLOR"];
  const c = createColors(onTerminal && (noColor === undefined || noColor === ""));
  const parts = [
    head(report, c),
    properties(report, c),
    wrapped("faults", counts(report.faults)),
    milestones(report),
    ...brokenClaims(report, c),
    ...seedsWithoutAnswer(report, c),
    verdict(report, digest, c),
  ];
  if (trace !== undefined) parts.push(`trace  ${trace}`);
  if (folder !== undefined) parts.push(`report  ${folder}`);
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function head(report: RunReport, c: Colors): string {
  const tool = c.bold(`multiraft-sim ${report.version}`);
  return `${tool} · ${accused(report)} · scenario ${report.scenario} · ${whichSeeds(report)}\n${whatItTook(report)}`;
}

/** What each property judged, in two columns. */
function properties(report: RunReport, c: Colors): string {
  const cells = Object.entries(report.properties).map(([name, { judged, broken, undecided }]) => {
    const mark = broken > 0 ? c.red("✗") : undecided > 0 ? c.yellow("?") : judged > 0 ? c.green("✓") : c.dim("–");
    return `${mark} ${name.padEnd(28)} ${(judged > 0 ? grouped(judged) : "nothing").padStart(11)}`;
  });
  if (cells.length === 0) return "";
  const half = Math.ceil(cells.length / 2);
  const rows = cells.slice(0, half).map((cell, row) => `  ${cell}    ${cells[half + row] ?? ""}`.trimEnd());
  return [c.dim("  what was judged, and how often"), ...rows].join("\n");
}

function counts(of: Readonly<Record<string, number>>): string[] {
  return Object.entries(of).map(([name, count]) => `${name} ${grouped(count)}`);
}

function milestones({ reached, unreached }: RunReport): string {
  const all = Object.keys(reached).length;
  if (all === 0) return "";
  const missed = Object.values(reached).filter((count) => count === 0).length;
  const missing = unreached.map((name, at) => (at === 0 ? `not reached: ${name}` : name));
  return wrapped("milestones", [`${all - missed} of ${all} reached`, ...missing]);
}

/** A heading and its items, broken into lines of a terminal's width. */
function wrapped(heading: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  const indent = " ".repeat(14);
  const lines: string[] = [];
  let line = `  ${heading}`.padEnd(indent.length);
  let empty = true;
  for (const item of items) {
    if (!empty && line.length + item.length + 3 > 110) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? item : ` · ${item}`;
    empty = false;
  }
  return [...lines, line].join("\n");
}

/** Seeds without an answer: the first few, each with the line that shows it again. */
function seedsWithoutAnswer({ unanswered = [], seeds }: RunReport, c: Colors): string[] {
  const shown = unanswered.slice(0, MOST_UNANSWERED).map(({ seed, reason, ours, reproduce }) => {
    const what = ours === true ? c.red("✗ our own bug") : c.yellow("? undecided");
    const [first = "", ...stack] = reason.split("\n");
    return [
      `${what} on seed ${seed}: ${first}`,
      ...stack.slice(0, 3).map((frame) => c.dim(`       ${frame}`)),
      `  again  ${c.cyan(reproduce)}`,
    ].join("\n");
  });
  const more = Math.max(seeds.undecided, unanswered.length) - shown.length;
  return more > 0 ? [...shown, `… and ${counted(more, "more seed")} without an answer`] : shown;
}

const MOST_UNANSWERED = 3;

/** The failures that show on most seeds. */
function brokenClaims({ failures, seeds }: RunReport, c: Colors): string[] {
  const bySeeds = [...failures].sort((a, b) => b.seeds - a.seeds);
  const firsts = bySeeds.filter((one, at) => bySeeds.findIndex(({ property }) => property === one.property) === at);
  // One cause may break a claim in many ways: they don't hide the other claims.
  const ranked = [...new Set([...firsts, ...bySeeds])];
  const picked = ranked.slice(0, MOST_FAILURES);
  const shown = picked.map((failure) => failureInWords(failure, seeds.run, c, apart(failure, picked)));
  const more = ranked.slice(MOST_FAILURES);
  if (more.length === 0) return shown;
  const names = [...new Set(more.map(({ property }) => property))];
  const counts = names.map((name) => `${name} ${more.filter(({ property }) => property === name).length}`);
  return [...shown, `… and ${counted(more.length, "more failure")} (${counts.join(", ")}); --report keeps them all`];
}

const MOST_FAILURES = 5;

/** What tells a failure from others of its property that are shown: the rest of its fingerprint. */
function apart({ property, fingerprint }: ReportedFailure, shown: readonly ReportedFailure[]): string[] {
  if (shown.filter((each) => each.property === property).length < 2) return [];
  return [`         this one: ${fingerprint.replace(`${property} | `, "")}`];
}

function failureInWords(failure: ReportedFailure, run: number, c: Colors, apartFrom: readonly string[]): string {
  const { property, says, lines, trace, reproduce, known, small, picture } = failure;
  const on = run === 1 && failure.seeds === 1 ? "" : `  ${whereItShows(failure)}`;
  const mark = known === undefined ? c.red("✗ broken") : c.yellow("✗ known ");
  const made =
    small === undefined
      ? [`  small  ${c.cyan(shrinkLine(reproduce, failure))}`]
      : [`  small  ${small.trace}  (${sizeInWords(small)})`, `  test   ${small.test}`];
  return [
    `${mark} ${c.bold(property)}${on}`,
    `         ${says}`,
    ...apartFrom,
    ...lines.map((line) => c.dim(`           ${line}`)),
    ...(known === undefined ? [] : [`         known: ${known}`]),
    ...(trace === null ? [] : [`  trace  ${trace}`]),
    `  again  ${c.cyan(reproduce)}`,
    ...made,
    ...(picture === undefined ? [] : [`  look   ${picture}`]),
  ].join("\n");
}

function verdict(report: RunReport, digest: string | undefined, c: Colors): string {
  const { passed, failed, undecided } = report.seeds;
  const silent = silentProperties(report);
  const said = [
    passed > 0 ? c.green(`${grouped(passed)} passed`) : `0 passed`,
    failed > 0 ? c.red(`${grouped(failed)} failed`) : `0 failed`,
    ...(undecided > 0 ? [c.yellow(`${grouped(undecided)} undecided`)] : []),
    ...(report.missing === undefined ? [] : [c.yellow(`${counted(report.missing.length, "shard")} missing`)]),
  ].join(", ");
  return [
    ...(silent.length === 0 ? [] : [wrapped("not judged", silent), ""]),
    `${said}${report.interrupted === true ? " before the interruption" : ""}${digest === undefined ? "" : ` · digest ${digest}`}`,
  ].join("\n");
}
