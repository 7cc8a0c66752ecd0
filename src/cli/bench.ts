// `multiraft-sim bench`: measures what the tool costs on this machine and prints it. The measuring itself is in bench/.
import { availableParallelism, cpus } from "node:os";
import { Command, Option } from "commander";
import { type Figure, figuresOf, GROUPS, table } from "../../bench/run.js";
import { UsageError } from "../base/usage-error.js";
import { didYouMean } from "../base/suggest.js";

const groups = Object.entries(GROUPS)
  .map(([name, about]) => `  ${name.padEnd(9)} ${about}`)
  .join("\n");

export function benchCommand(): Command {
  return new Command("bench")
    .description("measures what trials, the machine and the tools cost here: the figures of the README")
    .argument("[group...]", `which figures (default: all): ${Object.keys(GROUPS).join(", ")}`)
    .addOption(new Option("--format <format>", "how they are printed").choices(["pretty", "json"]).default("pretty"))
    .addHelpText(
      "after",
      `\nGroups:\n${groups}\n\nSeconds are those of the processor. Quiet the machine first.\n\nExample:\n  $ npx multiraft-sim bench trials\n`,
    )
    .action(async (names: readonly string[], options: { readonly format: string }) => {
      await bench(names, options.format);
    });
}

async function bench(names: readonly string[], format: string): Promise<void> {
  const known = Object.keys(GROUPS);
  for (const name of names) {
    if (!known.includes(name)) throw new UsageError(`there is no group "${name}"`, didYouMean(name, known));
  }
  const figures: Figure[] = [];
  for (const group of names.length === 0 ? known : names) {
    process.stderr.write(`measuring: ${group}\n`);
    figures.push(...(await measuredOrLeftOut(group)));
  }
  const machine = `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} processors, Node ${process.version}`;
  const printed = format === "json" ? JSON.stringify({ machine, figures }, null, 2) : `${machine}\n\n${table(figures)}`;
  process.stdout.write(`${printed}\n`);
}

// The baseline stands on fast-check, which an installed package may do without.
async function measuredOrLeftOut(group: string): Promise<Figure[]> {
  try {
    return await figuresOf(group, (done) => process.stderr.write(`  ${done}\n`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    process.stderr.write(`  left out: ${(error as Error).message}\n`);
    return [];
  }
}
