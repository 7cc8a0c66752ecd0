// The faces of one report, read by hand: what each says of failures, known ones, seeds without an answer and missing shards.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { ReportedFailure, RunReport } from "../../explore/report.js";
import { writeFolder } from "./folder.js";
import { printed } from "./format.js";
import { markdownReport } from "./markdown.js";
import { exitCodeFor } from "./outcome.js";

const broken: ReportedFailure = {
  ...{ seed: "7", property: "lock/fifo", fingerprint: "lock/fifo | <Lock> | a | b", seeds: 3 },
  ...{ trace: "out/failures/x/trace.jsonl", reproduce: "npx multiraft-sim run --seed 7 --fsm 'exec:a | b'" },
  ...{ says: "session <5> & *6* hold it\nat 100%, both", lines: ["12: +1.5 commit Lock"] },
};
const made: ReportedFailure = {
  ...broken,
  small: {
    ...{ trace: "out/failures/x/small.jsonl", test: "out/failures/x/lock-fifo.test.ts" },
    ...{ operations: 2, faults: 1, finished: true },
  },
  picture: "out/failures/x/picture.html",
};
const known: ReportedFailure = {
  ...broken,
  property: "ttl/exact",
  fingerprint: "ttl/exact | …",
  known: "being mended",
};

const clean: RunReport = {
  ...{ tool: "multiraft-sim", version: "1.2.3", commit: null, fsm: "reference", bug: null },
  ...{ profile: "default", scenario: "default" },
  seeds: { first: "0", requested: 600, run: 600, passed: 600, failed: 0, undecided: 0 },
  ...{ virtualSeconds: 3600, wallSeconds: 12, entriesApplied: 1000, events: 2000 },
  properties: {
    "lock/fifo": { judged: 12, broken: 0, undecided: 0, notJudged: 0 },
    "ttl/exact": { judged: 3, broken: 0, undecided: 0, notJudged: 0 },
    "snapshot/canonical": { judged: 0, broken: 0, undecided: 0, notJudged: 600, reason: "its snapshots are opaque" },
  },
  ...{ faults: { "message-loss": 5 }, counts: { lines: 1, bytesEncoded: 1 } },
  ...{ reached: { "a tie": 1 }, unreached: [], reachedBy: {}, failures: [] },
};
const red: RunReport = {
  ...clean,
  seeds: { ...clean.seeds, passed: 595, failed: 3, undecided: 2 },
  failures: [made, known],
  unanswered: [
    { seed: "9", reason: "Error: lost\n    at here", ours: true, reproduce: "npx multiraft-sim run --seed 9" },
    { seed: "8", reason: "linearizable/map: no time", reproduce: "npx multiraft-sim run --seed 8" },
  ],
};

afterEach(() => vi.unstubAllEnvs());

describe("the exit code", () => {
  test.each([
    ["everything held", clean, 0],
    ["a claim is broken", { ...clean, failures: [broken] }, 1],
    ["what is broken is known", { ...clean, failures: [known] }, 0],
    ["a seed has no answer", { ...clean, unanswered: [red.unanswered![1]!] }, 3],
    ["a shard is missing", { ...clean, missing: ["2/4"] }, 3],
    ["a milestone was never reached", { ...clean, unreached: ["a tie"] }, 3],
    ["nor on too few seeds", { ...clean, unreached: ["a tie"], seeds: { ...clean.seeds, run: 499 } }, 0],
    ["broken wins over undecided", { ...clean, failures: [broken], missing: ["2/4"] }, 1],
    ["our own bug wins over all", red, 5],
    ["interrupted", { ...clean, failures: [broken], interrupted: true as const }, 130],
  ])("%s", (_, report, code) => {
    expect(exitCodeFor(report)).toBe(code);
  });
});

/** The elements of a document in order; throws where it is not well formed. */
function elements(xml: string): string[] {
  const open: string[] = [];
  const all: string[] = [];
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "");
  for (const [, text = "", tag] of body.matchAll(/([^<]*)(<[^>]*>)?/g)) {
    if (/&(?!(amp|lt|gt|quot|#\d+);)|>/.test(text)) throw new Error(`bad text: ${text}`);
    if (tag === undefined) continue;
    const match = /^<(\/?)([a-z]+)((?: [a-z]+="(?:[^"<&]|&(?:amp|lt|gt|quot|#\d+);)*")*)(\/?)>$/.exec(tag);
    if (match === null) throw new Error(`bad tag: ${tag}`);
    const [, closes, name = "", , empty] = match;
    if (closes === "/" && open.pop() !== name) throw new Error(`not closed: ${name}`);
    if (closes === "") all.push(name);
    if (closes === "" && empty === "") open.push(name);
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(" ")}`);
  return all;
}

describe("JUnit", () => {
  test("is well formed, and counts its cases: failed, skipped and in error", () => {
    const xml = printed("junit", { report: red }, false);
    expect(elements(xml).filter((name) => name === "testcase")).toHaveLength(5);
    // Three properties and two seeds; one fails, the known one and the one never judged are skipped.
    expect(xml).toContain(`<testsuites name="multiraft-sim" tests="5" failures="1" errors="2" time="12">`);
    expect(xml).toContain(`tests="5" failures="1" errors="2" skipped="2"`);
    expect(elements(xml).filter((name) => name === "failure" || name === "skipped")).toHaveLength(3);
    expect(xml).toContain(`<skipped message="known and open: being mended"/>`);
    expect(xml).toContain(`<skipped message="its snapshots are opaque"/>`);
  });

  test("two failures of one property are one failed case, with the lines that show both again", () => {
    const other = { ...broken, fingerprint: "lock/fifo | other", reproduce: "npx multiraft-sim run --seed 70" };
    const xml = printed("junit", { report: { ...clean, failures: [broken, other] } }, false);
    expect(xml).toContain(`failures="1"`);
    expect(xml).toMatch(
      /<failure message="session &lt;5&gt;[^"]*\(and 1 other failure\)" type="lock\/fifo \| &lt;Lock&gt;/,
    );
    expect(xml).toMatch(/--seed 7 [\s\S]*--seed 70/);
  });

  test("what XML can't hold is a question mark", () => {
    const odd = { ...broken, says: "\u0000\ud800 \ufffe\u{1f512}\t" };
    const xml = printed("junit", { report: { ...clean, failures: [odd] } }, false);
    expect(xml).toContain(`<failure message="?? ?\u{1f512}&#9;"`);
  });

  test("a missing shard is an error", () => {
    const xml = printed("junit", { report: { ...clean, missing: ["2/4"] } }, false);
    expect(xml).toContain(`name="shard 2/4"`);
    expect(xml).toContain(`errors="1"`);
  });
});

describe("GitHub", () => {
  test("each failure is one line, which no text of it can break out of", () => {
    vi.stubEnv("GITHUB_STEP_SUMMARY", "");
    const lines = printed("github", { report: red }, false).split("\n");
    expect(lines[0]).toBe(
      "::error title=lock/fifo is broken::session <5> & *6* hold it%0Aat 100%25, both " +
        "(on 3 seeds, soonest on seed 7)%0Anpx multiraft-sim run --seed 7 --fsm 'exec:a | b'",
    );
    expect(lines[1]).toMatch(/^::warning title=ttl\/exact is broken::.*%0Aknown: being mended%0A/);
    expect(lines[2]).toBe("::error title=seed 9 has no answer::Error: lost%0Anpx multiraft-sim run --seed 9");
    expect(lines[3]).toMatch(/^::warning title=seed 8 has no answer::/);
    expect(lines.filter((line) => line.startsWith("::"))).toHaveLength(4);
  });

  test("missing shards are an error, milestones not reached a warning", () => {
    vi.stubEnv("GITHUB_STEP_SUMMARY", "");
    const text = printed("github", { report: { ...clean, missing: ["2/4"], unreached: ["a tie"] } }, false);
    expect(text).toContain("::error title=shards are missing::2/4\n");
    expect(text).toContain("::warning title=milestones not reached::a tie\n");
  });

  test("the job's summary is added to, and a summary that can't be written is no reason to lose the report", () => {
    const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-summary-"));
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      const file = join(folder, "summary.md");
      appendFileSync(file, "before\n");
      vi.stubEnv("GITHUB_STEP_SUMMARY", file);
      printed("github", { report: red }, false);
      expect(readFileSync(file, "utf8")).toMatch(
        /^before\n### multiraft-sim: 1 failure, 1 known failure, 2 seeds without/,
      );
      vi.stubEnv("GITHUB_STEP_SUMMARY", join(folder, "no", "summary.md"));
      expect(printed("github", { report: red }, false)).toContain("::error title=lock/fifo is broken");
      expect(said).toHaveBeenCalledWith(expect.stringContaining("can't be written"));
    } finally {
      said.mockRestore();
      rmSync(folder, { recursive: true });
    }
  });
});

describe("Markdown", () => {
  test("text of a failure is not taken for markup, and its lines and commands stand in blocks", () => {
    const page = markdownReport(red);
    expect(page).toContain("#### ✗ lock/fifo, on 3 seeds, soonest on seed 7");
    expect(page).toContain("session \\<5\\> \\& \\*6\\* hold it at 100%, both");
    expect(page).toContain("```\n12: +1.5 commit Lock\n```");
    expect(page).toContain("```sh\nnpx multiraft-sim run --seed 7 --fsm 'exec:a | b'\n```");
    expect(page).toContain("2 operations and 1 fault are enough.");
  });

  test("a text with backticks is fenced by more of them", () => {
    const odd = { ...broken, lines: ["```", "x"] };
    expect(markdownReport({ ...clean, failures: [odd] })).toContain("````\n```\nx\n````");
  });

  test("links only where the files lie beside it", () => {
    expect(markdownReport(red, { links: true })).toContain("[picture](out/failures/x/picture.html)");
    expect(markdownReport(red)).not.toContain("](");
    expect(markdownReport(red)).toContain("picture `out/failures/x/picture.html`");
  });

  test("says what was never judged and never reached, and names it when all held", () => {
    const page = markdownReport({ ...clean, unreached: ["a tie"] });
    expect(page).toContain("### multiraft-sim: 1 milestone not reached");
    expect(page).toContain("Never judged: snapshot/canonical (its snapshots are opaque).");
    expect(page).toContain("Milestones not reached: a tie.");
    expect(markdownReport(clean)).toContain("### multiraft-sim: everything held");
  });

  test("of very many failures it has the first, so that a job's summary may hold it", () => {
    const many = Array.from({ length: 3000 }, (_, at) => ({ ...broken, fingerprint: `${at}` }));
    const page = markdownReport({ ...clean, failures: many });
    expect(page).toContain("… and 2,980 more failures.");
    expect(page.length).toBeLessThan(100_000);
  });
});

describe("the page for a terminal", () => {
  test("shows the smallest run, the test and the picture where there are any, else the line that makes it small", () => {
    const page = printed("pretty", { report: red, folder: "out" }, false);
    expect(page).toContain("  small  out/failures/x/small.jsonl  (2 operations and 1 fault are enough)");
    expect(page).toContain("  test   out/failures/x/lock-fifo.test.ts");
    expect(page).toContain("  look   out/failures/x/picture.html");
    expect(page.trimEnd().endsWith("report  out")).toBe(true);
    const bare = printed("pretty", { report: { ...clean, failures: [broken] } }, false);
    expect(bare).toContain(
      "  small  npx multiraft-sim shrink 7 --fsm 'exec:a | b' --emit-test lock-fifo-seed-7.test.ts",
    );
  });

  test("many failures of one property hide no other, and what tells them apart is said", () => {
    const ways = Array.from({ length: 7 }, (_, at) => ({
      ...broken,
      seeds: 20 - at,
      fingerprint: `lock/fifo | a | b | c${at}`,
    }));
    const text = printed("pretty", { report: { ...red, failures: [...ways, { ...known, seeds: 1 }] } }, false);
    const names = [...text.matchAll(/✗ (?:broken|known ) +(\S+)/g)].map(([, name]) => name);
    expect(names).toEqual(["lock/fifo", "ttl/exact", "lock/fifo", "lock/fifo", "lock/fifo"]);
    expect([...text.matchAll(/^ +this one: (.*)$/gm)].map(([, rest]) => rest)).toEqual([
      "a | b | c0",
      "a | b | c1",
      "a | b | c2",
      "a | b | c3",
    ]);
    expect(text).toContain("… and 3 more failures (lock/fifo 3); --report keeps them all");
  });

  test("a failure that is kept from before says so", () => {
    const page = printed("pretty", { report: { ...clean, failures: [{ ...broken, seeds: 0 }] } }, false);
    expect(page).toContain("✗ broken lock/fifo  kept from before (seed 7)");
  });
});

describe("the folder", () => {
  test("holds four pages, whose paths are relative to it", () => {
    const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-folder-"));
    try {
      const inside = (name: string): string => join(folder, name);
      const failure = {
        ...broken,
        trace: inside("failures/x/trace.jsonl"),
        picture: inside("failures/x/picture.html"),
      };
      writeFolder(folder, { ...clean, failures: [failure] });
      const read = (name: string): string => readFileSync(inside(name), "utf8");
      const { failures } = JSON.parse(read("report.json")) as RunReport;
      expect(failures[0]?.trace).toBe("failures/x/trace.jsonl");
      expect(read("index.md")).toContain("[whole run](failures/x/trace.jsonl)");
      expect(read("index.html")).toContain(`<a href="failures/x/picture.html">picture</a>`);
      expect(read("index.html")).toContain("session &lt;5&gt; &amp; *6* hold it");
      elements(read("junit.xml"));
      for (const name of ["report.json", "junit.xml", "index.md", "index.html"])
        expect(read(name)).not.toContain(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
