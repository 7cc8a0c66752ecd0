// A git repository, as far as machines of earlier commits need it. git itself does the work; the user's files, the index and
// the branches are never touched.
import { spawnSync } from "node:child_process";
import { existsSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../base/usage-error.js";

/** The root of the repository that the process stands in. `who` needs it: "bisect". */
export function repositoryRoot(who: string): string {
  const asked = spawnSync("git", ["rev-parse", "--show-toplevel"], { encoding: "utf8" });
  if (asked.error !== undefined) throw new UsageError("git does not start", `${who} needs git.`);
  if (asked.status !== 0) {
    throw new UsageError("this folder is in no git repository", `Run ${who} in the repository of your machine.`);
  }
  return realpathSync(asked.stdout.trim());
}

/** The commit that a ref stands for. `option`: how it was given; `before`: what stood before the ref. */
export function commitOf(root: string, ref: string, option: string, before = ""): string {
  const asked = spawnSync("git", ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], {
    cwd: root,
    encoding: "utf8",
  });
  if (asked.status !== 0) throw new UsageError(`${option} ${before}${ref}: git knows no such commit`);
  return asked.stdout.trim();
}

/** What git answers. `env`: beside the process's own. */
export function git(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const asked = spawnSync("git", args, { cwd, encoding: "utf8", env: { ...process.env, ...env } });
  if (asked.status === 0) return asked.stdout;
  throw new UsageError(`git ${args.slice(0, 2).join(" ")} failed: ${lastLines(asked.stderr)}`);
}

/** What is installed is not in git; another folder borrows it. */
export function borrowModules(from: string, to: string): void {
  const theirs = join(from, "node_modules");
  const ours = join(to, "node_modules");
  if (existsSync(theirs) && existsSync(to) && !existsSync(ours)) symlinkSync(theirs, ours, "dir");
}

export function lastLines(text: string): string {
  return text.trim().split("\n").slice(-3).join("\n");
}
