// The zoo's table: for a person at a terminal, as JSON, and as the Markdown of docs/reference/zoo.md, where it is read both
// ways: which properties catch a bug, and which bugs break a property.
import { createColors } from "picocolors";
import { type Bite, bites, type ZooRow } from "../../explore/zoo.js";
import { counted, span } from "../numbers.js";

export const ZOO_FORMATS = ["pretty", "json", "markdown"] as const;
export type ZooFormat = (typeof ZOO_FORMATS)[number];

export interface ZooOutcome {
  readonly rows: readonly ZooRow[];
  /** Every property of the catalogue, in its order. */
  readonly properties: readonly string[];
  /** What the harness stumbled over. */
  readonly ourBugs: readonly string[];
  /** Whether all bugs are in it: only then something can be said of the properties. */
  readonly whole: boolean;
  readonly quick: boolean;
  readonly starts: number;
  readonly seeds: number;
  readonly wallSeconds: number;
}

/** The outcome in one of its faces, ended by a line break. */
export function printZoo(outcome: ZooOutcome, format: ZooFormat): string {
  switch (format) {
    case "pretty":
      return pretty(outcome);
    case "json":
      return `${JSON.stringify({ bugs: outcome.rows }, null, 2)}\n`;
    case "markdown":
      return markdown(outcome);
  }
}

function pretty(outcome: ZooOutcome): string {
  const noColor = process.env["NO_COLOR"];
  const c = createColors(process.stdout.isTTY === true && (noColor === undefined || noColor === ""));
  const { rows, ourBugs } = outcome;
  const width = Math.max(4, ...rows.map(({ name }) => name.length));
  const lines = rows.map((row) => {
    const cells = `${row.name.padEnd(width)}  ${row.livesIn.padEnd(8)}  ${number(row.seeds)}  ${number(row.worst)}  ${number(row.operations)}  ${number(row.faults)}  ${seconds(row.shrinkSeconds)}   `;
    if (row.escapes === 0) return `${c.green("✓")} ${cells}${row.caughtBy.join(" ")}`;
    const why = row.falseCauses.length === 0 ? "nothing broke" : `only ${row.falseCauses.join(" ")}`;
    return `${c.red("✗")} ${cells}${row.escapes} of ${counted(row.starts, "start")} without a catch; there ${why}`;
  });
  const heading = `  ${"bug".padEnd(width)}  ${"lives in".padEnd(8)}  ${"seeds".padStart(5)}  ${"worst".padStart(5)}  ${"ops".padStart(5)}  ${"faults".padStart(5)}  ${"small in".padStart(8)}  caught by`;
  const parts = [[c.dim(heading), ...lines].join("\n")];
  const toothless = outcome.whole ? withoutBite(outcome) : [];
  if (toothless.length > 0) parts.push(`no bug breaks: ${toothless.join(", ")}`);
  for (const one of ourBugs) parts.push(c.red(`our own bug: ${one}`));
  const escaped = rows.filter((row) => row.escapes > 0);
  const small = smallness(rows);
  if (small !== "") parts.push(small);
  parts.push(verdict(outcome, escaped.length));
  if (escaped.length > 0) parts.push(escaped.map(({ name }) => `see it again:  ${again(name, outcome)}`).join("\n"));
  return `${parts.join("\n\n")}\n`;
}

function verdict({ rows, starts, seeds, wallSeconds }: ZooOutcome, escaped: number): string {
  const how = `${counted(starts, "start")} each, at most ${counted(seeds, "seed")}, ${span(wallSeconds)}`;
  const all = counted(rows.length, "bug");
  return escaped === 0 ? `${all}, all caught (${how})` : `${escaped} of ${all} escaped (${how})`;
}

/** The line that hunts a bug once more. */
function again(name: string, { seeds, quick }: ZooOutcome): string {
  return `npx multiraft-sim zoo ${name}${quick ? " --quick" : ""} --seeds ${seeds}`;
}

/** How small the failures get: medians over the bugs. */
function smallness(rows: readonly ZooRow[]): string {
  const small = rows.filter((row) => row.shrinkSeconds !== null);
  if (small.length === 0) return "";
  const median = (of: (row: ZooRow) => number | null): number => {
    const sorted = small.map((row) => of(row) ?? 0).sort((a, b) => a - b);
    return sorted[(sorted.length - 1) >> 1] as number;
  };
  const operations = counted(
    median((row) => row.operations),
    "operation",
  );
  const faults = counted(
    median((row) => row.faults),
    "fault",
  );
  const seconds = median((row) => row.shrinkSeconds);
  return `the median smallest run: ${operations} and ${faults}, found in ${span(seconds)}`;
}

function number(value: number | null): string {
  return (value === null ? "–" : String(value)).padStart(5);
}

/** How long it took to make it small. */
function seconds(value: number | null): string {
  return (value === null ? "–" : span(value)).padStart(8);
}

function withoutBite({ rows, properties }: ZooOutcome): string[] {
  const toothless = ({ named, besides }: Bite): boolean => named.length === 0 && besides.length === 0;
  return bites(rows, properties)
    .filter(toothless)
    .map(({ property }) => property);
}

function markdown(outcome: ZooOutcome): string {
  const { rows, starts, seeds, whole } = outcome;
  const parts = [table(rows)];
  const how = `Seeds until the first catch: the median of ${counted(starts, "start")}, and the worst; at most ${counted(seeds, "seed")} from each. Operations and faults: of the smallest run that breaks the claim.`;
  parts.push(how);
  if (whole) parts.push("## Which bugs break a property", biteTable(outcome));
  return `${parts.join("\n\n")}\n`;
}

function table(rows: readonly ZooRow[]): string {
  const lines = rows.map(({ name, livesIn, caughtBy, seeds, worst, operations, faults, escapes }) => {
    const caught = escapes > 0 ? "**escaped**" : caughtBy.join(", ");
    return `| [${name}](../../bugs/${name}.ts) | ${livesIn} | ${caught} | ${seeds ?? "–"} | ${worst ?? "–"} | ${operations ?? "–"} | ${faults ?? "–"} |`;
  });
  return [
    "| bug | lives in | caught by | seeds | worst | operations | faults |",
    "|---|---|---|--:|--:|--:|--:|",
    ...lines,
  ].join("\n");
}

function biteTable({ rows, properties }: ZooOutcome): string {
  const lines = bites(rows, properties).map(({ property, named, besides }) => {
    const also = named.length > 0 || besides.length === 0 ? "" : `besides others: ${besides.join(", ")}`;
    return `| ${property} | ${named.join(", ")}${also} |`;
  });
  return ["| property | broken by |", "|---|---|", ...lines].join("\n");
}
