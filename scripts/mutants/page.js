// Writes docs/reference/mutants.md from what Stryker knows (.stryker/incremental.json): the score by file, and every mutant that
// lives on. What explains a survivor stands in survivors.json beside this file, by file and line of code, and is kept.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "prettier";

const root = fileURLToPath(new URL("../../", import.meta.url));
const reasons = JSON.parse(readFileSync(`${root}scripts/mutants/survivors.json`, "utf8"));
const path = `${root}.stryker/incremental.json`;
if (!existsSync(path)) throw new Error("nothing is known of mutants: npm run mutants");
const { files } = JSON.parse(readFileSync(path, "utf8"));

const DEAD = ["Killed", "Timeout"];
const LIVE = ["Survived", "NoCoverage"];
const rows = [];
const survivors = [];
for (const [file, { mutants: all, source }] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
  // Texts are for people.
  const mutants = all.filter(({ mutatorName }) => mutatorName !== "StringLiteral");
  const dead = mutants.filter(({ status }) => DEAD.includes(status)).length;
  const living = mutants.filter(({ status }) => LIVE.includes(status));
  if (dead + living.length === 0) continue;
  rows.push({ file, dead, all: dead + living.length });
  const lines = source.split("\n");
  for (const { location, replacement, mutatorName, status } of living) {
    const code = (lines[location.start.line - 1] ?? "").trim();
    survivors.push({ file, line: location.start.line, code, replacement: replacement ?? mutatorName, status });
  }
}

const of = (prefix) => rows.filter(({ file }) => file.startsWith(prefix));
const percent = (some) => {
  const dead = some.reduce((sum, row) => sum + row.dead, 0);
  const all = some.reduce((sum, row) => sum + row.all, 0);
  return all === 0 ? "–" : `${((100 * dead) / all).toFixed(1)} %`;
};
const sum = (some, name) => some.reduce((total, row) => total + row[name], 0);
const untried = ["src/fsm", "src/fsm/services", "src/protocol"]
  .flatMap((folder) => readdirSync(root + folder).map((name) => `${folder}/${name}`))
  .filter((file) => file.endsWith(".ts") && !/\.(test|laws|fuzz|d)\.ts$/.test(file))
  .filter((file) => !(file in files));
const score = (name, some) => `| **${name}** | ${sum(some, "all")} | ${sum(some, "dead")} | **${percent(some)}** |`;
const scores = [score("src/fsm", of("src/fsm/")), score("src/protocol", of("src/protocol/")), score("both", rows)];
const cell = (text) => `\`${text.replaceAll("\n", " ").replaceAll("|", "\\|").replaceAll("`", "'").slice(0, 90)}\``;
const why = ({ file, code }) => reasons[file]?.find((each) => code.includes(each.code))?.why ?? "";

const page = `<!-- Written by scripts/mutants/page.js. Do not edit: \`npm run mutants\` -->

# Mutants

A mutant is the state machine, or the words that it is written in, with one small change. It is killed when a unit or a law breaks
with it, a short history (\`run --exhaustive\`, two entries of each subject), or one of four seeds of the default scenario. What lives
on is either no defect – the same behaviour in other words – or something that nobody would notice.

\`npm run mutants\` runs [Stryker](https://stryker-mutator.io) over \`src/fsm\` and \`src/protocol\`, incrementally: what did not change
keeps its result. \`npm run mutants -- lock keep-alive\` takes files by parts of their names. It is no part of \`npm test\`. Texts are
not mutated: what a refusal says to a person is nobody's business but his.
${untried.length === 0 ? "" : `\nNot tried yet, and in no score: ${untried.map((file) => file.replace("src/", "")).join(", ")}.\n`}
| file | mutants | killed | score |
|---|--:|--:|--:|
${scores.join("\n")}
${rows.map((row) => `| ${row.file} | ${row.all} | ${row.dead} | ${percent([row])} |`).join("\n")}

## What lives on

${survivors.length === 0 ? "Nothing." : `| where | what stands there | what the mutant has | why it may live |\n|---|---|---|---|\n${survivors.map((each) => `| ${each.file.replace("src/", "")}:${each.line}${each.status === "NoCoverage" ? " (not run)" : ""} | ${cell(each.code)} | ${cell(each.replacement)} | ${why(each)} |`).join("\n")}`}
`;
writeFileSync(`${root}docs/reference/mutants.md`, await format(page, { parser: "markdown", printWidth: 120 }));
console.log(`src/fsm ${percent(of("src/fsm/"))}, src/protocol ${percent(of("src/protocol/"))}, both ${percent(rows)}`);
