// Writes what a person sees who has only the output of a red run: for some bugs of the zoo, what `run` printed, what came of
// the one line that was pasted, and the test that it left. The blocks behind `<!-- bug: part -->` in README and in
// docs/how-to/reproduce-a-failure.md are these. `--check` says whether they are fresh, but for times. After `npm run build`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const tool = join(root, "dist", "src", "cli", "main.js");
const pages = ["README.md", "docs/how-to/reproduce-a-failure.md"];

/** What is added to the line that is pasted. */
const added = { "restore-forgets-open": " --property snapshot/invisible" };

const BLOCK = /<!-- ([a-z-]+): (printed|small|test) -->\n\n```([a-z]*)\n[\s\S]*?\n```/g;
const sessions = new Map();
const scratch = mkdtempSync(join(tmpdir(), "multiraft-sim-sessions-"));
let stale = false;
try {
  for (const page of pages) {
    const before = readFileSync(join(root, page), "utf8");
    const after = before.replace(BLOCK, (_, bug, part, language) => {
      if (!sessions.has(bug)) sessions.set(bug, session(bug));
      return `<!-- ${bug}: ${part} -->\n\n\`\`\`${language}\n${sessions.get(bug)[part]}\n\`\`\``;
    });
    if (!process.argv.includes("--check")) writeFileSync(join(root, page), after);
    else if (timeless(after) !== timeless(before)) {
      stale = true;
      console.error(
        `${page} is stale: npm run build && node scripts/sessions-doc.js\n${firstDifference(before, after)}`,
      );
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}
process.exitCode = stale ? 1 : 0;

/** A red run of a few seeds, and the line that it says to paste. */
function session(bug) {
  const report = run("run", "--bug", bug, "--seeds", "5", "--jobs", "1", "--no-ledger");
  const printed = /✗ broken [\s\S]*?\n\n/.exec(report)?.[0].trimEnd();
  const line = / {2}small {2}npx multiraft-sim (.*)/.exec(printed ?? "")?.[1];
  if (line === undefined) throw new Error(`${bug}: nothing broke:\n${report}`);
  const pasted = `${line}${added[bug] ?? ""}`;
  const small = run(...pasted.split(" "));
  const test = readFileSync(join(scratch, /--emit-test (\S+)/.exec(pasted)[1]), "utf8").trimEnd();
  return { printed, small: `$ npx multiraft-sim ${pasted}\n${small.trimEnd()}`, test };
}

function run(...args) {
  return spawnSync(process.execPath, [tool, ...args], { cwd: scratch, encoding: "utf8" }).stdout;
}

function timeless(text) {
  return text.replace(/\d+(\.\d+)? s\b/g, "… s");
}

function firstDifference(before, after) {
  const [old, now] = [before, after].map((text) => timeless(text).split("\n"));
  const at = now.findIndex((line, index) => line !== old[index]);
  return `line ${at + 1}:\n  there: ${old[at]}\n  now:   ${now[at]}`;
}
