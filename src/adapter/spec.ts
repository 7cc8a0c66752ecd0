// What `--fsm` says, as words: which way of naming a machine it is, and the same module as one names it from another folder.
// Loads nothing: load.ts does.
import { isAbsolute, relative, resolve, sep } from "node:path";

/** What stands before a command line. */
export const EXEC = "exec:";

/** The ways to name a machine; undefined: none of them. */
export function kindOfSpec(spec: string): "reference" | "module" | "process" | undefined {
  if (spec === "reference") return "reference";
  if (spec.startsWith(EXEC)) return "process";
  return /\.[mc]?[jt]s$/.test(spec) ? "module" : undefined;
}

/** A path in `from` as one names it in `to`, so that it can be imported: "./my-fsm.ts", "../my-fsm.ts". */
export function pathSeenFrom(to: string, path: string, from: string = process.cwd()): string {
  const seen = relative(to, resolve(from, path));
  // Another drive.
  if (isAbsolute(seen)) return seen;
  const slashed = seen.split(sep).join("/");
  return slashed.startsWith("../") || slashed === ".." ? slashed : `./${slashed}`;
}
