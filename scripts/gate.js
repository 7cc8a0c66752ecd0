// `npm run gate`: the machine of this clone against that of the last released tag, over seeds of every scenario, the kept traces,
// upgrades, and the saved states of every released version. Without a tag: against itself, and it says so. Changes that are
// meant stand in traces/accepted.txt until the release that brings them. Run after `npm run build`.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const asked = spawnSync("git", ["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"], {
  cwd: root,
  encoding: "utf8",
});
const tag = asked.status === 0 ? asked.stdout.trim() : undefined;
if (tag === undefined) console.error("No version is tagged yet: the machine is compared with itself.");

/** A long haul is a night's work: it is left to the soak. */
const scenarios = readdirSync(`${root}scenarios`)
  .filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json") && file !== "long-haul.json")
  .map((file) => file.slice(0, -".json".length));
const args = [...scenarios, "--seeds", "50", "--snapshots", "traces/snapshots", "--candidate", "reference"];
if (tag !== undefined) args.push("--baseline", `git:${tag}`);
if (existsSync(`${root}traces/accepted.txt`)) args.push("--accept", "traces/accepted.txt");
// What is given on the command line comes last, and so counts.
const command = [`${root}dist/src/cli/main.js`, "compare", ...args, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" }).status ?? 5;
