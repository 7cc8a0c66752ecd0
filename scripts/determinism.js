// Plays the same seeds in fresh processes, the last of them on another Node, and compares what came out: the digest of every
// run, and the bytes of one whole trace. Run after `npm run build`; `npm test` calls it. The other Node comes from the npm
// registry into a scratch folder of its own; without a registry that part is left out, said so, and red on a build server.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SEEDS = 200;
const OTHER_NODE = process.versions.node.startsWith("22.") ? "24" : "22";
const main = fileURLToPath(new URL("../dist/src/cli/main.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "multiraft-sim-determinism-"));

try {
  const players = [
    { name: "one", node: process.execPath, jobs: 1 },
    { name: "two", node: process.execPath, jobs: 2 },
  ];
  const other = anotherNode();
  if (other !== undefined) players.push({ name: "other", node: other.path, jobs: 2 });
  const [first, ...rest] = players.map(play);
  for (const next of rest) compare(first, next);
  console.log(`${SEEDS} seeds give the digest ${first.digest}, and seed 7 the same ${first.trace.length} bytes,`);
  console.log(
    `in two processes on Node ${process.version}${other === undefined ? "" : `, and on Node ${other.version}`}`,
  );
} finally {
  rmSync(scratch, { recursive: true });
}

/** Explores in a process of its own: the digest over all runs, and the trace of one. */
function play({ name, node, jobs }) {
  const out = run(node, "run", "--seeds", `${SEEDS}`, "--jobs", `${jobs}`, "--report", join(scratch, name));
  const digest = /digest ([0-9a-f]{16})/.exec(out)?.[1];
  if (digest === undefined) fail(`no digest in:\n${out}`);
  run(node, "run", "--seed", "7", "--trace", join(scratch, `${name}.jsonl`), "--report", join(scratch, name));
  return { name, digest, trace: readFileSync(join(scratch, `${name}.jsonl`)) };
}

function compare(one, next) {
  if (one.digest !== next.digest)
    fail(`${SEEDS} seeds gave ${one.digest} (${one.name}), ${next.digest} (${next.name})`);
  if (!one.trace.equals(next.trace)) fail("one seed gave two traces; `multiraft-sim diff` shows where they part");
}

/** Another major version of Node, installed where it takes over nothing. */
function anotherNode() {
  const folder = join(scratch, "node");
  const path = join(folder, "node_modules", "node", "bin", "node");
  const made = spawnSync("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", `node@${OTHER_NODE}`], {
    encoding: "utf8",
    cwd: scratch,
  });
  const said = made.status === 0 ? spawnSync(path, ["--version"], { encoding: "utf8" }) : made;
  if (said.status === 0) return { path, version: said.stdout.trim() };
  const why = `Node ${OTHER_NODE} can't be had from the npm registry: ${said.stderr ?? said.error}`;
  if (process.env.CI === undefined) {
    console.log(`not compared with another Node. ${why}`);
    return undefined;
  }
  return fail(why);
}

function run(node, ...args) {
  const done = spawnSync(node, [main, ...args], { encoding: "utf8", cwd: scratch });
  if (done.status !== 0 && done.status !== 1 && done.status !== 3) fail(`${args.join(" ")}: ${done.stderr}`);
  return done.stdout;
}

function fail(message) {
  console.error(`not deterministic: ${message}`);
  process.exit(1);
}
