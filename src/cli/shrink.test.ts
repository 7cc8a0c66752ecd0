// From a seed that fails to a test that fails: it fails with the bug and passes with the real machine, for a bug whose log is
// enough, one that takes a restart, and one of a client.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { transformSync } from "esbuild";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as zoo from "../../bugs/index.js";
import { huntDown } from "../explore/hunt.js";
import { scenarioFrom } from "../explore/scenarios.js";
import * as library from "../index.js";
import { loadTrace } from "../trace/file.js";
import { shrinkCommand } from "./shrink.js";

const folder = mkdtempSync(join(tmpdir(), "shrink-"));
beforeEach(() => void vi.spyOn(process.stdout, "write").mockReturnValue(true));
afterEach(() => void vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the text of a test file with these in the place of its imports. Answers what its one test threw. */
async function run(text: string, bugNamed: (name: string) => unknown): Promise<Error | undefined> {
  const bodies: (() => unknown)[] = [];
  const worlds: Record<string, object> = {
    vitest: { expect, test: (_: string, body: () => unknown) => bodies.push(body) },
    "multiraft-sim": library,
    "multiraft-sim/zoo": { bugNamed },
  };
  const { code } = transformSync(text, { loader: "ts" });
  const script = code.replace(/^import \{(.*?)\} from "(.*?)";/gm, (_, names: string, from: string) => {
    return `const {${names.replaceAll(" as ", ": ")}} = worlds[${JSON.stringify(from)}];`;
  });
  (runInThisContext(`(worlds) => {${script}\n}`) as (given: typeof worlds) => void)(worlds);
  expect(bodies).toHaveLength(1);
  try {
    await bodies[0]?.();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function seedOf(bug: string): bigint {
  const found = zoo.bugNamed(bug)!;
  const machine = found.machine ?? library.reference;
  const contestant = {
    ...library.plainContestant(machine),
    ...(found.parts && { parts: found.parts }),
    ...(found.registry && { registry: found.registry }),
  };
  const quarry = { contestant, caughtBy: found.caughtBy, scenario: scenarioFrom("default"), version: "test" };
  const { caught } = huntDown(quarry, { bug, from: 0n, seeds: 60 }, () => undefined);
  if (caught === null) throw new Error(`${bug} got away`);
  return caught.seed;
}

describe("shrink", () => {
  test.each(["lock-lifo", "restore-forgets-open", "client-acks-before-received"])(
    "%s: the emitted test fails with the bug and passes without it",
    async (bug) => {
      const file = join(folder, `${bug}.test.ts`);
      const trace = join(folder, `${bug}.jsonl`);
      const property = zoo.bugNamed(bug)!.caughtBy[0]!;
      const seed = String(seedOf(bug));
      const words = [seed, "--bug", bug, "-o", trace, "--emit-test", file, "--property", property, "--format", "json"];
      await shrinkCommand().parseAsync(words, { from: "user" });
      const text = readFileSync(file, "utf8");
      expect((await run(text, zoo.bugNamed))?.message).toContain("every claim holds");
      expect(await run(text, () => undefined)).toBeUndefined();
      expect(loadTrace(trace).header.bug).toBe(bug);
    },
    120_000,
  );

  test("says that nothing is broken where nothing is", async () => {
    const words = shrinkCommand().parseAsync(["0"], { from: "user" });
    await expect(words).rejects.toThrow("nothing is broken in this run");
  });
});
