// Writes docs/reference/mutants.md from what Stryker knows (.stryker/incremental.json): the score by file, and every mutant that
// lives on. Why it may stands in survivors.json beside this file: by file, a part of the line of code, and what the mutants have
// there. It says which survivors nobody has explained, and which explanations nothing needs any more; either is exit code 1.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "prettier";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path) => JSON.parse(readFileSync(root + path, "utf8"));
if (!existsSync(`${root}.stryker/incremental.json`)) throw new Error("nothing is known of mutants: npm run mutants");
const reasons = read("scripts/mutants/survivors.json");
const { files } = read(".stryker/incremental.json");
const tried = read(".stryker/tried.json");

const DEAD = ["Killed", "Timeout"];
const LIVE = ["Survived", "NoCoverage"];
const rows = [];
const survivors = [];
const unjudged = [];
for (const [file, { mutants: all, source }] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
  // Texts are for people.
  const mutants = all.filter(({ mutatorName, status }) => mutatorName !== "StringLiteral" && status !== "Ignored");
  const dead = mutants.filter(({ status }) => DEAD.includes(status)).length;
  const living = mutants.filter(({ status }) => LIVE.includes(status));
  const lines = source.split("\n");
  for (const { location, status } of mutants) {
    if (!DEAD.includes(status) && !LIVE.includes(status)) unjudged.push(`${file}:${location.start.line} ${status}`);
  }
  if (dead + living.length === 0) continue;
  rows.push({ file, dead, all: dead + living.length });
  for (const { location, replacement, mutatorName, status } of living) {
    const code = (lines[location.start.line - 1] ?? "").trim();
    const { line, column } = location.start;
    survivors.push({ file, line, column, code, replacement: replacement ?? mutatorName, status });
  }
}

const of = (prefix) => rows.filter(({ file }) => file.startsWith(prefix));
const percent = (some) => {
  const dead = some.reduce((sum, row) => sum + row.dead, 0);
  const all = some.reduce((sum, row) => sum + row.all, 0);
  return all === 0 ? "–" : `${((100 * dead) / all).toFixed(1)} %`;
};
const sum = (some, name) => some.reduce((total, row) => total + row[name], 0);
const mutable = ["src/fsm", "src/fsm/services", "src/protocol"]
  .flatMap((folder) => readdirSync(root + folder).map((name) => `${folder}/${name}`))
  .filter((file) => file.endsWith(".ts") && !/\.(test|laws|fuzz|d)\.ts$/.test(file))
  .filter((file) => !rows.some((row) => row.file === file));
const names = (some) => some.map((file) => file.replace("src/", "")).join(", ");
const untried = mutable.filter((file) => !tried.includes(file));
const empty = mutable.filter((file) => tried.includes(file));
const score = (name, some) => `| **${name}** | ${sum(some, "all")} | ${sum(some, "dead")} | **${percent(some)}** |`;
const scores = [score("src/fsm", of("src/fsm/")), score("src/protocol", of("src/protocol/")), score("both", rows)];

const oneLine = (text) => text.replaceAll(/\s+/g, " ");
const cell = (text) => `\`${oneLine(text).replaceAll("|", "\\|").replaceAll("`", "'").slice(0, 90)}\``;
const needed = new Set();
const why = ({ file, code, replacement }) => {
  const reason = reasons[file]?.find((each) => code.includes(each.code) && each.mutants.includes(oneLine(replacement)));
  if (reason !== undefined) needed.add(`${file}: ${reason.code}: ${oneLine(replacement)}`);
  return reason?.why;
};
// In no order that a run would give them.
const byPlace = (a, b) =>
  a.file === b.file
    ? a.line - b.line || a.column - b.column || (a.replacement < b.replacement ? -1 : 1)
    : a.file < b.file
      ? -1
      : 1;
const explained = survivors.toSorted(byPlace).map((each) => ({ ...each, why: why(each) }));
const living = explained.map(
  (each) =>
    `| ${each.file.replace("src/", "")}:${each.line}${each.status === "NoCoverage" ? " (not run)" : ""} | ${cell(each.code)} | ${cell(each.replacement)} | ${each.why ?? ""} |`,
);

const page = `<!-- Written by scripts/mutants/page.js. Do not edit: \`npm run mutants\` -->

# Mutants

A mutant is the state machine, or the words that it is written in, with one small change. It is killed when a unit or a law breaks
with it, a short history (\`run --exhaustive\`, two entries of each subject), or one of four seeds of the default scenario; or when
it does not end. A death counts where the test that saw it succeeds again without the mutant, in the same process. What lives on
is no defect: the same behaviour in other words, or a guard that nothing of ours runs into.

\`npm run mutants\` runs [Stryker](https://stryker-mutator.io) over \`src/fsm\` and \`src/protocol\`, incrementally: what did not change
keeps its result. \`npm run mutants -- lock keep-alive\` takes files by parts of their names, \`npm run mutants -- --anew\` forgets
what is known and tries everything: half an hour of one core, or 17
minutes of two with \`--jobs=2\`. It is no part of \`npm test\`. Texts are not mutated: what a refusal says to a person is
nobody's business but his. Whoever leaves a survivor unexplained, or an explanation without a survivor, has exit code 1.
${empty.length === 0 ? "" : `\nNothing to mutate is in ${names(empty)}.\n`}
| file | mutants | killed | score |
|---|--:|--:|--:|
${scores.join("\n")}
${rows.map((row) => `| ${row.file} | ${row.all} | ${row.dead} | ${percent([row])} |`).join("\n")}

## What lives on

${living.length === 0 ? "Nothing." : `| where | what stands there | what the mutant has | why it may live |\n|---|---|---|---|\n${living.join("\n")}`}
`;
// Of some files only, it would forget what the page says of the others.
if (untried.length > 0) console.log(`the page stays as it is: not tried yet are ${names(untried)}`);
else writeFileSync(`${root}docs/reference/mutants.md`, await format(page, { parser: "markdown", printWidth: 120 }));

const unexplained = explained.filter((each) => each.why === undefined);
const idle = (untried.length > 0 ? [] : Object.entries(reasons)).flatMap(([file, all]) =>
  all.flatMap(({ code, mutants }) =>
    mutants.map((mutant) => `${file}: ${code}: ${mutant}`).filter((each) => !needed.has(each)),
  ),
);
tell("without a verdict", unjudged);
tell(
  "without a reason in survivors.json",
  unexplained.map(({ file, line, code, replacement }) => `${file}:${line}: ${code} => ${oneLine(replacement)}`),
);
tell("reasons in survivors.json that nothing needs", idle);
console.log(
  `src/fsm ${percent(of("src/fsm/"))}, src/protocol ${percent(of("src/protocol/"))}, both ${percent(rows)}: ${sum(rows, "dead")} of ${sum(rows, "all")}`,
);

function tell(what, some) {
  if (some.length === 0) return;
  console.log(`\n${some.length} ${what}:\n${some.map((each) => `  ${each}`).join("\n")}`);
  process.exitCode = 1;
}
