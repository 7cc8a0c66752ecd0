// `multiraft-sim conformance`: the questions that a machine must answer before it is simulated, and how it answered.
import { Command, Option } from "commander";
import { interview, type Answered, type Interview } from "../adapter/conformance.js";
import { contestantFrom } from "./contestants.js";
import { ExitCode } from "./exit-codes.js";
import { TOOL } from "../explore/package.js";

interface ConformanceOptions {
  readonly fsm: string;
  readonly bug?: string;
  readonly format: "pretty" | "json" | "markdown";
}

export function conformanceCommand(): Command {
  return new Command("conformance")
    .description("asks a machine the questions that it must answer before it is simulated")
    .option("--fsm <machine>", "who is asked: reference, a module, or exec:<command line>", "reference")
    .option("--bug <name>", "one of the zoo instead, which lives in the fsm")
    .addOption(
      new Option("--format <format>", "how the answers are printed")
        .choices(["pretty", "json", "markdown"])
        .default("pretty"),
    )
    .addHelpText("after", "\nExample:\n  $ npx multiraft-sim conformance --fsm 'exec:./my-machine --stdio'\n")
    .action(async (options: ConformanceOptions) => {
      const loaded = await contestantFrom(options);
      try {
        const result = interview(loaded.contestant.machine);
        process.stdout.write(printed(result, options));
        process.exitCode = result.questions.every(({ passed }) => passed) ? ExitCode.ok : ExitCode.unfit;
      } finally {
        loaded.close();
      }
    });
}

function printed(result: Interview, options: ConformanceOptions): string {
  switch (options.format) {
    case "pretty":
      return pretty(result, options);
    case "json":
      return `${JSON.stringify(result, null, 2)}\n`;
    case "markdown":
      return markdown(result);
  }
}

function pretty(result: Interview, options: ConformanceOptions): string {
  const lines: string[] = [];
  for (const { section, asked, expected, got, hint } of failed(result)) {
    lines.push(`SPEC ${section}: ${asked}`, `  expected  ${expected}`, `  got       ${indented(got)}`, `  ${hint}`, "");
  }
  for (const [lacks, count] of notAsked(result)) lines.push(`not asked: ${count} about ${lacks}, which it lacks`);
  lines.push(summary(result));
  if (failed(result).length > 0) lines.push(again(options));
  return `${lines.join("\n")}\n`;
}

function markdown(result: Interview): string {
  const rows = result.questions.map(
    ({ section, asked, expected, got, passed }) =>
      `| ${section} | ${cell(asked)} | ${cell(expected)} | ${passed ? "the same" : cell(got)} | ${passed ? "yes" : "**no**"} |`,
  );
  const missing = notAsked(result).map(([lacks, count]) => `- not asked: ${count} about ${lacks}, which it lacks`);
  const head = [
    `# Conformance of \`${result.machine}\``,
    "",
    summary(result),
    "",
    ...missing,
    ...(missing.length > 0 ? [""] : []),
  ];
  return `${[...head, "| SPEC | asked | expected | got | passed |", "|---|---|---|---|---|", ...rows].join("\n")}\n`;
}

function failed({ questions }: Interview): readonly Answered[] {
  return questions.filter(({ passed }) => !passed);
}

function notAsked(result: Interview): readonly (readonly [lacks: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { lacks } of result.notAsked) counts.set(lacks, (counts.get(lacks) ?? 0) + 1);
  return [...counts];
}

function summary(result: Interview): string {
  const wrong = failed(result).length;
  const asked = result.questions.length;
  return wrong === 0
    ? `${result.machine} answers all ${asked} questions as it must`
    : `${result.machine} answers ${wrong} of ${asked} questions otherwise than it must`;
}

function again({ fsm, bug }: ConformanceOptions): string {
  return `again  npx ${TOOL} conformance --fsm '${fsm}'${bug === undefined ? "" : ` --bug ${bug}`}`;
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n            ");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", "<br>");
}
