// The machines of examples/ that are written in other languages, put on trial by the built tool: conformance, then seeds; and
// the Python one with bugs, which must be caught, and one of them made small. What can't be built here (no protoc, no Go) is
// said and left out; with MULTIRAFT_SIM_PYTHON=required that is a failure for Python. The last line counts.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const tool = join(root, "dist", "src", "cli", "main.js");
const required = process.env.MULTIRAFT_SIM_PYTHON === "required";
const scratch = mkdtempSync(join(tmpdir(), "multiraft-sim-foreign-"));
// Debian's own: its packages are not those of another Python that may come first on the path.
const PYTHON = "/usr/bin/python3";
const SEEDS = 200;

/** Defects of the Python machine: a line of machine.py, what stands there instead, and what must break. */
const bugs = [
  [
    "session.mark = max(session.mark, last)",
    "session.mark = last",
    ["command/at-most-once", "state/bounded", "keepalive/harmless"],
  ],
  ["if session.deadline <= self.time]", "if session.deadline < self.time]", ["session/never-late"]],
  [
    "row.pending_outputs.extend(command.outputs)",
    "pass",
    ["snapshot/invisible", "output/none-lost", "command/same-answer"],
  ],
];

let passed = 0;
let failed = 0;
let leftOut = 0;

function check(name, good, detail = "") {
  if (good) passed += 1;
  else failed += 1;
  console.log(`${good ? "ok    " : "FAILED"} ${name}${good || detail === "" ? "" : `\n${detail}`}`);
}

function skip(name, why, mustRun = false) {
  if (mustRun) return check(name, false, why);
  leftOut += 1;
  console.log(`left out: ${name}: ${why}`);
}

function run(command, args, cwd = root) {
  const done = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 1 << 28 });
  return {
    status: done.status,
    stdout: done.stdout ?? "",
    output: `${done.stdout ?? ""}${done.stderr ?? ""}${done.error?.message ?? ""}`,
  };
}

/** Whether the tool answers with this exit code. */
function tells(name, expected, ...args) {
  const { status, stdout, output } = run("node", [tool, ...args]);
  check(
    name,
    status === expected,
    `exit code ${status}, expected ${expected}\n${output.split("\n").slice(-40).join("\n")}`,
  );
  return stdout;
}

function python() {
  const missing = run(PYTHON, ["-c", "import google.protobuf"]);
  if (missing.status !== 0) return skip("the machine in Python", "no python3-protobuf for /usr/bin/python3", required);
  const generated = run("examples/python/generate", []);
  if (generated.status !== 0) return skip("the machine in Python", generated.output.trim(), required);
  const machine = `exec:${PYTHON} ${join(root, "examples/python/main.py")}`;
  tells("python: conformance", 0, "conformance", "--fsm", machine);
  tells(`python: ${SEEDS} seeds`, 0, "run", "counter-only", "--seeds", String(SEEDS), "--fsm", machine);
  for (const [at, [line, instead, properties]] of bugs.entries()) {
    const found = pythonWithBug(at, line, instead, properties);
    if (at === 0 && found !== undefined) small(found);
  }
}

function pythonWithBug(at, line, instead, properties) {
  const folder = join(scratch, `python-${at}`);
  cpSync(join(root, "examples/python"), folder, { recursive: true });
  const path = join(folder, "machine.py");
  const honest = readFileSync(path, "utf8");
  const name = `python with "${instead}" instead of "${line}"`;
  if (honest.split(line).length !== 2) return check(name, false, "the line does not stand there once");
  writeFileSync(path, honest.replace(line, instead));
  const machine = `exec:${PYTHON} ${join(folder, "main.py")}`;
  const report = ["--report", join(folder, "report"), "--format", "json"];
  const said = tells(
    `${name} is caught`,
    1,
    "run",
    "counter-only",
    "--seeds",
    "60",
    "--bail",
    "--fsm",
    machine,
    ...report,
  );
  const { failures } = JSON.parse(said);
  const names = failures.map(({ property }) => property);
  check(
    `… by ${properties.join(" or ")}`,
    names.some((name) => properties.includes(name)),
    names.join(", "),
  );
  return { machine, trace: failures[0]?.trace };
}

/** A failing run of a foreign machine becomes small like any other. */
function small({ machine, trace }) {
  const path = join(scratch, "small.jsonl");
  tells("… and made small", 0, "shrink", trace, "--fsm", machine, "--for", "20s", "-o", path);
  const lines = (file) => readFileSync(file, "utf8").split("\n").length;
  check(
    "… to less than half of its lines",
    lines(path) * 2 < lines(trace),
    `${lines(trace)} lines, then ${lines(path)}`,
  );
}

function go() {
  const folder = join(root, "examples/go");
  if (run("go", ["version"]).status !== 0) return skip("the machine in Go", "no Go tool chain");
  const binary = join(scratch, "toy");
  const built = run("go", ["build", "-o", binary, "./toy"], folder);
  check("go: builds", built.status === 0, built.output);
  const tested = run("go", ["test", "./..."], folder);
  check("go: tests", tested.status === 0, tested.output);
  if (built.status !== 0) return;
  const machine = `exec:${binary}`;
  tells("go: conformance", 0, "conformance", "--fsm", machine);
  tells("go: 50 seeds", 0, "run", "counter-only", "--seeds", "50", "--fsm", machine);
}

python();
go();
rmSync(scratch, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed${leftOut === 0 ? "" : `, ${leftOut} left out`}`);
process.exitCode = failed === 0 ? 0 : 1;
