// Whether what runs is what stands in the sources: in a clone, whoever edits src/ and forgets to build would be told that all is
// well of a machine that never played. An installed package has no sources, and nothing is looked at.
import { type Dirent, readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** The machine, its world, its judge, and the zoo: what is edited to see what happens. Not everything, since each start pays. */
const FOLDERS = ["src/fsm", "src/sim", "src/checker", "src/protocol", "bugs"];
/** Written by every build, whatever has changed. */
const BUILT = join("dist", "src", "cli", "main.js");

/** A sentence about the newest source under `root` that is newer than what was built of it; undefined where there is none. */
export function staleBuild(root: string): string | undefined {
  const built = mtimeOf(join(root, BUILT));
  if (built === undefined) return undefined;
  const newer: { readonly file: string; readonly at: number }[] = [];
  for (const folder of FOLDERS) {
    for (const file of sourcesIn(join(root, folder))) {
      const at = mtimeOf(file) ?? 0;
      if (at > built) newer.push({ file: relative(root, file).split(sep).join("/"), at });
    }
  }
  const [newest, ...others] = newer.sort((a, b) => b.at - a.at);
  if (newest === undefined) return undefined;
  const too = others.length === 0 ? "" : ` (as ${others.length === 1 ? "is one more" : `are ${others.length} more`})`;
  return `warning: ${newest.file} is newer than dist/, and dist/ is what runs${too}: npm run build`;
}

function sourcesIn(folder: string): string[] {
  let held: Dirent[];
  try {
    held = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return held.flatMap((each) => {
    const path = join(folder, each.name);
    if (each.isDirectory()) return sourcesIn(path);
    return each.name.endsWith(".ts") && !/\.(test|laws|fuzz|d)\.ts$/.test(each.name) ? [path] : [];
  });
}

function mtimeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
