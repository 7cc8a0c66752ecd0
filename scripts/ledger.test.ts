// The ledger of a project, as processes live and die with it: what a killed run had found is there, a full disk is said and loses
// nothing else, a kept failure is tried first, shown, made small, forgotten. Needs `npm run build`.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Case } from "../src/explore/ledger.js";
import type { RunReport } from "../src/explore/report.js";

const main = fileURLToPath(new URL("../dist/src/cli/main.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "multiraft-sim-ledger-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the tool in a project, which is a folder. */
function run(project: string, ...args: readonly string[]): Ran {
  const cwd = join(scratch, project);
  mkdirSync(cwd, { recursive: true });
  const done = spawnSync(process.execPath, [main, ...args], { cwd, encoding: "utf8", timeout: 170_000 });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

const cases = (project: string): string => join(scratch, project, ".multiraft-sim/cases");

function kept(project: string): Case[] {
  const { failures } = JSON.parse(run(project, "failures", "--format", "json").out) as { failures: Case[] };
  return failures;
}

/** Of the first six seeds of this scenario, 0 and 2 fail, each in a way of its own. */
const red = ["run", "counter-only", "--bug", "purge-forgets", "--seeds", "6"];

describe("the ledger of a project", { timeout: 180_000 }, () => {
  beforeAll(() => {
    expect(existsSync(main), "run `npm run build` first").toBe(true);
    expect(run("mine", ...red).code).toBe(1);
  }, 180_000);

  it("failures lists and shows what was found, with lines that work", () => {
    const all = kept("mine");
    expect(all.map(({ bug, scenario, seed, passed }) => ({ bug, scenario, seed, passed }))).toEqual(
      expect.arrayContaining([
        { bug: "purge-forgets", scenario: "counter-only", seed: "0", passed: 0 },
        { bug: "purge-forgets", scenario: "counter-only", seed: "2", passed: 0 },
      ]),
    );
    expect(all).toHaveLength(2);
    const listed = run("mine", "failures").out;
    for (const { id, fingerprint } of all) expect(listed).toContain(`${id}  ${fingerprint}`);
    const id = all[0]?.id ?? "";
    const shown = run("mine", "failures", "show", id.slice(0, 6)).out;
    expect(shown).toContain(all[0]?.fingerprint);
    const line = (what: string): string[] =>
      new RegExp(`${what} +npx multiraft-sim (.*)`).exec(shown)?.[1]?.split(" ") ?? [];
    expect(run("mine", ...line("again"))).toMatchObject({ code: 0, out: expect.stringMatching(/^same: /) as string });
    const small = run("mine", ...line("smaller"), "--emit-test", "kept.test.ts");
    expect(small.code).toBe(0);
    expect(small.out).toMatch(/now {6}\d+ operations?, \d+ faults?/);
    expect(readFileSync(join(scratch, "mine/kept.test.ts"), "utf8")).toContain('bugNamed("purge-forgets")');
  });

  it("shrink makes a seed small and says so in JSON; its trace fails in the same way", () => {
    const args = ["shrink", "0", "--scenario", "counter-only", "--bug", "purge-forgets", "-o", "small.jsonl"];
    const { code, out } = run("mine", ...args, "--format", "json");
    expect(code).toBe(0);
    const small = JSON.parse(out) as {
      fingerprint: string;
      after: { operations: number };
      before: { operations: number };
    };
    expect(small.after.operations).toBeLessThan(small.before.operations / 4);
    const replayed = run("mine", "replay", "small.jsonl");
    expect(replayed.out).toContain(`broken as recorded: ${small.fingerprint}`);
    expect(replayed.code).toBe(0);
  });

  it.each([
    [["failures", "show", "zz"], "no case whose id begins with zz"],
    [["failures", "forget"], "which one?"],
    [["failures", "--folder", "nowhere"], "there is no folder nowhere"],
    [["shrink", "1", "--scenario", "counter-only"], "nothing is broken in this run"],
    [["shrink", "none.jsonl"], "none.jsonl can't be read"],
    [
      ["shrink", "0", "--property", "lock/fifo", "--scenario", "counter-only", "--bug", "purge-forgets"],
      "lock/fifo is not broken",
    ],
  ])("%j: exit 2, and what to do", (args, says) => {
    expect(run("mine", ...args)).toMatchObject({ code: 2, out: "", err: expect.stringContaining(says) as string });
  });

  it("what is kept is tried first, and reported though no seed of the run shows it", () => {
    const { code, out, err } = run("mine", "run", "counter-only", "--bug", "purge-forgets", "--seeds", "1", "--first-seed", "3", "--format", "json"); // prettier-ignore
    expect(err).toContain("2 failures kept from before: 2 still there");
    expect(code).toBe(1);
    const { failures, seeds } = JSON.parse(out) as RunReport;
    expect(failures.map((failure) => failure.seeds)).toEqual([0, 0]);
    expect(seeds).toMatchObject({ run: 1, passed: 1, failed: 0 });
    for (const { reproduce } of failures) expect(run("mine", ...reproduce.split(" ").slice(2)).code).toBe(0);
  });

  it("a case that can't be read or tried is said, and stops nothing", () => {
    run("torn", ...red);
    const [one, other] = kept("torn");
    writeFileSync(join(cases("torn"), `${one!.id}.json`), "{");
    writeFileSync(join(cases("torn"), `${other!.id}.jsonl`), "");
    const { code, err, out } = run(
      "torn",
      "run",
      "counter-only",
      "--bug",
      "purge-forgets",
      "--seeds",
      "1",
      "--first-seed",
      "3",
    );
    expect(err).toContain(`${one!.id}.json is no case of this version`);
    expect(err).toContain(`the case ${other!.id} can't be tried`);
    expect(out).toContain("1 passed, 0 failed");
    expect(code).toBe(0);
  });

  it("a run that is killed loses nothing that it had found", async () => {
    const cwd = join(scratch, "killed");
    mkdirSync(cwd, { recursive: true });
    const args = [main, "run", "counter-only", "--bug", "purge-forgets", "--for", "5m", "--jobs", "1"];
    const child = spawn(process.execPath, args, { cwd, stdio: "ignore" });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    const files = (): string[] => (existsSync(cases("killed")) ? readdirSync(cases("killed")) : []);
    const whole = (): string[] => files().filter((file) => file.endsWith(".json"));
    const begin = Date.now();
    while (whole().length < 2 && Date.now() - begin < 120_000) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGKILL");
    await ended;
    const found = whole();
    expect(found.length).toBeGreaterThanOrEqual(2);
    const all = kept("killed");
    expect(all).toHaveLength(found.length);
    // Each can be played, not only listed.
    const { err } = run("killed", "run", "counter-only", "--bug", "purge-forgets", "--seeds", "1", "--first-seed", "3");
    expect(err).toContain(`${found.length} failures kept from before: ${found.length} still there`);
    expect(err).not.toContain("can't be");
  });

  it("where nothing can be kept that is said, and what was found is reported all the same", () => {
    const cwd = join(scratch, "file");
    mkdirSync(cwd, { recursive: true });
    // A file where the folder is to be: nobody can write there, not even root.
    writeFileSync(join(cwd, ".multiraft-sim"), "");
    const { code, out, err } = run("file", ...red, "--format", "json");
    expect(err).toContain("can't be written");
    expect(code).toBe(1);
    const { failures } = JSON.parse(out) as RunReport;
    expect(failures.map(({ seed, trace }) => [seed, trace])).toEqual([
      ["0", null],
      ["2", null],
    ]);
  });

  it("a report folder or a trace that can't be written costs neither the report nor the verdict, and is an error", () => {
    const cwd = join(scratch, "blocked");
    mkdirSync(join(cwd, "report", "report.json"), { recursive: true });
    const { code, out, err } = run("blocked", ...red, "--report", "report", "--shrink-for", "0", "--format", "json");
    expect(err).toContain("report/report.json can't be written");
    expect((JSON.parse(out) as RunReport).failures).toHaveLength(2);
    expect(code).toBe(2);
    const traced = run("blocked", "run", "counter-only", "--seed", "3", "--trace", "report");
    expect(traced.err).toContain("report can't be written");
    expect(traced.out).toContain("1 passed, 0 failed");
    expect(traced.code).toBe(2);
  });

  it("what a mended machine passes is forgotten after three runs, or when one says so", () => {
    run("mended", ...red);
    const folder = cases("mended");
    for (const { id } of kept("mended")) {
      // The same cases, of the machine without the bug.
      const path = join(folder, `${id}.json`);
      writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), bug: null }));
    }
    const again = (): string => run("mended", "run", "counter-only", "--seeds", "1", "--shard", "2/2").err;
    expect(again()).toContain("2 failures kept from before: 0 still there\n");
    expect(kept("mended").map(({ passed }) => passed)).toEqual([1, 1]);
    expect(again()).toContain("0 still there\n");
    expect(again()).toContain("0 still there, 2 passed for good and forgotten");
    expect(readdirSync(folder)).toEqual([]);
    expect(run("mine", "failures", "forget", "--all").out).toBe("2 failures forgotten\n");
    expect(kept("mine")).toEqual([]);
  });
});

// A file system of 64 KiB, which only root can mount.
const canMount =
  process.platform === "linux" &&
  spawnSync("sh", [
    "-c",
    'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d"; s=$?; rmdir "$d"; exit $s',
  ]).status === 0;

describe.runIf(canMount)("a disk that is full", { timeout: 180_000 }, () => {
  it("is said, and costs neither the report nor the cases that have room", () => {
    const disk = join(scratch, "disk/.multiraft-sim");
    mkdirSync(disk, { recursive: true });
    expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]).status).toBe(0);
    try {
      const { code, out, err } = run("disk", ...red, "--format", "json");
      expect(err).toContain("can't be written: the disk is full");
      expect(code).toBe(1);
      expect((JSON.parse(out) as RunReport).failures.map(({ seed }) => seed)).toEqual(["0", "2"]);
      // Nothing half-written is left behind, and the ledger can be read.
      expect(kept("disk")).toEqual([]);
      expect(readdirSync(disk, { recursive: true }).filter((file) => String(file).endsWith(".part"))).toEqual([]);
    } finally {
      spawnSync("umount", [disk]);
    }
  });
});
