// Writes docs/reference/zoo.md and the zoo's part of README.md: the zoo is visited, and what it printed as Markdown becomes the
// page; README has the rows without what is known of each catch's size. With a file as argument, the tables are read from it. Run after
// `npm run build`; it takes some minutes. The same version gives the same catches; how small they get depends on how long it
// may take. zoo-doc.test.ts says whether the page has every bug and every property.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "prettier";

const root = fileURLToPath(new URL("../", import.meta.url));

const head = `<!-- Written by scripts/zoo-doc.js. Do not edit: \`npm run build && node scripts/zoo-doc.js\` -->

# The zoo

Each bug is the real state machine, its host, a client, the log or the registry with exactly one defect; most of them were real,
in Atomix or in one of its ancestors. A file opens with what was wrong, where it was real, and what brings it out. A bug counts
as caught only when a property breaks that it is known to break: another cause would prove nothing.

\`npx multiraft-sim zoo\` prints this table; \`npx multiraft-sim run --bug purge-forgets\` puts one of them in.
\`npm test\` hunts each from one start, and fails when one escapes.

`;

const [, , recorded] = process.argv;
const printed = recorded === undefined ? visited() : readFileSync(recorded, "utf8");
await write("docs/reference/zoo.md", `${head}${printed}`);

const [before, after] = readFileSync(`${root}README.md`, "utf8").split(
  /(?<=<!-- zoo -->\n)[^]*(?=<!-- end of the zoo -->)/,
);
if (after === undefined) throw new Error("README.md has no part between <!-- zoo --> and <!-- end of the zoo -->");
await write("README.md", `${before}\n${forReadme(printed)}\n${after}`);

function visited() {
  const visit = spawnSync(process.execPath, ["dist/src/cli/main.js", "zoo", "--format", "markdown"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1 << 26,
  });
  if (visit.stdout === "") throw new Error("the zoo printed nothing");
  process.exitCode = visit.status ?? 1;
  return visit.stdout;
}

/** The rows of the first table: bug, where it lives, what caught it, seeds. */
function forReadme(tables) {
  const [bugs = ""] = tables.split("\n\n");
  return bugs
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => `|${line.split("|").slice(1, 6).join("|").replaceAll("../../bugs/", "bugs/")}|`)
    .join("\n");
}

async function write(file, text) {
  writeFileSync(`${root}${file}`, await format(text, { parser: "markdown", printWidth: 120 }));
}
