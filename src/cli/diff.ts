// `multiraft-sim diff`: the first difference of two traces, with what led to it.
import { Command, Option } from "commander";
import { firstDifference } from "../trace/diff.js";
import { linesOf, loadTrace } from "../trace/file.js";
import { differenceInWords } from "./difference.js";
import { ExitCode } from "./exit-codes.js";
import { counted } from "./numbers.js";

interface DiffOptions {
  readonly salvage?: boolean;
  readonly format: "pretty" | "json";
}

export function diffCommand(): Command {
  return new Command("diff")
    .description("the first difference of two traces, with what led to it")
    .argument("<trace>", "the one")
    .argument("<other>", "the other")
    .option("--salvage", "compare the good parts of torn traces")
    .addOption(
      new Option("--format <format>", "how the result is printed").choices(["pretty", "json"]).default("pretty"),
    )
    .addHelpText("after", "\nExample:\n  $ npx multiraft-sim diff before.jsonl after.jsonl\n")
    .action((one: string, other: string, { salvage, format }: DiffOptions) => {
      const left = loadTrace(one, { salvage: salvage === true });
      const right = loadTrace(other, { salvage: salvage === true });
      const difference = firstDifference(linesOf(left), linesOf(right));
      const same = difference === undefined;
      if (format === "json") {
        process.stdout.write(`${JSON.stringify({ same, difference: difference ?? null }, null, 2)}\n`);
      } else if (same) {
        process.stdout.write(`same: ${counted(linesOf(left).length, "line")}\n`);
      } else {
        process.stdout.write(`${differenceInWords(difference, left, right, { left: one, right: other })}\n`);
      }
      process.exitCode = same ? ExitCode.ok : ExitCode.broken;
    });
}
