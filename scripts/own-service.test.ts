// A user's own service, fault and properties through the command line, in processes and workers of their own: run, replay,
// shrink, the ledger, and the test that shrink writes. Needs `npm run build` before.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunReport } from "../src/explore/report.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const main = join(root, "dist/src/cli/main.js");
const HOLDERS = "semaphore/holders-alive";

// A project of a user's own: the example, and the package as it is installed.
const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-own-"));
afterAll(() => rmSync(folder, { recursive: true }));
cpSync(join(root, "examples/own-service"), folder, { recursive: true });
mkdirSync(join(folder, "node_modules"));
symlinkSync(root, join(folder, "node_modules/multiraft-sim"), "dir");
symlinkSync(join(root, "node_modules/vitest"), join(folder, "node_modules/vitest"), "dir");

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8", timeout: 110_000 });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

describe("a service of one's own on the command line", { timeout: 120_000 }, () => {
  let failed: RunReport;

  beforeAll(() => {
    const done = run(
      "run",
      "scenario.json",
      "--fsm",
      "./forgetful.ts",
      "--seeds",
      "6",
      "--jobs",
      "2",
      "--format",
      "json",
    );
    expect(done.code, done.err).toBe(1);
    failed = JSON.parse(done.out) as RunReport;
  }, 120_000);

  it("what the module brings along takes part in a shipped scenario, and the good one holds", () => {
    const { code, out, err } = run("run", "--fsm", "./machine.ts", "--seeds", "8", "--jobs", "2", "--format", "json");
    expect(code, err).toBe(0);
    expect(err).toContain("brings along the service semaphore, fault leader-crash, property semaphore/holders-alive");
    const report = JSON.parse(out) as RunReport;
    expect(report.properties[HOLDERS]?.judged).toBeGreaterThan(0);
    expect(report.properties[HOLDERS]?.broken).toBe(0);
    expect(report.faults["leader-crash"]).toBeGreaterThan(0);
  });

  it("the bad one is caught by the own property, in the words of its author", () => {
    const [first] = failed.failures;
    expect(first?.property).toBe(HOLDERS);
    expect(first?.fingerprint).toBe(`${HOLDERS} | state | permits of living sessions | a permit of a dead one`);
    expect(failed.properties[HOLDERS]?.broken).toBeGreaterThan(0);
  });

  it("its trace plays again with the module, and says what lacks without", () => {
    const trace = failed.failures[0]?.trace ?? "";
    const again = run("replay", trace, "--fsm", "./forgetful.ts");
    expect(again.code, again.err).toBe(0);
    expect(again.out).toContain(`broken as recorded: ${HOLDERS}`);
    const nobody = run("replay", trace);
    expect(nobody.code).toBe(2);
    expect(nobody.err).toContain("Add --fsm './forgetful.ts'");
    const other = run("replay", trace, "--fsm", "reference");
    expect(other.code).toBe(2);
    expect(other.err).toContain("needs the service semaphore");
    expect(other.err).toContain("which reference does not bring along");
  });

  it("is kept in the ledger and tried first by the next run", () => {
    expect(run("failures", "list").out).toContain(HOLDERS);
    const next = run("run", "scenario.json", "--fsm", "./forgetful.ts", "--seeds", "1");
    expect(next.err).toMatch(/[0-9] failures? kept from before: [1-9] still there/);
  });

  it("shrinks to a test that fails with the bad one and passes with the good one", () => {
    const seed = failed.failures[0]?.seed ?? "";
    const asked = ["--scenario", "scenario.json", "--fsm", "./forgetful.ts", "--property", HOLDERS];
    const small = run("shrink", seed, ...asked, "--emit-test", "small.test.ts", "--format", "json");
    expect(small.code, small.err).toBe(0);
    const text = readFileSync(join(folder, "small.test.ts"), "utf8");
    expect(text).toContain('await contestantFrom("./forgetful.ts", import.meta.url)');
    expect(vitest().out).toContain("are still out for it");
    writeFileSync(join(folder, "small.test.ts"), text.replace("./forgetful.ts", "./machine.ts"));
    const passed = vitest();
    expect(passed.code, passed.out).toBe(0);
  });
});

function vitest(): { code: number | null; out: string } {
  const tool = join(root, "node_modules/vitest/vitest.mjs");
  const done = spawnSync(process.execPath, [tool, "run", "small.test.ts"], { cwd: folder, encoding: "utf8" });
  return { code: done.status, out: done.stdout + done.stderr };
}
