// A repository with five commits of a machine, of which the third breaks it: bisect names that one and leaves no trace.
// Needs the built tool (`npm run build`), which the repository's machine imports.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../explore/package.js";

const tool = join(packageRoot, "dist", "src", "cli", "main.js");
const repository = realpathSync(mkdtempSync(join(tmpdir(), "bisect-")));
const cases = join(repository, ".multiraft-sim", "cases");

const machine = (parts: string, remark: string): string =>
  `import { createMachine, reference, referenceParts } from "multiraft-sim";
const parts = { ...referenceParts, ${parts} };
export default { ...reference, name: "mine", create: () => createMachine(parts) };
// ${remark}
`;
const FORGETS = "commands: { ...referenceParts.commands, isForgotten: () => false }";

function inRepository(command: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(command, args, { cwd: repository, encoding: "utf8" });
}

function bisect(...args: string[]): ReturnType<typeof inRepository> {
  const trace = readdirSync(cases).find((file) => file.endsWith(".jsonl")) ?? "";
  return inRepository(process.execPath, tool, "bisect", join(cases, trace), ...args);
}

function commit(text: string, subject: string): void {
  writeFileSync(join(repository, "my.js"), text);
  inRepository("git", "add", ".");
  inRepository("git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", subject);
}

beforeAll(() => {
  expect(existsSync(tool)).toBe(true);
  mkdirSync(join(repository, "node_modules"));
  symlinkSync(packageRoot, join(repository, "node_modules", "multiraft-sim"), "dir");
  inRepository("git", "init", "-q");
  writeFileSync(join(repository, ".gitignore"), "node_modules\n.multiraft-sim\n");
  writeFileSync(join(repository, "package.json"), '{ "type": "module" }');
  commit(machine("", "1"), "one");
  commit(machine("", "2"), "two");
  commit(machine(FORGETS, "3"), "Numbers need not be remembered");
  commit(machine(FORGETS, "4"), "four");
  commit(machine(FORGETS, "5"), "five");
  inRepository(process.execPath, tool, "run", "--fsm", "./my.js", "--seeds", "40", "--jobs", "1", "--bail");
}, 120_000);

afterAll(() => rmSync(repository, { recursive: true, force: true }));

describe("bisect", () => {
  test("names the first bad commit, and both results", () => {
    const { stdout, stderr, status } = bisect("--good", "HEAD~4", "--bad", "HEAD", "--fsm", "./my.js");
    expect(stderr).toBe("");
    expect(stdout).toContain("Numbers need not be remembered");
    expect(stdout).toMatch(/before {2}every claim holds\nsince {3}command\/at-most-once/);
    expect(status).toBe(0);
  }, 120_000);

  test("says the same as JSON", () => {
    const { stdout } = bisect("--good", "HEAD~3", "--bad", "HEAD~2", "--fsm", "./my.js", "--format", "json");
    const { firstBad, before, since } = JSON.parse(stdout) as Record<string, string>;
    expect(firstBad).toBe(inRepository("git", "rev-parse", "HEAD~2").stdout.trim());
    expect(before).toBe("every claim holds");
    expect(since).toContain("command/at-most-once");
  }, 120_000);

  test("leaves no worktree and no bisection behind", () => {
    expect(inRepository("git", "worktree", "list").stdout.trim().split("\n")).toHaveLength(1);
    expect(inRepository("git", "status", "--short").stdout).toBe("");
  });

  test("says so where the two commits don't differ", () => {
    const { stderr, status } = bisect("--good", "HEAD~1", "--bad", "HEAD", "--fsm", "./my.js");
    expect(stderr).toContain("the result is the same at both commits");
    expect(status).toBe(2);
  }, 60_000);

  test("refuses what git does not know", () => {
    const { stderr, status } = bisect("--good", "nowhere", "--bad", "HEAD", "--fsm", "./my.js");
    expect(stderr).toContain("--good nowhere: git knows no such commit");
    expect(status).toBe(2);
  }, 60_000);
});
