// The package as a stranger gets it: packed, installed into an empty project without dev tools, run, imported, its types
// resolved, its weight and its licences looked at. Run after `npm run build`; needs the registry (or npm's cache).
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "multiraft-sim-package-"));
const project = join(scratch, "project");
/** Of the tarball, the viewer's page left out. */
const MOST_BYTES = 2_000_000;
const LICENCES = new Set([
  "Apache-2.0",
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "(Apache-2.0 AND BSD-3-Clause)",
]);
const MUST_HOLD = ["package.json", "README.md", "LICENSE", "NOTICE", "CHANGELOG.md", "scenarios/default.json"];
const MAY_HOLD = /^(dist\/|(scenarios|schemas)\/.*\.json$|proto\/.*\.proto$|[A-Z]+(\.md)?$|package\.json$)/;
const MUST_NOT_HOLD = /\.(test|laws|fuzz|property)\.|node_modules|\.tsbuildinfo$/;

const EVERY_FACE = `
import { reference, scenarioFrom, simulate } from "multiraft-sim";
import { bugs } from "multiraft-sim/zoo";
import { createRequire } from "node:module";
const { judgement } = simulate(scenarioFrom("default"), reference, 7n);
if (judgement.first !== null || bugs.length !== 74) process.exit(1);
createRequire(import.meta.url)("multiraft-sim/package.json");
`;

const STRANGER = `
import { type MachineKind, reference, scenarioFrom, simulate } from "multiraft-sim";
import { bugs } from "multiraft-sim/zoo";
const machine: MachineKind = bugs[0]?.machine ?? reference;
export const first: string | undefined = simulate(scenarioFrom("default"), machine, 7n).judgement.first?.property;
// @ts-expect-error a seed is a bigint
simulate(scenarioFrom("default"), machine, 7);
`;

const TESTER = `
import { reference, scenarioFrom, simulate } from "multiraft-sim";
import "multiraft-sim/vitest";
import { expect } from "vitest";
const run = simulate(scenarioFrom("default"), reference, 7n);
expect(run).toHold();
expect(run.judgement).toHold("lock/fifo");
expect(run).toHaveJudged("lock/fifo");
// @ts-expect-error a number was not judged
expect(7).toHold();
`;

let passed = 0;
let failed = 0;

function check(name, good, detail = "") {
  if (good) passed += 1;
  else failed += 1;
  console.log(`${good ? "ok    " : "FAILED"} ${name}${good || detail === "" ? "" : `\n${detail}`}`);
}

function run(command, args, cwd) {
  const environment = { ...process.env, NO_COLOR: "1", npm_config_loglevel: "error" };
  for (const name of Object.keys(environment)) {
    if (/^npm_(package|lifecycle|command|execpath|node)/.test(name)) delete environment[name];
  }
  const done = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 1 << 28, env: environment });
  const output = `${done.stdout ?? ""}${done.stderr ?? ""}${done.error ?? ""}`;
  return { good: done.status === 0, stdout: done.stdout ?? "", output: output.split("\n").slice(-40).join("\n") };
}

function write(file, text) {
  writeFileSync(join(project, file), text);
}

try {
  packed();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function packed() {
  const pack = run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", scratch], root);
  check("npm pack", pack.good, pack.output);
  if (!pack.good) return;
  const [about] = JSON.parse(pack.stdout);
  const files = about.files.map(({ path }) => path);
  const lacking = MUST_HOLD.filter((file) => !files.includes(file));
  check("holds what a user needs", lacking.length === 0, lacking.join("\n"));
  const strange = files.filter((file) => !MAY_HOLD.test(file) || MUST_NOT_HOLD.test(file));
  check("holds nothing else", strange.length === 0, strange.join("\n"));
  check(`weighs less than ${MOST_BYTES} bytes`, about.size < MOST_BYTES, `${about.size} bytes`);
  installed(join(scratch, about.filename));
}

function installed(tarball) {
  mkdirSync(project);
  write("package.json", JSON.stringify({ name: "stranger", private: true, type: "module" }));
  const install = run(
    "npm",
    ["install", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", tarball],
    project,
  );
  check("npm install into an empty project", install.good, install.output);
  if (!install.good) return;
  const list = run("npm", ["ls", "--omit=dev", "--all"], project);
  check("npm ls finds nothing missing or invalid", list.good, list.output);
  licences();
  commands();
  imports();
  types();
}

function licences() {
  const strange = packagesIn(join(project, "node_modules"))
    .filter(({ name }) => name !== "multiraft-sim")
    .filter(({ license }) => !LICENCES.has(license))
    .map(({ name, license }) => `${name}: ${license}`);
  check("stands only on packages with a licence that allows it", strange.length === 0, strange.join("\n"));
}

/** Name and licence of each package in a node_modules folder, and below. */
function packagesIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .flatMap((entry) => {
      const at = join(folder, entry.name);
      if (entry.name.startsWith("@")) return packagesIn(at);
      const { name, license } = JSON.parse(readFileSync(join(at, "package.json"), "utf8"));
      const below = readdirSync(at).includes("node_modules") ? packagesIn(join(at, "node_modules")) : [];
      return [{ name, license }, ...below];
    });
}

function commands() {
  const tool = (...args) => run("npx", ["--no-install", "multiraft-sim", ...args], project);
  const clean = tool("run", "--seeds", "20", "--profile", "quick");
  check("npx multiraft-sim run", clean.output.includes("20 passed, 0 failed"), clean.output);
  const broken = tool("run", "--bug", "purge-forgets", "--seeds", "20");
  check("npx multiraft-sim run --bug", broken.output.includes("command/at-most-once"), broken.output);
  const again = /npx multiraft-sim (shrink .*)/.exec(broken.output)?.[1]?.split(" ") ?? [];
  const small = tool(...again);
  check("the line that a failure prints makes it small", again.length > 0 && small.good, small.output);
}

function imports() {
  const first = run("node", ["--input-type=module", "--eval", EVERY_FACE], project);
  check("every face can be imported without fast-check", first.good, first.output);
}

function types() {
  write("stranger.ts", STRANGER);
  write("tester.ts", TESTER);
  // Whoever writes tests has vitest.
  symlinkSync(join(root, "node_modules", "vitest"), join(project, "node_modules", "vitest"), "junction");
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  for (const [module, resolution] of [
    ["esnext", "bundler"],
    ["node16", "node16"],
  ]) {
    const flags = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2023", "--types", ""];
    for (const file of ["stranger.ts", "tester.ts"]) {
      const typed = run(tsc, [...flags, "--module", module, "--moduleResolution", resolution, file], project);
      check(`types of ${file} resolve under ${resolution}`, typed.good, typed.output);
    }
  }
}
