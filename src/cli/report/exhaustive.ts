// The report of `run --exhaustive`, in each of its faces. What was covered comes first: a bound and a count that anyone can
// work out again.
import { createColors } from "picocolors";
import type { Witness } from "../../checker/verdict.js";
import type { Searched } from "../../exhaustive/search.js";
import { TOOL } from "../../explore/package.js";
import type { LogStep } from "../../shrink/log-steps.js";
import { counted, grouped, span } from "../numbers.js";
import type { Format } from "./format.js";
import { annotation, xmlText } from "./escapes.js";

export interface ExhaustiveFailure {
  readonly subject: string;
  /** Entries after the prefix. */
  readonly entries: number;
  /** How many histories showed it, of those that were judged. */
  readonly histories: number;
  readonly witness: Witness;
  readonly fingerprint: string;
  readonly steps: readonly LogStep[];
  readonly trace: string;
  readonly reproduce: string;
  readonly lines: readonly string[];
  readonly known?: string;
}

export interface ExhaustiveOutcome {
  readonly version: string;
  readonly commit: string | null;
  readonly fsm: string;
  readonly bug: string | null;
  /** The bound that was asked for. */
  readonly asked: number;
  readonly searched: readonly Searched[];
  readonly failures: readonly ExhaustiveFailure[];
  /** Logs that were suspected, and of which the judge has nothing to say. */
  readonly unexplained: readonly string[];
  readonly wallSeconds: number;
  /** Of all threads. */
  readonly cpuSeconds: number;
  /** The most memory that the process had. */
  readonly peakMegabytes: number;
}

/** The outcome in one of its faces, ended by a line break. */
export function printExhaustive(outcome: ExhaustiveOutcome, format: Format): string {
  switch (format) {
    case "pretty":
      return pretty(outcome);
    case "json":
      return json(outcome);
    case "markdown":
      return markdown(outcome);
    case "junit":
      return junit(outcome);
    case "github":
      return github(outcome);
  }
}

/** Every history of at most so many entries was judged, whatever the subject. */
function boundOf({ searched }: ExhaustiveOutcome): number {
  return searched.length === 0 ? 0 : Math.min(...searched.map((each) => each.bound));
}

const sequencesIn = ({ searched }: ExhaustiveOutcome): number =>
  searched.reduce((sum, { sequences }) => sum + sequences, 0);

function json(outcome: ExhaustiveOutcome): string {
  const { version, commit, fsm, bug, searched, failures, unexplained } = outcome;
  const hundredths = (seconds: number): number => Math.round(seconds * 100) / 100;
  const report = {
    tool: TOOL,
    version,
    commit,
    fsm,
    bug,
    exhaustive: { bound: boundOf(outcome), sequences: sequencesIn(outcome), subjects: searched },
    wallSeconds: hundredths(outcome.wallSeconds),
    cpuSeconds: hundredths(outcome.cpuSeconds),
    peakMegabytes: Math.round(outcome.peakMegabytes),
    failures: failures.map(({ subject, entries, histories, witness, fingerprint, trace, reproduce, known }) => ({
      subject,
      entries,
      property: witness.property,
      fingerprint,
      histories,
      trace,
      reproduce,
      ...(known === undefined ? {} : { known }),
    })),
    unexplained,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function pretty(outcome: ExhaustiveOutcome): string {
  const noColor = process.env["NO_COLOR"];
  const c = createColors(process.stdout.isTTY === true && (noColor === undefined || noColor === ""));
  const { version, fsm, bug, searched, failures, unexplained, wallSeconds, cpuSeconds, peakMegabytes } = outcome;
  const who = bug === null ? fsm : `${fsm} with ${bug}`;
  const head = [
    `${c.bold(`multiraft-sim ${version}`)} · ${who} · every history of at most ${counted(outcome.asked, "entry", "entries")}`,
    `two sessions and one service that both have open; then the letters in every order, with a restore at every point`,
    `${span(wallSeconds)}, ${span(cpuSeconds)} of processors, at most ${Math.round(peakMegabytes)} MB`,
  ].join("\n");
  const parts = [head, table(searched), ...failures.map((failure) => failureInWords(failure, c))];
  for (const log of unexplained.slice(0, 3)) {
    parts.push(
      `${c.red("✗ our own bug")}: this log was suspected, and the judge has nothing to say of it\n       ${log}`,
    );
  }
  parts.push(verdict(outcome, c));
  return `${parts.join("\n\n")}\n`;
}

function table(searched: readonly Searched[]): string {
  const heading = row("subject", [
    "letters",
    "entries",
    "histories",
    "played",
    "equal",
    "mirrored",
    "states",
    "restores",
  ]);
  const rows = searched.map(
    ({ subject, letters, bound, sequences, played, equal, mirrored, states, restores, whole }) =>
      row(
        `${whole ? " " : "!"} ${subject}`,
        [letters, bound, sequences, played, equal, mirrored, states, restores].map((count) => grouped(count)),
      ),
  );
  return [heading, ...rows].join("\n");
}

function row(name: string, cells: readonly string[]): string {
  const [letters = "", entries = "", ...counts] = cells;
  const wide = counts.map((count) => count.padStart(12));
  return `${name.padEnd(16)}${letters.padStart(8)}${entries.padStart(8)}${wide.join("")}`.trimEnd();
}

function failureInWords(failure: ExhaustiveFailure, c: ReturnType<typeof createColors>): string {
  const { witness, subject, entries, histories, lines, trace, reproduce, known } = failure;
  const mark = known === undefined ? c.red("✗ broken") : c.yellow("✗ known ");
  const where = `${subject}, after ${counted(entries, "entry", "entries")}; ${counted(histories, "history", "histories")}`;
  return [
    `${mark} ${c.bold(witness.property)}  in ${where}`,
    `         ${witness.says}`,
    ...lines.map((line) => c.dim(`           ${line}`)),
    ...(known === undefined ? [] : [`         known: ${known}`]),
    `  trace  ${trace}`,
    `  again  ${c.cyan(reproduce)}`,
  ].join("\n");
}

function verdict(outcome: ExhaustiveOutcome, c: ReturnType<typeof createColors>): string {
  const { failures, searched, unexplained } = outcome;
  const open = failures.filter((failure) => failure.known === undefined).length;
  const covered = `${grouped(sequencesIn(outcome))} histories of ${counted(searched.length, "subject")}`;
  if (open > 0) return `${c.red(counted(open, "failure"))} in ${covered}`;
  if (unexplained.length > 0) return `${counted(unexplained.length, "suspect")} without a verdict in ${covered}`;
  const whole = searched.every((each) => each.whole);
  return whole ? `${c.green("all held")}: ${covered}` : `all held as far as it went: ${covered}`;
}

function markdown(outcome: ExhaustiveOutcome): string {
  const cells = (of: readonly (string | number)[]): string => `| ${of.join(" | ")} |`;
  const rows = outcome.searched.map(
    ({ subject, letters, bound, sequences, played, equal, mirrored, states, restores }) =>
      cells([subject, ...[letters, bound, sequences, played, equal, mirrored, states, restores].map(grouped)]),
  );
  const failures = outcome.failures.map(
    ({ witness, subject, reproduce }) => `- **${witness.property}** in ${subject}: ${witness.says}. \`${reproduce}\``,
  );
  return [
    cells(["subject", "letters", "entries", "histories", "played", "equal", "mirrored", "states", "restores"]),
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ...rows,
    "",
    ...(failures.length === 0 ? [] : [...failures, ""]),
  ].join("\n");
}

function junit(outcome: ExhaustiveOutcome): string {
  const cases = outcome.searched.map(({ subject, sequences }) => {
    const broken = outcome.failures.filter((failure) => failure.subject === subject && failure.known === undefined);
    const failures = broken.map(
      ({ witness, fingerprint, reproduce }) =>
        `      <failure message="${xmlText(witness.says)}" type="${xmlText(fingerprint)}">${xmlText(reproduce)}</failure>\n`,
    );
    return `    <testcase classname="multiraft-sim.exhaustive" name="${xmlText(subject)}: ${sequences} histories">\n${failures.join("")}    </testcase>`;
  });
  const red = outcome.failures.filter((failure) => failure.known === undefined).length;
  const counts = `tests="${cases.length}" failures="${red}" errors="${outcome.unexplained.length}" time="${outcome.wallSeconds}"`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="multiraft-sim" ${counts}>`,
    `  <testsuite name="exhaustive" ${counts}>`,
    ...cases,
    `  </testsuite>`,
    `</testsuites>`,
    "",
  ].join("\n");
}

function github(outcome: ExhaustiveOutcome): string {
  const lines = outcome.failures.map(({ witness, reproduce, known }) => {
    const level = known === undefined ? "error" : "warning";
    return annotation(level, `${witness.property} is broken`, `${witness.says}\n${reproduce}`);
  });
  const sequences = grouped(sequencesIn(outcome));
  return [...lines, `${sequences} histories, ${counted(outcome.failures.length, "failure")}`, ""].join("\n");
}
