// `view` on the command line: where the picture goes, and what it refuses.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const trace = fileURLToPath(new URL("../view/testdata/keepalive-no-refresh.jsonl", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-view-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const view = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [main, "view", ...args], { cwd: folder, encoding: "utf8" });

describe("view", () => {
  it("writes one file beside, named as the trace, that asks for nothing from elsewhere", () => {
    expect(view(trace)).toMatchObject({ status: 0, stdout: "keepalive-no-refresh.html\n" });
    const html = readFileSync(join(folder, "keepalive-no-refresh.html"), "utf8");
    expect(html).toContain("<title>keepalive-no-refresh – session/never-early is broken</title>");
    expect(html).not.toMatch(/\b(?:src|href)="(?!data:)/);
  });

  it("marks what a module's own property finds", () => {
    const own = `import { defineProperty, reference } from "${new URL("../../dist/src/index.js", import.meta.url).href}";
      export default reference;
      const watch = ({ judged, breaks }) => ({ line: (line) => void (line.e === "commit" && (judged(), breaks({ says: "an entry" }))) });
      export const properties = [defineProperty({ name: "test/no-entries", claim: "Nothing is committed.", watch })];`;
    writeFileSync(join(folder, "own.mjs"), own);
    expect(view(trace, "--fsm", "./own.mjs", "-o", "own.html")).toMatchObject({ status: 0, stderr: "" });
    // The first line that breaks a claim makes the title.
    expect(readFileSync(join(folder, "own.html"), "utf8")).toContain("test/no-entries is broken</title>");
  });

  it("refuses a torn trace, a foreign file and a newer format by what they are, and writes nothing", () => {
    const text = readFileSync(trace, "utf8");
    const cases: readonly (readonly [string, string, RegExp])[] = [
      ["torn.jsonl", text.slice(0, text.length / 2), /torn\.jsonl is torn/],
      ["foreign.jsonl", '{"hello":1}\n', /not a trace of multiraft-sim/],
      ["newer.jsonl", text.replace('"format":1', '"format":2'), /trace format 2; this version reads formats up to 1/],
    ];
    for (const [name, content, says] of cases) {
      writeFileSync(join(folder, name), content);
      const { status, stderr } = view(name);
      expect(status).toBe(2);
      expect(stderr).toMatch(says);
      expect(existsSync(join(folder, name.replace("jsonl", "html")))).toBe(false);
    }
  });

  it("takes the good part of a torn trace where it is asked to", () => {
    writeFileSync(join(folder, "half.jsonl"), readFileSync(trace, "utf8").split("\n").slice(0, 30).join("\n"));
    expect(view("half.jsonl", "--salvage", "-o", "half.html").status).toBe(0);
    expect(existsSync(join(folder, "half.html"))).toBe(true);
  });

  it("says so where the picture can't be written", () => {
    writeFileSync(join(folder, "a-file"), "");
    const { status, stderr } = view(trace, "-o", "a-file/x.html");
    expect(status).toBe(2);
    expect(stderr).toContain("a-file/x.html can't be written: a file stands there");
    expect(stderr).toContain("Name a file in a folder that can be written.");
  });
});
