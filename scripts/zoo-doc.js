// Writes docs/reference/zoo.md: the zoo is visited, and what it printed as Markdown becomes the page. Run after
// `npm run build`; it takes some minutes. The same version gives the same catches; how small they get depends on how long it
// may take. zoo-doc.test.ts says whether the page has every bug and every property.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
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

const visit = spawnSync(process.execPath, ["dist/src/cli/main.js", "zoo", "--format", "markdown"], {
  cwd: root,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
});
if (visit.stdout === "") throw new Error("the zoo printed nothing");
writeFileSync(
  `${root}docs/reference/zoo.md`,
  await format(`${head}${visit.stdout}`, { parser: "markdown", printWidth: 120 }),
);
process.exitCode = visit.status ?? 1;
