// `npm run mutants`: Stryker, one group of files after the other, so that what is found is kept as it goes; then the page of
// docs/reference/mutants.md, from what is known. Arguments: parts of files' names, of which only those are mutated.
// Incremental: a mutant whose file and killers are as they were keeps its result.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Stryker } from "@stryker-mutator/core";

const root = fileURLToPath(new URL("../../", import.meta.url));
process.chdir(root);
const FOLDERS = ["src/fsm", "src/fsm/services", "src/protocol"];
/** Lines of code that one run of Stryker takes on: some minutes of one core. */
const LINES = 320;

const asked = process.argv.slice(2);
const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".ts") && !/\.(test|laws|fuzz|d)\.ts$/.test(name))
    .map((name) => `${folder}/${name}`),
).filter((file) => asked.length === 0 || asked.some((part) => file.includes(part)));

for (const group of groupsOf(files)) {
  console.log(`\n--- ${group.join(" ")}`);
  await new Stryker({ mutate: group }).runMutationTest();
}
if (existsSync(join(root, ".stryker/incremental.json"))) {
  spawnSync(process.execPath, [join(root, "scripts/mutants/page.js")], { cwd: root, stdio: "inherit" });
}

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
