// Machines in modules: what may be exported, what is said of the rest, and that types come off on their way in.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { UsageError } from "../base/usage-error.js";
import { reference } from "../fsm/reference.js";
import { machineFrom } from "./load.js";
import { kindOf } from "./module-machine.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-modules-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const create = () => reference.create();

describe("a machine in a module", () => {
  it("is its default export: a kind, which gets the path as its name", () => {
    const kind = kindOf("./mine.ts", { default: { ...reference, name: "whatever" } });
    expect(kind.name).toBe("./mine.ts");
    expect(kind.capabilities).toEqual(reference.capabilities);
  });

  it("is a function that makes machines, of which everything is expected", () => {
    expect(kindOf("a.js", { default: create }).capabilities).toEqual(reference.capabilities);
    expect(kindOf("a.js", { createStateMachine: create }).capabilities.snapshots).toBe("canonical");
  });

  it("may lack something, and say so", () => {
    const { capabilities } = kindOf("a.js", { createStateMachine: create, capabilities: { services: ["counter"] } });
    expect(capabilities).toEqual({ services: ["counter"], snapshots: "canonical", ticks: true });
  });

  it.each([
    [{}, /exports no machine/],
    [{ default: 5 }, /neither a MachineKind nor a function/],
    [{ default: () => ({ apply: create, query: create }) }, /has no snapshot, no restore/],
    [{ default: async () => create() }, /asynchronously/],
    [{ default: create, capabilities: { snapshots: "pretty" } }, /its capabilities are not/],
    [
      {
        default: () => {
          throw new Error("no luck");
        },
      },
      /makes no machine: Error: no luck/,
    ],
  ])("%o is refused in words", (exported, words) => {
    expect(() => kindOf("a.js", exported)).toThrow(words);
  });

  it("that is exported under another name is pointed at", () => {
    let todo = "";
    try {
      kindOf("a.ts", { parts: {}, mine: reference });
    } catch (error) {
      ({ todo } = error as UsageError);
    }
    expect(todo).toBe("It exports `mine`, which is one: add `export default mine;`.");
  });

  it("is found where only its ending was left away", async () => {
    writeFileSync(join(folder, "endless.ts"), "");
    for (const spec of ["endless", "./endless"]) {
      await expect(machineFrom(spec, { reference, folder })).rejects.toMatchObject({
        todo: "Did you mean ./endless.ts?",
      });
    }
  });

  it.each([
    ["./nowhere.ts", /there is no file/],
    ["reference2", /names no machine/],
    ["exec:", /names no program/],
  ])("--fsm %s is refused in words", async (spec, words) => {
    await expect(machineFrom(spec, { reference })).rejects.toThrow(words);
  });

  it("that does not load can't stand trial, and the reason is said", async () => {
    writeFileSync(join(folder, "broken.js"), "export const x = ;");
    await expect(machineFrom("./broken.js", { reference, folder })).rejects.toThrow(/can't be loaded/);
  });

  it("that is no TypeScript is told where and why, without a stack of ours", () => {
    writeFileSync(join(folder, "b2.ts"), "// One.\nexport const x: = 1;\n");
    writeFileSync(join(folder, "b3.ts"), 'import { a } from "./nowhere.js";\nexport default a;\n');
    const tool = join(root, "dist/src/cli/main.js");
    const said = (module: string): string =>
      spawnSync("node", [tool, "conformance", "--fsm", module], { cwd: folder, encoding: "utf8" }).stderr;
    const syntax = said("./b2.ts");
    expect(syntax).toMatch(/\.\/b2\.ts can't be loaded: \S*b2\.ts:2:17: Unexpected token `=`/);
    expect(syntax).toContain("export const x: = 1;\n                ^");
    expect(syntax).not.toContain("    at ");
    const missing = said("./b3.ts");
    expect(missing).toMatch(
      /\.\/b3\.ts can't be loaded: Error \[ERR_MODULE_NOT_FOUND\]: Cannot find module '\S*nowhere\.js'/,
    );
    expect(missing).not.toContain("    at ");
  });

  it("may be TypeScript with an enum, and import its parts as .js, on every Node", () => {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const index = JSON.stringify(join(root, "dist/src/index.js"));
    writeFileSync(
      join(folder, "part.ts"),
      `import { createMachine, referenceParts, type StateMachine } from ${index};
enum Kind { Plain = 1 }
export class Maker { constructor(private readonly kind: Kind = Kind.Plain) {} make(): StateMachine { void this.kind; return createMachine(referenceParts); } }
`,
    );
    writeFileSync(
      join(folder, "machine.ts"),
      `import { Maker } from "./part.js";
import type { StateMachine } from ${index};
export const createStateMachine = (): StateMachine => new Maker().make();
`,
    );
    const tool = join(root, "dist/src/cli/main.js");
    const said = spawnSync("node", [tool, "conformance", "--fsm", "./machine.ts"], { cwd: folder, encoding: "utf8" });
    expect(said.stderr).toBe("");
    expect(said.stdout).toMatch(/answers all [0-9]+ questions as it must/);
    expect(said.status).toBe(0);
  });
});
