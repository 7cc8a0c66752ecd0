// The wrapper: silent where everything holds; else one report with what it takes to see the failure again, made small.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import {
  createMachine,
  judgeLog,
  matchers,
  plainContestant,
  reference,
  referenceParts,
  scenarioFrom,
} from "../src/index.js";
import { everyRunHolds } from "./every-run-holds.js";

const folder = mkdtempSync(join(tmpdir(), "every-run-"));
const commands = { ...referenceParts.commands, isForgotten: () => false };
const forgetful = { ...reference, name: "forgetful", create: () => createMachine({ ...referenceParts, commands }) };
const scenarios = fc.constant(scenarioFrom("default"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("says nothing of a machine that keeps its promises", () => {
  everyRunHolds(reference, { numRuns: 3, folder });
  expect(readdirSync(folder)).toEqual([]);
}, 60_000);

it("reports seed, path, trace and the smallest test of the first failure", () => {
  const report = caught(() => everyRunHolds(forgetful, { numRuns: 60, seed: 1, scenarios, folder }));
  expect(report).toMatch(/^command\/at-most-once \| /);
  expect(report).toMatch(/again {5}everyRunHolds\(machine, \{ seed: 1, path: "[0-9:]+" \}\)$/m);
  // Nobody could load a machine by its name.
  expect(report).toContain('import { machine } from "./machine.js";');
  const [test = "", trace = ""] = readdirSync(folder).sort().reverse();
  expect([test, trace].map((name) => name.replace(/-[0-9]+\./, ".")).sort()).toEqual([
    "command-at-most-once.jsonl",
    "command-at-most-once.test.ts",
  ]);
  expect(report).toContain(readFileSync(join(folder, test), "utf8"));
  expect(Number(/smallest {2}([0-9]+) operations/.exec(report)?.[1])).toBeLessThanOrEqual(8);
}, 120_000);

it("the test of a module names the module, from where the test is", () => {
  const accused = { ...plainContestant(forgetful), fsm: "./machines/mine.ts" };
  const found = join(folder, "found");
  const report = caught(() => everyRunHolds(accused, { numRuns: 60, seed: 1, scenarios, folder: found }));
  const module = relative(found, "machines/mine.ts");
  expect(report).toContain(`await contestantFrom("${module}", import.meta.url)`);
}, 120_000);

it("vitest takes the matchers", () => {
  expect.extend(matchers);
  const judged = judgeLog(reference, [{ at: "0s", open: "5s" }]);
  expect(matchers.toHold(judged).pass).toBe(true);
});

function caught(body: () => void): string {
  try {
    body();
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was thrown";
}
