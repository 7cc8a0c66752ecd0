// `multiraft-sim view`: a trace as a picture, one HTML file that opens anywhere. Plays nothing; the judge reads the lines again.
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { Command } from "commander";
import { UsageError } from "../base/usage-error.js";
import { loadTrace } from "../trace/file.js";
import { pictureOf } from "../view/page.js";

interface ViewOptions {
  readonly output?: string;
  readonly salvage?: boolean;
}

const examples = `
Examples:
  $ npx multiraft-sim run --seed 7 --trace seed-7.jsonl
  $ npx multiraft-sim view seed-7.jsonl                     writes seed-7.html
  $ npx multiraft-sim view seed-7.jsonl -o picture.html
`;

export function viewCommand(): Command {
  return new Command("view")
    .description("makes a picture of a trace: one HTML file that needs no network")
    .argument("<trace>", "a trace file")
    .option("-o, --output <file>", "where the picture goes (default: the trace's name with .html, in this folder)")
    .option("--salvage", "take the good part of a torn trace")
    .addHelpText("after", examples)
    .action((path: string, options: ViewOptions) => {
      const trace = loadTrace(path, { salvage: options.salvage === true });
      const name = basename(path).replace(/\.jsonl$/, "");
      const output = options.output ?? `${name}.html`;
      writePage(output, pictureOf(trace, { name }));
      process.stdout.write(`${output}\n`);
    });
}

/** Writes a page, or says why it can't be written. */
export function writePage(path: string, html: string): void {
  try {
    writeFileSync(path, html);
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`, "Name a file in a folder that can be written.");
  }
}
