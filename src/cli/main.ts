#!/usr/bin/env node
// The command line: finds the command's file, hands over, and turns whatever comes back into an exit code.
// A command's code is loaded only when that command is asked for, so that the tool starts quickly.
import { Command, CommanderError } from "commander";
import { UsageError } from "../base/usage-error.js";
import { configIn, configured } from "./config.js";
import { ExitCode, exitCodeOf, explain } from "./exit-codes.js";
import { packageRoot, version } from "../explore/package.js";
import { staleBuild } from "./stale-build.js";
import { didYouMean } from "../base/suggest.js";

/** Every command, in the order in which help lists them. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import("./run.js")).runCommand(),
  replay: async () => (await import("./replay.js")).replayCommand(),
  shrink: async () => (await import("./shrink.js")).shrinkCommand(),
  view: async () => (await import("./view.js")).viewCommand(),
  check: async () => (await import("./check.js")).checkCommand(),
  bisect: async () => (await import("./bisect.js")).bisectCommand(),
  failures: async () => (await import("./failures.js")).failuresCommand(),
  merge: async () => (await import("./merge.js")).mergeCommand(),
  diff: async () => (await import("./diff.js")).diffCommand(),
  compare: async () => (await import("./compare.js")).compareCommand(),
  zoo: async () => (await import("./zoo.js")).zooCommand(),
  sessions: async () => (await import("./sessions.js")).sessionsCommand(),
  conformance: async () => (await import("./conformance.js")).conformanceCommand(),
  host: async () => (await import("./host.js")).hostCommand(),
  bench: async () => (await import("./bench.js")).benchCommand(),
};

async function main(args: readonly string[]): Promise<void> {
  const program = new Command("multiraft-sim")
    .description("Deterministic simulation and property testing for a replicated session state machine.")
    .version(version(), "-V, --version")
    .showHelpAfterError("(add --help for what there is)")
    .exitOverride()
    .addHelpText("after", "\nExample:\n  $ npx multiraft-sim run --seeds 50\n");
  const asked = args.find((arg) => !arg.startsWith("-"));
  const make = asked === undefined ? undefined : commands[asked];
  if (make !== undefined) {
    program.addCommand(settled(await make()));
  } else {
    if (asked !== undefined && asked !== "help") {
      throw new UsageError(`there is no command "${asked}"`, didYouMean(asked, Object.keys(commands)));
    }
    // Only the version is asked for: no command has a say in that, and loading them takes most of the time.
    const others = args[0] === "-V" || args[0] === "--version" ? [] : Object.values(commands);
    for (const one of others) program.addCommand(settled(await one()));
  }
  await program.parseAsync([...args], { from: "user" });
}

/** Fills in the project's settings, and makes misuse of a command an exception here rather than the end of the process. */
function settled(command: Command): Command {
  configured(command, Object.keys(commands), () => configIn(process.cwd()));
  for (const one of [command, ...command.commands]) {
    one.exitOverride().configureOutput({ outputError: () => undefined });
  }
  return command;
}

// Who reads the results may stop reading (`… | head`): that ends the work, and is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(process.exitCode === ExitCode.ok ? ExitCode.interrupted : process.exitCode);
});

try {
  process.exitCode = ExitCode.ok;
  const stale = staleBuild(packageRoot);
  if (stale !== undefined) process.stderr.write(`${stale}\n`);
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0) {
      const message = error.message.replace(/^error: /, "");
      process.stderr.write(`error: ${message}\n       --help lists what the command takes.\n`);
      process.exitCode = ExitCode.usage;
    }
  } else {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
