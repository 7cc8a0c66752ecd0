// `multiraft-sim view`: a trace as a picture, one HTML file that opens anywhere. Plays nothing; the judge reads the lines again.
import { basename } from "node:path";
import { Command } from "commander";
import { benchOf } from "../explore/contestant.js";
import { writeText } from "../trace/disk.js";
import { loadTrace } from "../trace/file.js";
import type { FilmOptions } from "../view/film-of.js";
import { pictureOf } from "../view/page.js";

interface ViewOptions {
  readonly output?: string;
  readonly salvage?: boolean;
  readonly fsm?: string;
}

const examples = `
Examples:
  $ npx multiraft-sim run --seed 7 --trace seed-7.jsonl
  $ npx multiraft-sim view seed-7.jsonl                     writes seed-7.html
  $ npx multiraft-sim view seed-7.jsonl -o picture.html
  $ npx multiraft-sim view seed-7.jsonl --fsm ./machine.ts  with the services and properties that this module defines
`;

export function viewCommand(): Command {
  return new Command("view")
    .description("makes a picture of a trace: one HTML file that needs no network")
    .argument("<trace>", "a trace file")
    .option("-o, --output <file>", "where the picture goes (default: the trace's name with .html, in this folder)")
    .option("--salvage", "take the good part of a torn trace")
    .option("--fsm <machine>", "whose own services and properties are judged and marked, too (default: nobody's)")
    .addHelpText("after", examples)
    .action(async (path: string, options: ViewOptions) => {
      const trace = loadTrace(path, { salvage: options.salvage === true });
      const name = basename(path).replace(/\.jsonl$/, "");
      const output = options.output ?? `${name}.html`;
      writeText(output, pictureOf(trace, { name, ...(await ownOf(options.fsm)) }));
      process.stdout.write(`${output}\n`);
    });
}

/** What a machine's module defines, for the judge. */
async function ownOf(fsm: string | undefined): Promise<Pick<FilmOptions, "models" | "ownProperties">> {
  if (fsm === undefined) return {};
  const { contestantFrom } = await import("./contestants.js");
  const { contestant, close } = await contestantFrom({ fsm });
  close();
  return benchOf(contestant);
}
