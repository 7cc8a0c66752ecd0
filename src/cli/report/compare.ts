// What `compare` says: for a person at a terminal, as JSON, and as the Markdown that goes into a pull request.
import { join } from "node:path";
import { createColors } from "picocolors";
import { hashText } from "../../base/hash.js";
import { acceptedText } from "../../compare/accepted.js";
import { KINDS } from "../../compare/difference.js";
import type { Difference, GateOutcome, Smallest } from "../../compare/gate.js";
import { TOOL, version } from "../../explore/package.js";
import { counted, span } from "../numbers.js";

export const COMPARE_FORMATS = ["pretty", "json", "markdown"] as const;
export type CompareFormat = (typeof COMPARE_FORMATS)[number];

export interface CompareOutcome extends GateOutcome {
  readonly baseline: string;
  readonly candidate: string;
  /** The folder of the smallest logs. */
  readonly report: string;
  readonly wallSeconds: number;
}

/** The outcome in one of its faces, ended by a line break. */
export function printCompare(outcome: CompareOutcome, format: CompareFormat): string {
  switch (format) {
    case "pretty":
      return pretty(outcome);
    case "json":
      return json(outcome);
    case "markdown":
      return markdown(outcome);
  }
}

/** The name of the file that holds a difference's smallest log. */
export function traceNameOf({ fingerprint, kind }: Difference): string {
  return `${kind.replaceAll(" ", "-")}-${hashText(fingerprint).toString(16).padStart(8, "0")}.jsonl`;
}

function json(outcome: CompareOutcome): string {
  const { baseline, candidate, stale, plays, calls, sorts, lost, interrupted, wallSeconds } = outcome;
  const differences = outcome.differences.map((each) => {
    const { kind, entry, fingerprint, accepted, from, plays: seen } = each;
    const small = smallestOf(each);
    return {
      ...{ kind, entry, fingerprint, accepted, trace: small === null ? null : join(outcome.report, traceNameOf(each)) },
      ...{ from, plays: seen, baseline: each.baseline, candidate: each.candidate },
      small: small && { words: small.words, entries: small.entries, since: small.since, log: small.steps },
      properties: small?.properties ?? null,
    };
  });
  const head = { tool: TOOL, version: version(), baseline, candidate };
  const rest = { differences, stale, plays, calls, sorts, lost, interrupted, wallSeconds };
  return `${JSON.stringify({ ...head, ...rest }, null, 2)}\n`;
}

const REASON = "why this is meant";

function pretty(outcome: CompareOutcome): string {
  const noColor = process.env["NO_COLOR"];
  const c = createColors(process.stdout.isTTY === true && (noColor === undefined || noColor === ""));
  const parts = [`baseline   ${outcome.baseline}\ncandidate  ${outcome.candidate}`];
  for (const each of open(outcome)) parts.push(`${c.red("✗")} ${inWords(each, outcome)}`);
  const accepted = outcome.differences.filter((each) => each.accepted !== null);
  if (accepted.length > 0) {
    const lines = accepted.map((each) => `${c.green("✓")} ${each.fingerprint}\n      ${each.accepted}`);
    parts.push(`accepted:\n${lines.join("\n")}`);
  }
  for (const fingerprint of outcome.stale) {
    parts.push(
      `${c.red("✗")} accepted, and seen nowhere: ${fingerprint}\n    Take it out of the file; or play more seeds.`,
    );
  }
  for (const one of outcome.lost) parts.push(c.yellow(`no answer: ${one}`));
  const unexplained = open(outcome);
  if (unexplained.length > 0) {
    const entries = unexplained.map((each) => acceptedText(each.fingerprint, REASON));
    parts.push(
      `If they are meant, put them into the file that --accept names, each with its reason:\n\n${entries.join("\n").trimEnd()}`,
    );
  }
  parts.push(`${extent(outcome)}, ${span(outcome.wallSeconds)}\n${verdict(outcome)}`);
  return `${parts.join("\n\n")}\n`;
}

function open({ differences }: CompareOutcome): Difference[] {
  return differences.filter(({ accepted }) => accepted === null);
}

function inWords(each: Difference, outcome: CompareOutcome): string {
  const { fingerprint, kind } = each;
  const small = smallestOf(each);
  const lines = [fingerprint, KINDS[kind], seen(each)];
  lines.push(`baseline   ${each.baseline ?? ""}`, `candidate  ${each.candidate ?? ""}`);
  if (small === null) lines.push(withoutLog(each));
  else {
    lines.push(sizeOf(small, kind), ...small.words.map((word) => `  ${word}`), ...properties(small));
    lines.push(`trace      ${join(outcome.report, traceNameOf(each))}`);
  }
  return lines.join("\n    ");
}

/** Its smallest log, where it has one. */
export function smallestOf({ small }: Difference): Smallest | null {
  return small === "not tried" ? null : small;
}

function withoutLog({ small, fingerprint }: Difference): string {
  if (fingerprint.endsWith(" hung")) return "not made small: each try would hang";
  if (fingerprint.startsWith("cost | time")) return "measured over the logs of some seeds";
  return small === null ? "no log of one machine shows it by itself" : "not made small: enough others are";
}

function seen({ plays, from, entry }: Difference): string {
  const first = from === null ? "" : `, first in ${from}${entry === null ? "" : `, entry ${entry}`}`;
  return `seen in ${counted(plays, "play")}${first}`;
}

function sizeOf({ words, since, entries }: Smallest, kind: Difference["kind"]): string {
  if (kind === "upgrade") return `the smallest upgrade that shows it, with ${entries} entries`;
  const size = `the smallest log that shows it: ${counted(words.length, "step")}, ${entries} of them entries`;
  return since === null ? size : `${size}; differs since entry ${since}`;
}

function properties({ properties: { baseline, candidate } }: Smallest): string[] {
  const lines: string[] = [];
  if (candidate.length > 0) lines.push(`only the candidate breaks ${candidate.join(", ")}`);
  if (baseline.length > 0) lines.push(`only the baseline breaks ${baseline.join(", ")}`);
  return lines.length === 0 ? ["no property tells them apart: both are right, or both are wrong"] : lines;
}

const SORTS: Readonly<Record<keyof CompareOutcome["sorts"], string>> = {
  trace: "trace",
  log: "log",
  snapshot: "saved state",
  seed: "seed",
  upgrade: "upgrade",
  time: "measurement",
};

function extent({ plays, sorts, calls }: CompareOutcome): string {
  const parts = Object.entries(SORTS).flatMap(([sort, noun]) => {
    const many = sorts[sort as keyof typeof sorts];
    return many === 0 ? [] : [counted(many, noun)];
  });
  return `${counted(plays, "play")} (${parts.join(", ")}), ${counted(calls, "call")} of both machines`;
}

function verdict(outcome: CompareOutcome): string {
  const { differences, stale, lost, interrupted } = outcome;
  const unexplained = open(outcome).length;
  if (unexplained > 0) return `the gate is shut: ${counted(unexplained, "difference")} that nobody accepted`;
  if (stale.length > 0) return "the gate is shut: what was accepted is not there any more";
  if (interrupted) return "interrupted: nothing differed so far";
  if (lost.length > 0) return "undecided: some plays came to no answer";
  if (differences.length > 0) return `the gate is open: ${counted(differences.length, "difference")}, all accepted`;
  return "the gate is open: the two do the same";
}

function markdown(outcome: CompareOutcome): string {
  const lines = [`## ${title(outcome)}`, ""];
  lines.push(`\`${outcome.candidate}\` against \`${outcome.baseline}\`: ${extent(outcome)}.`, "");
  const unexplained = open(outcome);
  for (const each of unexplained) lines.push(...section(each), "");
  const accepted = outcome.differences.filter((each) => each.accepted !== null);
  if (accepted.length > 0) {
    lines.push("### Accepted", "", "| difference | reason | plays |", "|---|---|---|");
    for (const each of accepted)
      lines.push(`| ${cell(each.fingerprint)} | ${cell(each.accepted ?? "")} | ${each.plays} |`);
    lines.push("");
  }
  if (outcome.stale.length > 0) {
    lines.push("### Accepted, and seen nowhere", "", ...outcome.stale.map((each) => `- \`${each}\``), "");
  }
  if (outcome.lost.length > 0) lines.push("### Without an answer", "", ...outcome.lost.map((each) => `- ${each}`), "");
  if (unexplained.length > 0) {
    lines.push(
      "If these are meant, put them into the file that `--accept` names, each with its reason:",
      "",
      "```text",
    );
    lines.push(
      unexplained
        .map((each) => acceptedText(each.fingerprint, REASON))
        .join("\n")
        .trimEnd(),
      "```",
      "",
    );
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

function title(outcome: CompareOutcome): string {
  const said = verdict(outcome);
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
}

function section(each: Difference): string[] {
  const { fingerprint, kind } = each;
  const small = smallestOf(each);
  const lines = [`### \`${fingerprint}\``, "", `${KINDS[kind]}; ${seen(each)}.`, ""];
  lines.push(
    "| | |",
    "|---|---|",
    `| baseline | ${cell(each.baseline ?? "")} |`,
    `| candidate | ${cell(each.candidate ?? "")} |`,
  );
  if (small === null) return [...lines, "", `${withoutLog(each)}.`];
  lines.push("", `${sizeOf(small, kind)}:`, "", "```js", ...small.words, "```", "", `${properties(small).join("; ")}.`);
  return lines;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
