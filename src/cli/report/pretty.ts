// The report for a person at a terminal.
import { shrinkLine } from "../reproduce.js";
import { createColors } from "picocolors";
import { SAME_SEED } from "../../explore/same-seed.js";
import { type Failure, neverJudged, type RunReport } from "../../explore/report.js";
import { formatSeed } from "../../explore/seeds.js";
import { counted, grouped, span } from "../numbers.js";
import type { RunOutcome } from "../run-exploration.js";

type Colors = ReturnType<typeof createColors>;

/** The whole report, ended by a line break. */
export function prettyReport(outcome: RunOutcome, onTerminal: boolean): string {
  const noColor = process.env["NO_COLOR"];
  const c = createColors(onTerminal && (noColor === undefined || noColor === ""));
  const { report, failures, trace } = outcome;
  const parts = [
    head(report, c),
    properties(outcome, c),
    wrapped("faults", counts(report.faults)),
    milestones(report),
    ...brokenClaims(failures, report.seeds.run, c),
    ...undecidedSeeds(outcome, c),
    verdict(outcome, c),
  ];
  if (trace !== undefined) parts.push(`trace  ${trace}`);
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function head(report: RunReport, c: Colors): string {
  const { seeds, wallSeconds, virtualSeconds } = report;
  const who = report.bug === null ? report.fsm : `${report.fsm} with ${report.bug}`;
  const last = BigInt(seeds.first) + BigInt(Math.max(0, seeds.run - 1));
  const which = seeds.run === 1 ? `seed ${seeds.first}` : `seeds ${seeds.first} to ${formatSeed(last)}`;
  const rate = wallSeconds > 0 ? ` (${grouped(seeds.run / wallSeconds)} a second)` : "";
  return [
    `${c.bold(`multiraft-sim ${report.version}`)} · ${who} · scenario ${report.scenario} · ${which}`,
    `${counted(seeds.run, "seed")} in ${span(wallSeconds)}${rate}: ${span(virtualSeconds)} of virtual time, ` +
      `${grouped(report.entriesApplied)} entries applied and judged, ${counted(report.events, "event")}`,
  ].join("\n");
}

/** What each property judged, in two columns. */
function properties({ report }: RunOutcome, c: Colors): string {
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
function undecidedSeeds({ exploration, reproduce }: RunOutcome, c: Colors): string[] {
  const { undecided } = exploration;
  const shown = undecided.slice(0, MOST_UNDECIDED).map(({ seed, reason, ours }) => {
    const what = ours === true ? c.red("✗ our own bug") : c.yellow("? undecided");
    const [first = "", ...stack] = reason.split("\n");
    return [
      `${what} on seed ${formatSeed(seed)}: ${first}`,
      ...stack.slice(0, 3).map((frame) => c.dim(`       ${frame}`)),
      `  again  ${c.cyan(reproduce(seed))}`,
    ].join("\n");
  });
  const more = undecided.length - shown.length;
  return more > 0 ? [...shown, `… and ${counted(more, "more seed")} without an answer`] : shown;
}

const MOST_UNDECIDED = 3;

/** The failures that show on most seeds. */
function brokenClaims(failures: readonly Failure[], run: number, c: Colors): string[] {
  const ranked = [...failures].sort((a, b) => b.group.seeds - a.group.seeds);
  const shown = ranked.slice(0, MOST_FAILURES).map((failure) => failureInWords(failure, run, c));
  const more = ranked.length - shown.length;
  return more > 0 ? [...shown, `… and ${counted(more, "more failure")}; --report keeps them all`] : shown;
}

const MOST_FAILURES = 5;

function failureInWords({ group, witness, trace, lines, reproduce, known }: Failure, run: number, c: Colors): string {
  const { seed } = group.first;
  const on = run === 1 ? "" : `  on ${counted(group.seeds, "seed")}, first on seed ${formatSeed(seed)}`;
  const mark = known === undefined ? c.red("✗ broken") : c.yellow("✗ known ");
  return [
    `${mark} ${c.bold(witness.property)}${on}`,
    `         ${witness.says}`,
    ...lines.map((line) => c.dim(`           ${line}`)),
    ...(known === undefined ? [] : [`         known: ${known}`]),
    ...(trace === null ? [] : [`  trace  ${trace}`]),
    `  again  ${c.cyan(reproduce)}`,
    `  small  ${c.cyan(shrinkLine(reproduce, witness.property))}`,
  ].join("\n");
}

function verdict({ report, exploration, interrupted }: RunOutcome, c: Colors): string {
  const { passed, failed, undecided } = report.seeds;
  const silent = neverJudged(exploration).filter((name) => name !== SAME_SEED);
  const counts = [
    passed > 0 ? c.green(`${grouped(passed)} passed`) : `0 passed`,
    failed > 0 ? c.red(`${grouped(failed)} failed`) : `0 failed`,
    ...(undecided > 0 ? [c.yellow(`${grouped(undecided)} undecided`)] : []),
  ].join(", ");
  const reasons = silent.map((name) => {
    const reason = exploration.tally.reasons[name];
    return reason === undefined ? name : `${name} (${reason})`;
  });
  return [
    ...(silent.length === 0 ? [] : [wrapped("not judged", reasons), ""]),
    `${counts}${interrupted ? " before the interruption" : ""} · digest ${exploration.digest}`,
  ].join("\n");
}
