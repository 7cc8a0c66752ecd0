// `npm run mutants`: Stryker, one group of files after the other, so that what is found is kept as it goes; then the page of
// docs/reference/mutants.md, from what is known. Arguments: parts of files' names, of which only those are mutated; --anew
// forgets what is known; --jobs=N takes N processes, else it is one. Incremental: a mutant whose file and killers are as they were keeps its result.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Stryker } from "@stryker-mutator/core";

const root = fileURLToPath(new URL("../../", import.meta.url));
process.chdir(root);
const FOLDERS = ["src/fsm", "src/fsm/services", "src/protocol"];
/** Lines of code that one run of Stryker takes on: some minutes of one core. */
const LINES = 320;
const KNOWN = ".stryker/incremental.json";
/** Files that were mutated since all was forgotten: Stryker keeps nothing of those in which there is nothing to mutate. */
const TRIED = ".stryker/tried.json";

const asked = process.argv.slice(2).filter((each) => !each.startsWith("--"));
const jobs = Number(process.argv.find((each) => each.startsWith("--jobs="))?.slice("--jobs=".length) ?? 1);
if (!Number.isInteger(jobs) || jobs < 1) throw new Error("--jobs: expected a number of processes, from 1");
if (process.argv.includes("--anew")) for (const file of [KNOWN, TRIED]) rmSync(file, { force: true });
mkdirSync(".stryker", { recursive: true });
const tried = new Set(existsSync(TRIED) && existsSync(KNOWN) ? JSON.parse(readFileSync(TRIED, "utf8")) : []);

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".ts") && !/\.(test|laws|fuzz|d)\.ts$/.test(name))
    .map((name) => `${folder}/${name}`),
).filter((file) => asked.length === 0 || asked.some((part) => file.includes(part)));

const begin = performance.now();
for (const group of groupsOf(files)) {
  console.log(`\n--- ${group.join(" ")}`);
  const before = performance.now();
  const mutants = await new Stryker({ mutate: group, concurrency: jobs }).runMutationTest();
  for (const file of group) tried.add(file);
  writeFileSync(TRIED, JSON.stringify([...tried]));
  const here = mutants.filter(
    ({ fileName, status }) => status !== "Ignored" && group.some((file) => join(root, file) === fileName),
  );
  const dead = here.filter(({ status }) => status === "Killed" || status === "Timeout").length;
  console.log(`${dead} of ${here.length} killed, ${Math.round((performance.now() - before) / 1000)} s`);
}
const page = spawnSync(process.execPath, [join(root, "scripts/mutants/page.js")], { cwd: root, stdio: "inherit" });
process.exitCode = page.status ?? 1;
console.log(`${Math.round((performance.now() - begin) / 60_000)} minutes`);

/** Files in their order, so many lines together. */
function groupsOf(all) {
  const groups = [];
  let room = 0;
  for (const file of all) {
    const lines = readFileSync(join(root, file), "utf8").split("\n").length;
    if (lines > room) {
      groups.push([]);
      room = LINES;
    }
    groups.at(-1).push(file);
    room -= lines;
  }
  return groups;
}
