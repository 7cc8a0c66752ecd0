// `npm run check`, which is `npm test`: everything that must hold before a change goes in, one step after the other.
// A step that fails does not keep the others from being tried. The last line counts: "N passed, N failed".
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const scratch = mkdtempSync(join(tmpdir(), "multiraft-sim-check-"));
const counts = join(scratch, "vitest.json");

const steps = [
  ["build", "npm", "run", "--silent", "build"],
  ["format", tool("prettier"), "--check", "--log-level", "warn", "."],
  ["lint", tool("oxlint"), "--type-aware", "--deny-warnings"],
  ["types", tool("tsc"), "-p", "tsconfig.json"],
  ["types of the pure rooms", tool("tsc"), "-p", "tsconfig.pure.json"],
  ["types of the page", tool("tsc"), "-p", "viewer/tsconfig.json"],
  ["unused code", tool("knip"), "--no-progress"],
  ["tests", tool("vitest"), "run", "--reporter=default", "--reporter=json", `--outputFile.json=${counts}`],
  ["determinism", "node", "scripts/determinism.js"],
  ["foreign machines", "node", "scripts/foreign-machines.js"],
  ["package", "node", "scripts/package.js"],
  ["zoo", "node", "dist/src/cli/main.js", "zoo", "--quick"],
];

let passed = 0;
let failed = 0;
for (const [name, command, ...args] of steps) {
  console.log(`\n--- ${name}`);
  const begin = performance.now();
  const done = spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" });
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  const good = done.status === 0;
  if (name === "tests") count();
  if (good) passed += 1;
  else failed += 1;
  console.log(`--- ${name}: ${good ? "passed" : "FAILED"} (${seconds} s)`);
}
rmSync(scratch, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** A tool of the project's own, whatever is installed elsewhere. */
function tool(name) {
  return join("node_modules", ".bin", name);
}

/** Adds vitest's own counts to those of the steps. */
function count() {
  try {
    const report = JSON.parse(readFileSync(counts, "utf8"));
    passed += report.numPassedTests;
    failed += report.numFailedTests;
  } catch {
    console.error("vitest left no report of its counts.");
  }
}
