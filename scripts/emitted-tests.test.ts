// What `shrink` prints and writes can be used as it stands: the test runs from any folder, the lines that are printed can be
// pasted, and nobody's file is written over. In a project of a user's own. Needs `npm run build` before.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const main = join(root, "dist/src/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-emitted-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Numbers that were given up run all the same.
const MACHINE = `import { createMachine, type MachineKind, reference, referenceParts } from "multiraft-sim";
const commands = { ...referenceParts.commands, isForgotten: () => false };
const machine: MachineKind = { ...reference, name: "mine", create: () => createMachine({ ...referenceParts, commands }) };
export default machine;
`;
const PACKAGE = '{ "type": "module" }';

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function node(args: readonly string[], cwd = folder): Ran {
  const done = spawnSync(process.execPath, args, { cwd, encoding: "utf8", timeout: 280_000 });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

const tool = (...args: readonly string[]): Ran => node([main, ...args]);
const vitest = (args: readonly string[], cwd = folder): Ran =>
  node([join(root, "node_modules/vitest/vitest.mjs"), "run", ...args], cwd);

/** What is printed behind a word, as a shell would take it. */
function line(word: string, { out }: Ran): string[] {
  const [, words = ""] = new RegExp(`^ *${word} +npx \\S+ (.*)$`, "m").exec(out) ?? [];
  return words.split(" ").map((each) => each.replaceAll("'", ""));
}

describe("what shrink leaves behind", { timeout: 300_000 }, () => {
  const file = "tests/found/small.test.ts";
  let shrunk: Ran;

  beforeAll(() => {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules/multiraft-sim"), "dir");
    symlinkSync(join(root, "node_modules/vitest"), join(folder, "node_modules/vitest"), "dir");
    writeFileSync(join(folder, "my-fsm.ts"), MACHINE);
    writeFileSync(join(folder, "package.json"), PACKAGE);
    const found = tool("run", "counter-only", "--fsm", "./my-fsm.ts", "--seeds", "6", "--no-ledger");
    // The line of a failure names a file of its own, by property and seed.
    const small = line("small", found);
    expect(small.slice(-2), found.out + found.err).toEqual([
      "--emit-test",
      expect.stringMatching(/^command-at-most-once-seed-[0-5]\.test\.ts$/),
    ]);
    shrunk = tool(...small.slice(0, -1), file);
  }, 300_000);

  it("is a test that the printed line runs, and that runs from its own folder as well", () => {
    expect(shrunk.code, shrunk.err).toBe(0);
    expect(line("run it", shrunk)).toEqual(["run", file]);
    const told = /What was seen: (.*)/.exec(readFileSync(join(folder, file), "utf8"))?.[1] ?? "nothing";
    for (const ran of [vitest(line("run it", shrunk).slice(1)), vitest([], join(folder, "tests/found"))]) {
      expect(ran.code).toBe(1);
      // The reason is the one in its head, and no import that failed.
      expect(ran.out + ran.err).toContain(told);
    }
  });

  it("is a trace whose line can be pasted, though it names the machine", () => {
    const again = line("again", shrunk);
    expect(again).toContain("--fsm");
    expect(tool(...again)).toMatchObject({ code: 0, err: "" });
  });

  it("lets replay with another machine say how to see the same again", () => {
    const trace = line("again", shrunk)[1] ?? "";
    const other = tool("replay", trace, "--fsm", "reference");
    expect(other.code).toBe(1);
    expect(line("again", other)).toEqual(["replay", trace, "--fsm", "reference"]);
  });

  it("writes over its own tests, and over nothing else", () => {
    const seed = line("again", shrunk)[1] ?? "";
    const refused = tool("shrink", seed, "--fsm", "./my-fsm.ts", "--emit-test", "package.json");
    expect(refused).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("was not written by shrink") as string,
    });
    expect(readFileSync(join(folder, "package.json"), "utf8")).toBe(PACKAGE);
    expect(tool("shrink", seed, "--fsm", "./my-fsm.ts", "--emit-test", file).code).toBe(0);
  });

  it("a test beside the clone's README is one that vitest takes", () => {
    writeFileSync(join(folder, "found.test.ts"), 'import { test } from "vitest";\ntest("a", () => undefined);\n');
    const config = join(root, "vitest.config.ts");
    const tests = node([
      join(root, "node_modules/vitest/vitest.mjs"),
      "list",
      "--filesOnly",
      "--root",
      folder,
      "--config",
      config,
    ]);
    expect(tests.out).toContain("found.test.ts");
  });
});
