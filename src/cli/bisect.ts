// `multiraft-sim bisect`: at which commit of the user's machine does a trace's result change? git does the searching, in a
// worktree of its own in a scratch folder: the user's files are never touched.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, Option } from "commander";
import { borrowModules, commitOf, git, lastLines, repositoryRoot } from "../adapter/repository.js";
import { UsageError } from "../base/usage-error.js";
import { UnfitError } from "../protocol/machine-errors.js";
import { loadTrace } from "../trace/file.js";
import { ExitCode } from "./exit-codes.js";

interface BisectOptions {
  readonly good: string;
  readonly bad: string;
  readonly fsm?: string;
  readonly format: "pretty" | "json";
}

const examples = `
Example:
  $ npx multiraft-sim bisect failing.jsonl --good v1.2 --bad HEAD --fsm ./src/my-fsm.ts
`;

export function bisectCommand(): Command {
  return new Command("bisect")
    .description("finds the commit of your machine at which a trace's result changes")
    .argument("<trace>", "a trace file")
    .requiredOption("--good <ref>", "a commit at which the result was as it should be")
    .requiredOption("--bad <ref>", "a commit at which it is another")
    .option("--fsm <machine>", "the machine, in a folder of the repository (default: the one that is recorded)")
    .addOption(new Option("--format <format>", "how it is printed").choices(["pretty", "json"]).default("pretty"))
    .addHelpText("after", examples)
    .action((trace: string, options: BisectOptions) => {
      process.exitCode = bisect(trace, options);
    });
}

function bisect(path: string, options: BisectOptions): ExitCode {
  const trace = resolve(path);
  const fsm = options.fsm ?? loadTrace(trace, { salvage: true }).header.terms.machine.name;
  if (fsm === "reference" || fsm.startsWith("bug:")) {
    throw new UsageError(`${path} was recorded with the tool's own machine`, "Name yours: --fsm ./my-fsm.ts");
  }
  const root = repositoryRoot("bisect");
  const good = commitOf(root, options.good, "--good");
  const bad = commitOf(root, options.bad, "--bad");
  const scratch = mkdtempSync(join(tmpdir(), "multiraft-sim-bisect-"));
  const tree = join(scratch, "tree");
  try {
    git(root, ["worktree", "add", "--detach", "--quiet", tree, bad]);
    const folder = join(tree, relative(root, realpathSync(process.cwd())));
    borrowModules(root, tree);
    borrowModules(process.cwd(), folder);
    return search({ tree, folder, trace, fsm }, good, bad, options.format);
  } finally {
    spawnSync("git", ["worktree", "remove", "--force", tree], { cwd: root });
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Bench {
  /** The worktree, and the folder in it that stands for the current one. */
  readonly tree: string;
  readonly folder: string;
  readonly trace: string;
  readonly fsm: string;
}

function search(bench: Bench, good: string, bad: string, format: BisectOptions["format"]): ExitCode {
  const atBad = resultAt(bench, bad);
  const atGood = resultAt(bench, good);
  if (atGood === atBad) {
    throw new UsageError(`the result is the same at both commits: ${atGood}`, "Choose --good and --bad further apart.");
  }
  git(bench.tree, ["bisect", "start", bad, good]);
  const asked = spawnSync("git", ["bisect", "run", ...question(bench), atGood], {
    cwd: bench.folder,
    encoding: "utf8",
  });
  const culprits = /only 'skip'ped commits left|cannot bisect more/i.test(asked.stdout) ? null : firstBad(bench);
  if (culprits === null || asked.status !== 0) {
    throw new UnfitError(`between the two commits some can't be tried:\n${lastLines(asked.stdout + asked.stderr)}`);
  }
  if (format === "json") {
    process.stdout.write(`${JSON.stringify({ firstBad: culprits, before: atGood, since: atBad }, null, 2)}\n`);
    return ExitCode.ok;
  }
  const about = git(bench.tree, ["show", "--no-patch", "--format=%h %an, %ad%n    %s", "--date=short", culprits]);
  process.stdout.write(`the first bad commit: ${about.trim()}\n\nbefore  ${atGood}\nsince   ${atBad}\n`);
  return ExitCode.ok;
}

function firstBad({ tree }: Bench): string {
  return git(tree, ["rev-parse", "refs/bisect/bad"]).trim();
}

function question({ trace, fsm }: Bench): string[] {
  return [process.execPath, fileURLToPath(new URL("./bisect-trial.js", import.meta.url)), trace, fsm];
}

function resultAt(bench: Bench, commit: string): string {
  git(bench.tree, ["checkout", "--detach", "--quiet", commit]);
  const [command, ...args] = question(bench);
  if (!existsSync(bench.folder)) throw new UsageError(`at ${commit.slice(0, 12)} this folder is not there yet`);
  const asked = spawnSync(command as string, args, { cwd: bench.folder, encoding: "utf8" });
  if (asked.status === 0) return asked.stdout.trim();
  throw new UnfitError(`at ${commit.slice(0, 12)}: ${lastLines(asked.stderr)}`);
}
