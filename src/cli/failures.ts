// `multiraft-sim failures`: the ledger of this project: what failed here and has not passed for good since.
import { existsSync } from "node:fs";
import { Command, Option } from "commander";
import { UsageError } from "../base/usage-error.js";
import { type Case, Ledger, PASSES_TO_FORGET } from "../explore/ledger.js";
import { TOOL } from "../explore/package.js";
import { quoted, whoOf } from "./reproduce.js";
import { counted } from "./numbers.js";

interface FailuresOptions {
  readonly folder?: string;
  readonly format: "pretty" | "json";
}

const examples = `
Examples:
  $ npx multiraft-sim failures                  what failed in this project
  $ npx multiraft-sim failures show 3f2a        one of them: what was seen, and how to see it again
  $ npx multiraft-sim failures forget 3f2a      or --all
`;

export function failuresCommand(): Command {
  const folder = (): Option => new Option("--folder <folder>", "where the cases are (default: .multiraft-sim/cases)");
  const format = (): Option =>
    new Option("--format <format>", "how it is printed").choices(["pretty", "json"]).default("pretty");
  const command = new Command("failures").description("lists, shows or forgets the failures that this project keeps");
  command
    .command("list", { isDefault: true })
    .description("every failure that is kept")
    .addOption(folder())
    .addOption(format())
    .action((options: FailuresOptions) => {
      process.stdout.write(listed(ledgerIn(options).list(), options));
    });
  command
    .command("show")
    .description("one failure")
    .argument("<id>", "its id, or the beginning of it")
    .addOption(folder())
    .addOption(format())
    .action((id: string, options: FailuresOptions) => {
      const ledger = ledgerIn(options);
      process.stdout.write(shown(ledger, ledger.find(id), options));
    });
  command
    .command("forget")
    .description("takes failures out of the ledger")
    .argument("[id...]", "their ids, or the beginnings of them")
    .option("--all", "every one")
    .addOption(folder())
    .action((ids: readonly string[], options: FailuresOptions & { readonly all?: boolean }) => {
      process.stdout.write(forgotten(ledgerIn(options), ids, options.all === true));
    });
  return command.addHelpText("after", examples);
}

function ledgerIn({ folder }: FailuresOptions): Ledger {
  if (folder !== undefined && !existsSync(folder)) throw new UsageError(`there is no folder ${folder}`);
  return new Ledger(folder);
}

function listed(cases: readonly Case[], { format }: FailuresOptions): string {
  if (format === "json") return `${JSON.stringify({ failures: cases }, null, 2)}\n`;
  if (cases.length === 0) return "Nothing is kept: no run in this folder has failed, or what failed passes again.\n";
  const lines = cases.map((one) => `${one.id}  ${one.fingerprint}\n              ${aboutIn(one)}`);
  return `${lines.join("\n")}\n\n${counted(cases.length, "failure")}. The next run here tries them first.\n`;
}

function aboutIn({ fsm, bug, scenario, seed, passed }: Case): string {
  const who = bug === null ? fsm : `${fsm} with ${bug}`;
  const lately = passed === 0 ? "" : `, passed in the last ${counted(passed, "run")} of ${PASSES_TO_FORGET}`;
  return `${who}, ${seed === null ? "" : `seed ${seed} of `}${scenario}${lately}`;
}

function shown(ledger: Ledger, one: Case, { format }: FailuresOptions): string {
  const trace = ledger.tracePath(one.id);
  if (format === "json") return `${JSON.stringify({ ...one, trace }, null, 2)}\n`;
  const who = whoOf(one);
  return [
    one.fingerprint,
    one.says,
    aboutIn(one),
    "",
    `trace    ${trace}`,
    `again    npx ${TOOL} replay ${quoted(trace)}${who}`,
    `smaller  npx ${TOOL} shrink ${quoted(trace)}${who}`,
    "",
  ].join("\n");
}

function forgotten(ledger: Ledger, ids: readonly string[], all: boolean): string {
  if (!all && ids.length === 0) throw new UsageError("which one?", "Give ids, or --all.");
  const cases = all ? ledger.list() : ids.map((id) => ledger.find(id));
  for (const one of cases) ledger.forget(one);
  return `${counted(cases.length, "failure")} forgotten\n`;
}
