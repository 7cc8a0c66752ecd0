// Reports as a build server gets them: the built tool in processes of its own. Shards add up to the run, byte for byte; a report
// folder holds all that one wants of a failure, wherever it is moved; the JSON is what its schema says. Needs `npm run build`.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunReport } from "../src/explore/report.js";
import { reportSchema } from "./report-doc.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const main = join(root, "dist/src/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-reports-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function tool(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Ran {
  const env = { ...process.env, CI_NODE_INDEX: "", JOB_COMPLETION_INDEX: "", GITHUB_STEP_SUMMARY: "", ...environment };
  const done = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8", timeout: 170_000, env });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

const valid = new Ajv({ strictTypes: false }).compile<RunReport>(reportSchema);

/** The report in a text, which is what the schema says. */
function report(text: string): RunReport {
  const json = JSON.parse(text) as RunReport;
  expect(valid(json), JSON.stringify(valid.errors)).toBe(true);
  return json;
}

/** A report's bytes but for the time it took. */
function timeless(text: string): string {
  return text.replace(/"wallSeconds": [0-9.]+/, '"wallSeconds": 0');
}

const red = ["run", "counter-only", "--bug", "purge-forgets", "--seeds", "6", "--no-ledger"];

describe("reports", { timeout: 180_000 }, () => {
  let whole: Ran;
  beforeAll(() => {
    expect(existsSync(main), "run `npm run build` first").toBe(true);
    whole = tool([...red, "--format", "json"]);
  }, 180_000);

  it("what a red run prints is what the schema says", () => {
    const { failures, seeds } = report(whole.out);
    expect(whole.code).toBe(1);
    expect(failures.length).toBeGreaterThan(0);
    expect(seeds.failed).toBe(failures.reduce((sum, each) => sum + each.seeds, 0));
    expect(valid({ ...report(whole.out), more: 1 })).toBe(false);
  });

  it("three shards, in processes of their own, add up to the run byte for byte", () => {
    const shards = [
      tool([...red, "--format", "json", "--shard", "1/3"]),
      tool([...red, "--format", "json"], { CI_NODE_INDEX: "2", CI_NODE_TOTAL: "3" }),
      tool([...red, "--format", "json"], { JOB_COMPLETION_INDEX: "2", CI_NODE_TOTAL: "3" }),
    ];
    shards.forEach(({ out }, at) => {
      expect(report(out)).toMatchObject({ shard: `${at + 1}/3`, seeds: { requested: 2, run: 2 } });
      writeFileSync(join(folder, `shard-${at}.json`), out);
    });
    expect(shards[1]?.err).toContain("shard 2/3, as CI_NODE_INDEX and CI_NODE_TOTAL say\n");
    const merged = tool(["merge", "shard-2.json", "shard-0.json", "shard-1.json", "--format", "json"]);
    expect(merged.code).toBe(1);
    expect(timeless(merged.out)).toBe(timeless(whole.out));
  });

  it("a shard that is missing is never a pass", () => {
    for (const shard of ["1", "2"]) {
      const { out } = tool([
        "run",
        "counter-only",
        "--seeds",
        "4",
        "--no-ledger",
        "--shard",
        `${shard}/2`,
        "--format",
        "json",
      ]);
      writeFileSync(join(folder, `green-${shard}.json`), out);
    }
    const half = tool(["merge", "green-2.json"]);
    expect(half.code).toBe(3);
    expect(half.out).toContain("without the shards 1/2");
    expect(tool(["merge", "green-1.json", "green-2.json", "--format", "markdown"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("### multiraft-sim: everything held") as string,
    });
  });

  it.each([
    [["merge"], "missing required argument 'report'"],
    [["merge", "none.json"], "none.json can't be read: there is no such file"],
    [["merge", "green-1.json", "green-1.json"], "are both shard 1/2"],
    [
      ["merge", "green-1.json", "shard-0.json"],
      "shard-0.json is of another run: its bug is purge-forgets, and null in green-1.json",
    ],
    [["run", "--shard", "1/2", "--first-seed", "random"], "each shard would draw its own"],
    [["run", "--shard", "1/2", "--seed", "1"], "--seed and --shard contradict each other"],
    [["run", "--shrink-for", "1m"], "--shrink-for needs --report"],
    [["run", "--report", "green-1.json"], "the report folder green-1.json can't be made"],
  ])("%j: exit 2, and what to do", (args, says) => {
    const { code, err, out } = tool(args);
    expect(err).toContain(says);
    expect(out).toBe("");
    expect(code).toBe(2);
  });

  it("a pod that does not know how many there are plays nothing", () => {
    const { code, err } = tool(["run", "--seeds", "4"], { JOB_COMPLETION_INDEX: "3", CI_NODE_TOTAL: "" });
    expect(code).toBe(2);
    expect(err).toContain("CI_NODE_TOTAL does not say of how many");
  });

  it("a report folder holds trace, smallest run, picture and test of each failure, and stays whole when it is moved", () => {
    const { code, out } = tool([...red, "--report", "made", "--shrink-for", "20s"]);
    expect(code).toBe(1);
    expect(out).toMatch(/small {2}made\/failures\/.*small\.jsonl {2}\(\d+ operations? and \d+ faults? are enough/);
    renameSync(join(folder, "made"), join(folder, "moved"));
    const inside = (path: string): string => join(folder, "moved", path);
    const { failures } = report(readFileSync(inside("report.json"), "utf8"));
    const small = failures.find((failure) => failure.small !== undefined);
    expect(small?.small?.operations).toBeLessThan(20);
    for (const failure of failures) expect(existsSync(inside(failure.trace ?? ""))).toBe(true);
    expect(tool(["replay", inside(small?.small?.trace ?? "")])).toMatchObject({ code: 0 });
    expect(readFileSync(inside(small?.small?.test ?? ""), "utf8")).toContain('bugNamed("purge-forgets")');
    const index = readFileSync(inside("index.html"), "utf8");
    for (const [, link = ""] of index.matchAll(/href="([^"]+)"/g)) expect(existsSync(inside(link)), link).toBe(true);
    expect(index).toContain(`href="${small?.small?.trace}"`);
    for (const failure of failures)
      expect(readFileSync(inside(failure.picture ?? ""), "utf8")).toMatch(/^<!doctype html>/i);
    expect(existsSync(inside("junit.xml")) && existsSync(inside("index.md"))).toBe(true);
  });

  it("a run that is told to end reports what it has found until then", async () => {
    const child = spawn(
      process.execPath,
      [main, ...red.slice(0, 4), "--for", "5m", "--no-ledger", "--format", "json"],
      {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let out = "";
    let begun = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (begun += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    // A line of progress: seeds have been played.
    while (!begun.includes(" seeds · ") && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill("SIGTERM");
    expect(await ended).toBe(130);
    const { interrupted, seeds, failures } = report(out);
    expect(interrupted).toBe(true);
    expect(seeds.run).toBeGreaterThan(0);
    expect(failures.length).toBeGreaterThan(0);
  });

  it("the folders of shards are gathered into one", () => {
    for (const shard of ["1", "2"]) {
      tool([...red, "--shard", `${shard}/2`, "--report", `shard-${shard}`, "--shrink-for", "0"]);
    }
    const merged = tool([
      "merge",
      "shard-1/report.json",
      "shard-2/report.json",
      "--report",
      "gathered",
      "--format",
      "json",
    ]);
    const { failures } = report(merged.out);
    expect(failures.length).toBeGreaterThan(0);
    for (const { trace } of failures) {
      expect(trace).toMatch(/^gathered\/failures\//);
      expect(existsSync(join(folder, trace ?? ""))).toBe(true);
    }
  });

  it("a job's summary is added to, with --format github", () => {
    const summary = join(folder, "summary.md");
    const { out } = tool([...red, "--format", "github"], { GITHUB_STEP_SUMMARY: summary });
    expect(out).toMatch(/^::error title=/);
    expect(readFileSync(summary, "utf8")).toMatch(/^### multiraft-sim: \d+ failures?\n/);
  });
});
