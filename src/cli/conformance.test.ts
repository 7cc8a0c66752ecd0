// The command `conformance`: its formats and exit codes; and that an interview finds most defects before anything is simulated.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bugs } from "../../bugs/index.js";
import { interview } from "../adapter/conformance.js";
import { packageRoot } from "../explore/package.js";

function conformance(...args: readonly string[]): { status: number | null; stdout: string } {
  const tool = join(packageRoot, "dist", "src", "cli", "main.js");
  const { status, stdout } = spawnSync("node", [tool, "conformance", ...args], { encoding: "utf8" });
  return { status, stdout };
}

describe("conformance", () => {
  it("nearly every bug of the zoo that lives in the machine is found by a question", () => {
    const machines = bugs.flatMap(({ name, machine }) => (machine === undefined ? [] : [{ name, machine }]));
    const missed = machines.filter(({ machine }) => interview(machine).questions.every(({ passed }) => passed));
    expect(machines.length).toBeGreaterThan(50);
    expect(missed.map(({ name }) => name)).toEqual(["timer-ties-by-insertion"]);
  });

  it("a machine that answers everything as it must: exit code 0", () => {
    const { status, stdout } = conformance("--format", "json");
    expect(status).toBe(0);
    const { questions } = JSON.parse(stdout) as { questions: readonly Record<string, unknown>[] };
    expect(questions.length).toBeGreaterThan(100);
    expect(Object.keys(questions[0] ?? {}).sort()).toEqual(["asked", "expected", "got", "hint", "passed", "section"]);
  });

  it("one that does not: exit code 4, the section, what was expected and got, a hint, and the line to paste", () => {
    const { status, stdout } = conformance("--bug", "expiry-exclusive");
    expect(status).toBe(4);
    expect(stdout).toContain("SPEC 2.1: a session of 10 s, one nanosecond before its deadline and at it");
    expect(stdout).toContain("expected  alive / dead");
    expect(stdout).toContain("got       alive / alive");
    expect(stdout).toContain("Deadlines are inclusive");
    expect(stdout).toContain("again  npx multiraft-sim conformance --fsm 'reference' --bug expiry-exclusive");
  });

  it("as a table in markdown", () => {
    const { stdout } = conformance("--format", "markdown", "--bug", "expiry-exclusive");
    expect(stdout).toContain("| SPEC | asked | expected | got | passed |");
    expect(stdout).toContain("| alive / dead | alive / alive | **no** |");
  });
});
