// `multiraft-sim check`: judges a history that was recorded elsewhere, of any system.
import { basename } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../base/usage-error.js";
import { readJepsenEdn } from "../checker/history-formats/jepsen-edn.js";
import { readJepsenEtcd } from "../checker/history-formats/jepsen-etcd.js";
import { readJsonLines } from "../checker/history-formats/json-lines.js";
import { readPorcupineKv } from "../checker/history-formats/porcupine-kv.js";
import type { RecordedEvent } from "../checker/history-formats/recorded.js";
import { judgeRecorded, modelNames } from "../checker/history-formats/recorded-models.js";
import type { Judged } from "../checker/history-formats/recorded-models.js";
import type { Limits } from "../checker/linearizability/patience.js";
import { ExitCode } from "./exit-codes.js";
import { answerInWords, answerAsData } from "./check-report.js";
import { readText, writeText } from "../trace/disk.js";

const readers: Readonly<Record<string, (text: string) => readonly RecordedEvent[]>> = {
  jsonl: readJsonLines,
  "jepsen-edn": readJepsenEdn,
  "jepsen-etcd": readJepsenEtcd,
  "porcupine-kv": readPorcupineKv,
};
/** Where the format says what was recorded. */
const modelOfFormat: Readonly<Record<string, string>> = { "jepsen-etcd": "cas-register", "porcupine-kv": "kv" };

interface CheckCommandOptions {
  readonly input?: string;
  readonly model?: string;
  readonly timeLimit?: number;
  readonly memoryLimit?: number;
  readonly maxConfigs?: number;
  readonly format: "pretty" | "json";
  readonly view?: string;
}

export function checkCommand(): Command {
  return new Command("check")
    .description("judges a recorded history: is there a legal order of its operations?")
    .argument("<history>", "the file; - for standard input")
    .addOption(
      new Option("--input <format>", "how it was written down (default: by its name)").choices(Object.keys(readers)),
    )
    .addOption(new Option("--model <model>", "what the object promises").choices([...modelNames]))
    .option("--time-limit <duration>", "give up after this long: 500ms, 30s, 10m", milliseconds)
    .option("--memory-limit <size>", "give up when the search needs more: 512MiB, 2GiB (default: 1GiB)", bytes)
    .option("--max-configs <count>", "give up after so many configurations: the same on every machine", count)
    .addOption(
      new Option("--format <format>", "how the result is printed").choices(["pretty", "json"]).default("pretty"),
    )
    .option("--view <file>", "write a picture of it: one HTML file that needs no network")
    .addHelpText(
      "after",
      "\nExample:\n  $ npx multiraft-sim check --model cas-register testdata/histories/generated/reg_c5_n1000_bad.jsonl\n",
    )
    .action(async (file: string, options: CheckCommandOptions) => {
      const judged = judge(file, options);
      if (options.view !== undefined) await draw(judged, file, options.view);
      const print = options.format === "json" ? answerAsData : answerInWords;
      process.stdout.write(`${print(judged, reproduce(file, options))}\n`);
      process.exitCode = exitCode(judged);
    });
}

function judge(file: string, options: CheckCommandOptions): Judged {
  const text = textOf(file);
  const format = options.input ?? formatOf(file);
  const model = options.model ?? modelOfFormat[format];
  if (model === undefined) {
    throw new UsageError("what was recorded does not say which object it is", `Add --model ${modelNames.join(" | ")}.`);
  }
  const read = readers[format] as (text: string) => readonly RecordedEvent[];
  return judgeRecorded(model, read(text), limits(options));
}

/** The picture's parts are loaded only when one is asked for. */
async function draw(judged: Judged, file: string, output: string): Promise<void> {
  const [{ historyFilm }, { pageWith }] = await Promise.all([
    import("../view/order-film.js"),
    import("../view/page.js"),
  ]);
  writeText(output, pageWith(historyFilm(judged, file === "-" ? "standard input" : basename(file)), null));
}

function textOf(file: string): string {
  return file === "-"
    ? readText(0, "Pipe a recorded history in.", "standard input")
    : readText(file, "Give the path of a recorded history.");
}

function formatOf(file: string): string {
  if (file.endsWith(".jsonl")) return "jsonl";
  if (file.endsWith(".edn")) return "jepsen-edn";
  if (file.endsWith(".log")) return "jepsen-etcd";
  throw new UsageError(
    `${file}: its name does not say how it was written down`,
    `Add --input ${Object.keys(readers).join(" | ")}.`,
  );
}

function limits({ timeLimit, memoryLimit, maxConfigs }: CheckCommandOptions): Limits {
  return {
    now: () => performance.now(),
    ...(timeLimit === undefined ? {} : { time: timeLimit }),
    ...(memoryLimit === undefined ? {} : { memory: memoryLimit }),
    ...(maxConfigs === undefined ? {} : { configurations: maxConfigs }),
  };
}

function exitCode({ answer }: Judged): ExitCode {
  switch (answer.verdict) {
    case "linearizable":
      return ExitCode.ok;
    case "not-linearizable":
      return ExitCode.broken;
    case "undecided":
      return ExitCode.undecided;
  }
}

// The line that shows it again.
function reproduce(file: string, options: CheckCommandOptions): string {
  const parts = ["npx multiraft-sim check"];
  if (options.input !== undefined) parts.push(`--input ${options.input}`);
  if (options.model !== undefined) parts.push(`--model ${options.model}`);
  if (options.timeLimit !== undefined) parts.push(`--time-limit ${options.timeLimit}ms`);
  if (options.memoryLimit !== undefined) parts.push(`--memory-limit ${options.memoryLimit}`);
  if (options.maxConfigs !== undefined) parts.push(`--max-configs ${options.maxConfigs}`);
  return [...parts, /^[\w./-]+$/.test(file) ? file : JSON.stringify(file)].join(" ");
}

function milliseconds(text: string): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[parts?.[2] ?? ""];
  if (parts === null || unit === undefined)
    throw new InvalidArgumentError("It is a number and a unit: 500ms, 30s, 10m.");
  return Number(parts[1]) * unit;
}

function bytes(text: string): number {
  const parts = /^(\d+(?:\.\d+)?)\s*(|B|KiB|MiB|GiB|KB|MB|GB)$/.exec(text);
  const units: Record<string, number> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, KB: 1e3, MB: 1e6, GB: 1e9 };
  if (parts === null) throw new InvalidArgumentError("It is a number and a unit: 512MiB, 2GiB.");
  return Number(parts[1]) * (units[parts[2] as string] ?? 1);
}

function count(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) === 0) throw new InvalidArgumentError("It is a whole number from 1.");
  return Number(text);
}
