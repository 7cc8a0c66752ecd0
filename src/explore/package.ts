// What this package knows of itself: where it lies, its version, and the commit that it was built from, where it is a clone.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json and scenarios/, whether this runs from src/ or from dist/. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

export const TOOL = "multiraft-sim";

/** The version in package.json. */
export function version(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };
  return manifest.version;
}

/** The commit that the clone stands at; null in an installed package. Reads git's files, starts no process. */
export function commit(): string | null {
  try {
    const git = join(packageRoot, ".git");
    const head = readFileSync(join(git, "HEAD"), "utf8").trim();
    if (!head.startsWith("ref: ")) return head;
    const ref = head.slice("ref: ".length);
    if (existsSync(join(git, ref))) return readFileSync(join(git, ref), "utf8").trim();
    const packed = readFileSync(join(git, "packed-refs"), "utf8").split("\n");
    return packed.find((line) => line.endsWith(` ${ref}`))?.slice(0, 40) ?? null;
  } catch {
    return null;
  }
}

function findRoot(from: string): string {
  for (let at = from; ; at = dirname(at)) {
    if (existsSync(join(at, "package.json")) && existsSync(join(at, "proto"))) return at;
    if (dirname(at) === at) throw new Error(`no package.json above ${from}`);
  }
}
