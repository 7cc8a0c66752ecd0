// Adds the saved states of the version in package.json to traces/snapshots/: part of every release. For each of some runs the
// largest state that a replica saved, as NAME.bin, and the entries that came after it, as NAME.log. What is there already is
// never written again: a released state must load for ever. Run after `npm run build`.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeDelimited } from "../dist/src/compare/recorded-log.js";
import { makeEntry, reference, scenarioFrom, scenarioNames, simulate } from "../dist/src/index.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const folder = `${root}traces/snapshots/${version}`;
/** At most so many entries go on from a state, and at least so many must. */
const MOST = 60;
const LEAST = 20;

if (existsSync(folder)) {
  console.error(`traces/snapshots/${version} is there already: released states are never changed.`);
  console.error("Raise the version in package.json first.");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const runs = [
  ...[1n, 2n, 3n, 4n].map((seed) => ["default", seed]),
  ...scenarioNames().flatMap((name) => (name === "default" || name === "long-haul" ? [] : [[name, 5n]])),
];
for (const [name, seed] of runs) {
  const { events } = simulate(scenarioFrom(name), reference, seed).record({ shadow: false });
  const commits = events.filter((line) => line.e === "commit");
  const after = ({ partition, index }) => commits.filter((line) => line.partition === partition && line.index > index);
  const saves = events.filter((line) => line.e === "save" && after(line).length >= LEAST);
  const largest = saves.reduce(
    (best, line) => (best && best.bytes.length >= line.bytes.length ? best : line),
    undefined,
  );
  if (largest === undefined) {
    console.log(`${name} ${seed}: nothing was saved`);
    continue;
  }
  const entries = after(largest)
    .slice(0, MOST)
    .map((line) => line.bytes ?? makeEntry(line.index, line.input).bytes);
  writeFileSync(`${folder}/${name}-${seed}.bin`, largest.bytes);
  writeFileSync(`${folder}/${name}-${seed}.log`, writeDelimited(entries));
  console.log(
    `${name}-${seed}: ${largest.bytes.length} bytes at entry ${largest.index}, ${entries.length} entries after it`,
  );
}
copyFileSync(`${root}traces/golden/snapshot-v1.bin`, `${folder}/every-service.bin`);
