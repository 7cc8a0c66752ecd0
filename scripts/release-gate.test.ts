// The release gate as a stranger meets it: the built tool, in a folder of its own. A real change (examples/release-gate) finds it
// shut, and opens it with a reason each; what can't be compared is refused with what to do. Needs `npm run build` before.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
  mkdirSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const main = join(root, "dist", "src", "cli", "main.js");
const folder = realpathSync(mkdtempSync(join(tmpdir(), "multiraft-sim-gate-")));
const example = join(root, "examples", "release-gate");
const machine = join(example, "machine.js");
const snapshots = join(root, "traces", "snapshots");
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const command = [main, "compare", "--jobs", "1", ...args];
  const done = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8", timeout: 110_000 });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

interface Report {
  readonly differences: readonly {
    readonly kind: string;
    readonly fingerprint: string;
    readonly entry: string | null;
    readonly accepted: string | null;
    readonly trace: string | null;
    readonly small: { readonly words: readonly string[] } | null;
  }[];
  readonly stale: readonly string[];
}

describe("a new optional field in a service's state", { timeout: 120_000 }, () => {
  const asked = ["counter-only", "--candidate", machine, "--seeds", "4", "--upgrades", "12", "--snapshots", snapshots];

  it("finds the gate shut: other bytes, no way back, and an upgrade that can't be rolled back", () => {
    const { code, out } = run(...asked, "--format", "json");
    expect(code).toBe(1);
    const { differences } = JSON.parse(out) as Report;
    expect(differences.map(({ fingerprint }) => fingerprint)).toEqual([
      "back | what the candidate saved | refused",
      "upgrade | snapshot/refuses-damage | restore | restored | refused",
      "snapshot bytes | counter",
    ]);
    const bytes = differences.find(({ kind }) => kind === "snapshot bytes");
    // A session, a counter, a change of it: nothing less shows it.
    expect(bytes?.small?.words).toHaveLength(3);
    expect(readFileSync(join(folder, bytes?.trace ?? ""), "utf8")).toContain('"played":"log"');
  });

  it("opens it with a reason for each, and says so in a pull request", () => {
    const accepted = ["--accept", join(example, "accepted.txt")];
    const { code, out } = run(...asked, ...accepted, "--format", "markdown");
    expect(out).toContain("## The gate is open: 3 differences, all accepted");
    expect(out).toContain("| snapshot bytes \\| counter | CounterState has a new optional field 2");
    expect(code).toBe(0);
  });

  it("is shut again by what was accepted and is there no more", () => {
    const { code, out } = run(
      "counter-only",
      "--candidate",
      "reference",
      "--seeds",
      "2",
      "--accept",
      join(example, "accepted.txt"),
    );
    expect(out).toContain("accepted, and seen nowhere: snapshot bytes | counter");
    expect(code).toBe(2);
  });
});

describe("what can't be compared", { timeout: 120_000 }, () => {
  beforeAll(() => {
    writeFileSync(join(folder, "torn.log"), Uint8Array.of(9, 1));
    writeFileSync(join(folder, "unexplained.txt"), "state | counter.value\n");
    mkdirSync(join(folder, "empty"));
  });

  it.each([
    [[], "required option '--candidate <machine>' not specified"],
    [["--candidate", "elsewhere"], "--candidate elsewhere names no machine"],
    [["--candidate", "bug:lock-lfio"], 'Did you mean "lock-lifo"?'],
    [["--candidate", "bug:client-skips-gap"], "that bug lives in the client, not in the state machine"],
    [["--candidate", "git:"], "no commit is named"],
    [["--candidate", "git:HEAD"], "this folder is in no git repository"],
    [["--candidate", "reference", "--log", "none.log"], "--log none.log: there is no such file"],
    [["--candidate", "reference", "--log", "torn.log", "--seeds", "0"], "torn.log is torn: entry 1, at byte 0"],
    [["--candidate", "reference", "--snapshots", "empty"], "the folder empty holds no saved states"],
    [["--candidate", "reference", "--accept", "unexplained.txt"], "state | counter.value has no reason"],
    [["--candidate", "reference", "--size-bound", "half"], "not a number of at least 1"],
    [["--candidate", "reference", "--traces", "nowhere"], "--traces nowhere: the folder can't be read"],
    [["everything", "--candidate", "reference"], 'there is no scenario "everything"'],
  ])("%j: exit 2, and what to do", (args, says) => {
    const { code, out, err } = run(...args);
    expect(err).toContain(says);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});

describe("git:<ref>:<path>", { timeout: 120_000 }, () => {
  const repository = join(folder, "repository");

  function git(...args: string[]): void {
    const who = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
    expect(spawnSync("git", [...who, ...args], { cwd: repository, encoding: "utf8" }).stderr).toBe("");
  }

  beforeAll(() => {
    mkdirSync(join(repository, "node_modules"), { recursive: true });
    symlinkSync(root, join(repository, "node_modules", "multiraft-sim"), "dir");
    writeFileSync(join(repository, ".gitignore"), "node_modules\n");
    writeFileSync(join(repository, "package.json"), '{ "type": "module" }');
    writeFileSync(join(repository, "my.js"), 'export { reference as default } from "multiraft-sim";\n');
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "one");
    writeFileSync(join(repository, "my.js"), `export { default } from ${JSON.stringify(machine)};\n`);
  });

  it("is the machine as it was at that commit; the user's files are not touched", () => {
    const args = ["compare", "counter-only", "--jobs", "1", "--seeds", "2", "--upgrades", "0"];
    const sides = ["--baseline", "git:HEAD:./my.js", "--candidate", "./my.js"];
    const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache") };
    const done = spawnSync(process.execPath, [main, ...args, ...sides], { cwd: repository, encoding: "utf8", env });
    expect(done.stdout).toContain("✗ snapshot bytes | counter");
    expect(done.stdout).toContain("baseline   git:HEAD:./my.js");
    expect(done.status).toBe(1);
    const status = spawnSync("git", ["status", "--short"], { cwd: repository, encoding: "utf8" });
    expect(status.stdout).toBe(" M my.js\n");
    // Where a test runner looks there is no second copy of the project's tests.
    const inside = readdirSync(join(repository, ".multiraft-sim"), { recursive: true, encoding: "utf8" });
    expect(inside.filter((path) => path.endsWith("my.js"))).toEqual([]);
    expect(existsSync(join(folder, "cache", "multiraft-sim", "revisions"))).toBe(true);
  });

  it("says where a commit is none", () => {
    const command = [main, "compare", "--candidate", "git:nowhere:./my.js"];
    const done = spawnSync(process.execPath, command, { cwd: repository, encoding: "utf8" });
    expect(done.stderr).toContain("git:nowhere: git knows no such commit");
    expect(done.status).toBe(2);
  });
});
