// Contestants of tests: a module is found from where the test stands, wherever the test is called.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { contestantFrom } from "./load-contestant.js";

const folder = mkdtempSync(join(tmpdir(), "multiraft-sim-contestant-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "tests"));
const machine = "export default () => ({ apply() {}, query() {}, snapshot() {}, restore() {} });";
writeFileSync(join(folder, "mine.mjs"), machine);
const base = pathToFileURL(join(folder, "tests/small.test.ts"));

test("a module's path starts from the base, and its name from the current folder", async () => {
  const { fsm, machine: loaded } = await contestantFrom("../mine.mjs", base);
  const named = relative(process.cwd(), join(folder, "mine.mjs"));
  expect([fsm, loaded.name]).toEqual([named, named]);
  await expect(contestantFrom("./mine.mjs", base.href)).rejects.toThrow("there is no file");
});

test("without a base it starts from the current folder", async () => {
  const path = relative(process.cwd(), join(folder, "mine.mjs"));
  expect((await contestantFrom(path)).fsm).toBe(path);
  await expect(contestantFrom("../mine.mjs")).rejects.toThrow("there is no file");
});

test("the reference needs no place", async () => {
  expect((await contestantFrom("reference", base)).fsm).toBe("reference");
});
