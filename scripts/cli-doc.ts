// Writes docs/reference/cli.md from what `--help` says, command by command: the page never says more or less than the tool.
// `npx vitest run scripts/cli-doc.test.ts -u` writes it, after `npm run build`; without `-u` the test says whether it is fresh.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ExitCode } from "../src/cli/exit-codes.js";

const tool = fileURLToPath(new URL("../dist/src/cli/main.js", import.meta.url));

const HEAD = `<!-- Written by scripts/cli-doc.ts. Do not edit: \`npm run build && npx vitest run scripts/cli-doc.test.ts -u\` -->

# The command line

\`npx multiraft-sim <command>\`; each command says what it takes with \`--help\`, which is what stands here.
`;

const MEANINGS: Readonly<Record<keyof typeof ExitCode, string>> = {
  ok: "everything that was to hold held; with 500 seeds or more, everything that the scenario can bring about came up",
  broken: "a property is broken, a trace plays otherwise, the gate is shut, or a bug of the zoo got away",
  usage: "the command line, a file or a setting is wrong: what, where, and what to do is printed",
  undecided: "a budget ran out before an answer, or not everything came up; never counted as a pass",
  unfit: "the machine can't stand trial: it does not start, speaks another protocol, or does not conform",
  ourBug: "a bug of multiraft-sim itself",
  interrupted: "interrupted; what was found until then is kept and reported",
};

/** The page's Markdown. */
export function cliPage(): string {
  const program = help();
  const commands = [...program.matchAll(/^ {2}([a-z]+)(?= .*)/gm)].map(([, name = ""]) => name);
  const parts = commands.filter((name) => name !== "help").map((name) => `## ${name}\n\n${block(help(name))}`);
  return [HEAD, block(program), ...parts, exitCodes()].join("\n\n");
}

function help(...command: string[]): string {
  const env = { ...process.env, COLUMNS: "100", NO_COLOR: "1" };
  return execFileSync(process.execPath, [tool, ...command, "--help"], { encoding: "utf8", env }).trim();
}

function block(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

function exitCodes(): string {
  const rows = Object.entries(ExitCode).map(
    ([name, code]) => `| ${code} | ${MEANINGS[name as keyof typeof ExitCode]} |`,
  );
  return ["## Exit codes", "", "| code | meaning |", "| --: | --- |", ...rows].join("\n");
}
