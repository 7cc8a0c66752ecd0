// A machine that hangs, through the command line: its trace plays again, its failure gets small, its test fails and ends.
// Needs the built tool (`npm run build`), which the machine's module imports.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../explore/package.js";

const tool = join(packageRoot, "dist", "src", "cli", "main.js");
const folder = realpathSync(mkdtempSync(join(tmpdir(), "hanging-")));

// Hangs for ever in the second Increment, or Acquire, that a replica is given.
const machine = `import { createMachine, reference, referenceParts } from "multiraft-sim";
const create = () => {
  const inner = createMachine(referenceParts);
  let seen = 0;
  return {
    apply(entry) {
      const command = entry.input === "undecodable" ? undefined : entry.input.input;
      const operation = command?.$case === "sessionCommand" ? command.value.input?.value.operation?.name : undefined;
      if ((operation === "Increment" || operation === "Acquire") && ++seen === 2) for (;;);
      return inner.apply(entry);
    },
    query: (input) => inner.query(input),
    snapshot: () => inner.snapshot(),
    restore: (chunks) => inner.restore(chunks),
  };
};
export default { ...reference, name: "mine", create };
`;

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [tool, ...args], { cwd: folder, encoding: "utf8", timeout: 280_000 });
}

beforeAll(() => {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(packageRoot, join(folder, "node_modules", "multiraft-sim"), "dir");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "hangs.js"), machine);
  const short = { from: "default", name: "short", about: "Short.", services: ["counter"] };
  const bounds = { length: { seconds: [3, 3], operations: [8, 8], entries: 0, rounds: 1 } };
  writeFileSync(join(folder, "short.json"), JSON.stringify({ ...short, ...bounds }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a machine that hangs", { timeout: 300_000 }, () => {
  test("gets small, keeps a test that ends, and its trace says the same again", () => {
    const args = ["--scenario", "./short.json", "--fsm", "./hangs.js", "-o", "small.jsonl"];
    const shrunk = run("shrink", "1", ...args, "--emit-test", "hangs.test.ts");
    expect(shrunk.stdout).toMatch(/^apply\/total \| service_command counter\.Increment \| a reply \| hung\n/);
    expect(shrunk.stdout).toMatch(/^now +[0-2] operations?, [01] faults?,/m);
    expect(shrunk.status).toBe(0);
    expect(readFileSync(join(folder, "hangs.test.ts"), "utf8")).toMatch(/judge(Log|Plan)\(machine/);

    const again = run("replay", "small.jsonl", "--fsm", "./hangs.js");
    expect(again.stdout).toMatch(/^same: .* \| hung\n$/);
    const mended = run("replay", "small.jsonl", "--fsm", "reference");
    expect(mended.stdout).toContain("now: every property holds");
    expect(mended.status).toBe(1);
  });

  test("is named by the shortest history in which it hangs, where all are gone through", () => {
    const { status, stdout } = run("run", "session", "--exhaustive", "--depth", "3", "--fsm", "./hangs.js");
    expect(stdout).toMatch(/broken apply\/total {2}in session, after 2 entries/);
    expect(stdout).toMatch(/BROKE: hung during apply/);
    // All of one entry was gone through, and no more is claimed.
    expect(stdout).toMatch(/^! session +20 +1 +20 /m);
    expect(status).toBe(1);
  });
});
