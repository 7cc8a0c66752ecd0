// The index of a report folder for a browser: one page that needs nothing but what lies beside it.
import type { ReportedFailure, RunReport } from "../../explore/report.js";
import { grouped } from "../numbers.js";
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
import { htmlText } from "./escapes.js";

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8886; border-radius: .4rem; font-size: .85rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem 1rem .15rem 0; text-align: left; } td + td { text-align: right; }
nav a { margin-right: 1.2rem; }`;

/** The page. Paths in the report are taken as they stand: relative to the page. */
export function htmlPage(report: RunReport): string {
  const title = `multiraft-sim: ${verdictInWords(report)}`;
  const silent = silentProperties(report);
  const { failures, unanswered = [], unreached } = report;
  return [
    `<!doctype html>`,
    `<html lang="en">`,
    `<head>`,
    `<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<title>${htmlText(title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `</head>`,
    `<body>`,
    `<h1>${htmlText(title)}</h1>`,
    `<p>${htmlText(`${accused(report)}, scenario ${report.scenario}, ${whichSeeds(report)}`)}<br>${htmlText(whatItTook(report))}</p>`,
    ...failures.map(section),
    ...unanswered.map(
      ({ seed, reason, reproduce }) => `<h2>Seed ${seed} has no answer</h2>\n${pre(`${reason}\n\n${reproduce}`)}`,
    ),
    ...(silent.length === 0 ? [] : [`<p>Never judged: ${htmlText(silent.join(", "))}.</p>`]),
    ...(unreached.length === 0 ? [] : [`<p>Milestones not reached: ${htmlText(unreached.join(", "))}.</p>`]),
    `<h2>What was judged, and how often</h2>`,
    table(
      ["property", "judged", "broken", "undecided"],
      Object.entries(report.properties).map(([name, { judged, broken, undecided }]) => [
        name,
        judged,
        broken,
        undecided,
      ]),
    ),
    `<h2>Faults</h2>`,
    table(["fault", "times"], Object.entries(report.faults)),
    `<h2>Milestones</h2>`,
    table(["milestone", "times"], Object.entries(report.reached)),
    `<p><a href="report.json">report.json</a> <a href="junit.xml">junit.xml</a> <a href="index.md">index.md</a></p>`,
    `</body>`,
    `</html>`,
    "",
  ].join("\n");
}

function section(failure: ReportedFailure): string {
  const { property, says, fingerprint, lines, known, reproduce, small } = failure;
  const links = filesOf(failure).map(([what, path]) => `<a href="${target(path)}">${htmlText(what)}</a>`);
  const again = [reproduce, ...(small === undefined ? [shrinkLine(reproduce, failure)] : [])].join("\n");
  return [
    `<section>`,
    `<h2>${known === undefined ? "✗" : "(known)"} ${htmlText(property)}, ${htmlText(whereItShows(failure))}</h2>`,
    `<p>${htmlText(says)}<br><small>${htmlText(fingerprint)}</small></p>`,
    ...(known === undefined ? [] : [`<p>Known and open: ${htmlText(known)}</p>`]),
    ...(lines.length === 0 ? [] : [pre(lines.join("\n"))]),
    ...(small === undefined ? [] : [`<p>${htmlText(sizeInWords(small))}.</p>`]),
    ...(links.length === 0 ? [] : [`<nav>${links.join("\n")}</nav>`]),
    pre(again),
    `</section>`,
  ].join("\n");
}

function pre(text: string): string {
  return `<pre>${htmlText(text)}</pre>`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => (typeof value === "number" ? grouped(value) : htmlText(value));
  return [
    `<table>`,
    `<tr>${head.map((each) => `<th scope="col">${htmlText(each)}</th>`).join("")}</tr>`,
    ...rows.map((row) => `<tr>${row.map((each) => `<td>${cell(each)}</td>`).join("")}</tr>`),
    `</table>`,
  ].join("\n");
}

function target(path: string): string {
  return htmlText(encodeURI(path.replaceAll("\\", "/")).replaceAll("#", "%23").replaceAll("?", "%3F"));
}
