// The command line as a stranger meets it: the built tool in a process of its own. Needs `npm run build` before.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../dist/src/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8", timeout: 110_000 });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

describe("multiraft-sim", { timeout: 120_000 }, () => {
  beforeAll(() => {
    expect(existsSync(main), "run `npm run build` first").toBe(true);
    expect(run("run", "--seed", "7", "--trace", "seed-7.jsonl").code).toBe(0);
  }, 120_000);

  it.each([
    [["rnu"], 'Did you mean "run"?'],
    [["run", "defualt"], 'Did you mean "default"?'],
    [["run", "--seed", "abc"], '"abc" is not a seed'],
    [["run", "--sede", "1"], "Did you mean --seed?"],
    [["run", "--seeds", "0"], "not a whole number of at least 1"],
    [["run", "--seeds", "many"], "not a whole number of at least 1"],
    [["run", "--seed", "1", "--seeds", "2"], "--seed and --seeds contradict each other"],
    [["run", "--shard", "3/2"], "Write i/n with i from 1 to n"],
    [["run", "--for", "soon"], "Write it as 90s, 10m or 8h"],
    [["run", "--trace", "x.jsonl"], "--trace needs --seed"],
    [["run", "--format", "xml"], "Allowed choices are pretty, json, junit, github"],
    [["run", "--bug", "purge-frogets"], 'Did you mean "purge-forgets"?'],
    [["run", "--bug", "purge-forgets", "--fsm", "./mine.js"], "lives in the reference machine"],
    [["run", "--fsm", "elsewhere"], "names no machine"],
    [["run", "--known", "none.json"], "none.json can't be read: there is no such file"],
    [["run", "./none.json"], "./none.json can't be read"],
    [["replay", "none.jsonl"], "none.jsonl can't be read: there is no such file"],
    [["replay"], "missing required argument 'trace|seed'"],
    [["replay", "seed-7.jsonl", "--state", "x"], '"x" is not an index'],
    [["replay", "seed-7.jsonl", "--state", "100000"], "there is no entry 1:100000"],
    [["diff", "seed-7.jsonl", "none.jsonl"], "none.jsonl can't be read"],
  ])("%j: exit 2, and what to do", (args, says) => {
    const { code, out, err } = run(...args);
    expect(err).toContain(says);
    expect(out).toBe("");
    expect(code).toBe(2);
  });

  it("--help lists what there is, on every command with an example", () => {
    expect(run("--help").out).toMatch(/Commands:[\s\S]*run[\s\S]*replay[\s\S]*diff/);
    for (const command of ["run", "replay", "diff"]) {
      const { code, out } = run(command, "--help");
      expect(code).toBe(0);
      expect(out).toContain(`$ npx multiraft-sim ${command}`);
    }
  });

  it("run --format json prints one object of the promised shape, and nothing else", () => {
    const { code, out, err } = run("run", "--seeds", "4", "--jobs", "2", "--format", "json");
    expect(code).toBe(0);
    expect(err).toBe("");
    const report = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(report)).toEqual([
      ...["tool", "version", "commit", "fsm", "bug", "profile", "scenario", "seeds", "virtualSeconds", "wallSeconds"],
      ...[
        "entriesApplied",
        "events",
        "properties",
        "faults",
        "counts",
        "reached",
        "unreached",
        "reachedBy",
        "failures",
      ],
    ]);
    expect(report["seeds"]).toEqual({ first: "0", requested: 4, run: 4, passed: 4, failed: 0, undecided: 0 });
    expect(report["properties"]).toHaveProperty("command/at-most-once.judged");
  });

  it("the work of two threads is reported as that of one", () => {
    const digests = ["1", "2"].map((jobs) => /digest (\w+)/.exec(run("run", "--seeds", "20", "--jobs", jobs).out)?.[1]);
    expect(digests[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(digests[1]).toBe(digests[0]);
  });

  it("a reader that stops reading ends the work quietly", () => {
    const line = `"${process.execPath}" "${main}" replay seed-7.jsonl --print | head -n 1`;
    const piped = spawnSync("sh", ["-c", line], { cwd: folder, encoding: "utf8" });
    expect(piped.stderr).toBe("");
    expect(piped.stdout.split("\n")).toHaveLength(2);
  });

  it("settings of the project stand for what the command line leaves open", () => {
    const settings = join(folder, "multiraft-sim.config.json");
    writeFileSync(settings, '{ "profiles": { "two": { "seeds": 2, "firstSeed": 9 } }, "run": { "profile": "two" } }');
    try {
      expect(run("run").out).toContain("seeds 9 to 10");
      writeFileSync(settings, '{ "run": { "sedes": 2 } }');
      const { code, err } = run("run");
      expect(err).toContain("run.sedes: there is no such option");
      expect(code).toBe(2);
    } finally {
      rmSync(settings);
    }
  });

  it("shards share the seeds out", () => {
    const seeds = (shard: string): unknown =>
      (JSON.parse(run("run", "--seeds", "5", "--shard", shard, "--format", "json").out) as { seeds: unknown }).seeds;
    expect(seeds("1/2")).toMatchObject({ requested: 3, run: 3 });
    expect(seeds("2/2")).toMatchObject({ requested: 2, run: 2 });
  });

  it("a commit hash is a seed", () => {
    expect(run("run", "--seed", "fc115ad0fc115ad0fc115ad0fc115ad0fc115ad0").code).toBe(0);
  });

  it("a bug is caught, kept, and shown again by the line that is printed", () => {
    const found = run("run", "--bug", "time-goes-back", "--seeds", "60", "--bail", "--report", "kept");
    expect(found.code).toBe(1);
    const broken = /broken (\S+)/.exec(found.out)?.[0] ?? "nothing is broken";
    const again = /again {2}npx multiraft-sim (.*)/.exec(found.out)?.[1]?.split(" ") ?? [];
    const shown = run(...again);
    expect(shown.code).toBe(1);
    expect(shown.out).toContain(broken);
    const trace = / trace {2}(.*)/.exec(found.out)?.[1] ?? "";
    expect(run("replay", trace)).toMatchObject({ code: 0, out: expect.stringContaining("same: ") as string });
    expect(JSON.parse(readFileSync(join(folder, "kept", "report.json"), "utf8"))).toMatchObject({
      bug: "time-goes-back",
    });
    // The real machine, put in its place, answers otherwise: the first line that differs is named.
    const healed = run("replay", trace, "--fsm", "reference");
    expect(healed.code).toBe(1);
    expect(healed.out).toMatch(/^different in line \d+, field /);
  });

  it("a known failure is reported, and not red", () => {
    const args = ["run", "--bug", "time-goes-back", "--seeds", "60", "--bail", "--format", "json"];
    const { failures } = JSON.parse(run(...args).out) as { failures: { fingerprint: string }[] };
    const known = failures.map(({ fingerprint }) => ({ fingerprint, reason: "being mended" }));
    writeFileSync(join(folder, "known.json"), JSON.stringify(known));
    const { code, out } = run(...args, "--known", "known.json");
    expect(code).toBe(0);
    const reported = JSON.parse(out) as { failures: { known: string }[] };
    expect(reported.failures.length).toBeGreaterThan(0);
    expect(reported.failures.map((failure) => failure.known)).toEqual(reported.failures.map(() => "being mended"));
  });

  it("a trace plays again as a world and as a log, prints, and shows the state", () => {
    expect(run("replay", "seed-7.jsonl").out).toMatch(/^same: \d[\d,]* lines, every property holds, as recorded\n$/);
    expect(run("replay", "seed-7.jsonl", "--as", "log").out).toMatch(/^same: /);
    const printed = run("replay", "seed-7.jsonl", "--print", "--until", "5").out.split("\n");
    expect(printed[0]).toContain("replicas in columns");
    expect(printed.at(-3)).toMatch(/1:5 .* apply: /);
    expect(JSON.parse(run("replay", "seed-7.jsonl", "--state", "5").out)).toMatchObject({ index: "5" });
  });

  it("a torn trace is refused, and its good part played with --salvage", () => {
    const text = readFileSync(join(folder, "seed-7.jsonl"), "utf8");
    writeFileSync(join(folder, "torn.jsonl"), text.slice(0, Math.floor(text.length / 2)));
    const { code, err } = run("replay", "torn.jsonl");
    expect(code).toBe(2);
    expect(err).toMatch(/torn.jsonl is torn: line \d+ is cut in the middle\n.*--salvage/);
    expect(run("replay", "torn.jsonl", "--salvage")).toMatchObject({ code: 0 });
  });

  it("a trace of a newer format is refused by name", () => {
    const text = readFileSync(join(folder, "seed-7.jsonl"), "utf8");
    writeFileSync(join(folder, "newer.jsonl"), text.replace('"format":1', '"format":2'));
    expect(run("replay", "newer.jsonl")).toMatchObject({
      code: 2,
      err: expect.stringContaining("newer.jsonl is of trace format 2") as string,
    });
  });

  it("diff names the first line and field", () => {
    expect(run("diff", "seed-7.jsonl", "seed-7.jsonl")).toMatchObject({ code: 0 });
    run("run", "--seed", "8", "--trace", "seed-8.jsonl");
    const { code, out } = run("diff", "seed-7.jsonl", "seed-8.jsonl");
    expect(code).toBe(1);
    expect(out).toMatch(/^different in line 1, field seed/);
  });

  it("junit and github say what broke", () => {
    const args = ["run", "--bug", "time-goes-back", "--seeds", "60", "--bail"];
    const junit = run(...args, "--format", "junit").out;
    expect(junit).toMatch(/^<\?xml version="1.0"[\s\S]*<failure message="[^"]+" type="[a-z]+\/[a-z-]+ /);
    expect(run(...args, "--format", "github").out).toMatch(/^::error title=[a-z]+\/[a-z-]+ is broken::/);
  });
});
