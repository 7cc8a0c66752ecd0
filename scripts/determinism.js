// Plays the same seeds in two fresh processes and compares what came out: the digest of every run, and the bytes of one
// whole trace. Run after `npm run build`; `npm test` calls it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SEEDS = 200;
const main = fileURLToPath(new URL("../dist/src/cli/main.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "multiraft-sim-determinism-"));

try {
  const digests = [play("one"), play("two")];
  const traces = [0, 1].map((at) => readFileSync(join(scratch, `${["one", "two"][at]}.jsonl`)));
  if (digests[0] !== digests[1]) fail(`${SEEDS} seeds gave the digest ${digests[0]}, then ${digests[1]}`);
  if (!traces[0].equals(traces[1])) fail("one seed gave two traces; `multiraft-sim diff` shows where they part");
  console.log(
    `${SEEDS} seeds give the digest ${digests[0]} in two processes, and seed 7 the same ${traces[0].length} bytes`,
  );
} finally {
  rmSync(scratch, { recursive: true });
}

/** Explores in a process of its own; answers the digest over all runs. One process has one worker, the other two. */
function play(name) {
  const jobs = name === "one" ? "1" : "2";
  const out = run("run", "--seeds", `${SEEDS}`, "--jobs", jobs, "--report", join(scratch, name));
  const digest = /digest ([0-9a-f]{16})/.exec(out)?.[1];
  if (digest === undefined) fail(`no digest in:\n${out}`);
  run("run", "--seed", "7", "--trace", join(scratch, `${name}.jsonl`), "--report", join(scratch, name));
  return digest;
}

function run(...args) {
  const done = spawnSync(process.execPath, [main, ...args], { encoding: "utf8", cwd: scratch });
  if (done.status !== 0 && done.status !== 1 && done.status !== 3) fail(`${args.join(" ")}: ${done.stderr}`);
  return done.stdout;
}

function fail(message) {
  console.error(`not deterministic: ${message}`);
  process.exit(1);
}
