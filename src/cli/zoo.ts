// `multiraft-sim zoo`: every bug of the zoo is put in and hunted, from several starts. It proves that each property bites,
// and says after how many seeds. The hunting is done by workers, the table is printed by report/zoo.ts.
import { availableParallelism } from "node:os";
import { Command, Option } from "commander";
import type { Bug } from "../../bugs/bug.js";
import { bugs } from "../../bugs/index.js";
import { UsageError } from "../base/usage-error.js";
import { didYouMean } from "../base/suggest.js";
import { catalogue } from "../checker/catalogue.js";
import type { Hunt, Hunted } from "../explore/hunt.js";
import { huntAll } from "../explore/hunters.js";
import { version } from "../explore/package.js";
import { scenarioFrom } from "../explore/scenarios.js";
import { rowOf } from "../explore/zoo.js";
import { ExitCode, worst } from "./exit-codes.js";
import { hearInterruption } from "./interruption.js";
import { wholeNumber } from "./numbers.js";
import { printZoo, type ZooFormat, ZOO_FORMATS, type ZooOutcome } from "./report/zoo.js";
import type { ZooTask } from "./zoo-worker.js";

interface ZooOptions {
  readonly quick?: boolean;
  readonly seeds?: string;
  readonly jobs?: string;
  readonly format: ZooFormat;
  readonly exhaustive?: boolean;
  readonly depth?: string;
}

/** What is asked of the zoo, checked. */
export interface ZooSettings {
  readonly bugs: readonly Bug[];
  readonly starts: number;
  /** Seeds from each start, at most. */
  readonly seeds: number;
  readonly jobs: number;
  readonly format: ZooFormat;
  /** One start each, and no catch is made as small as it goes. */
  readonly quick: boolean;
}

const STARTS = 5;
const SEEDS = 300;
/** From one start to the next. */
const STRIDE = 100_000n;
/** One seed takes milliseconds; one that takes so long never ends. */
const PATIENCE = 60_000;

const examples = `
Examples:
  $ npx multiraft-sim zoo --quick                    one start for each bug: what npm test does
  $ npx multiraft-sim zoo purge-forgets no-dedup     two of them, five starts each
  $ npx multiraft-sim zoo --exhaustive               those of the machine, in short histories, without a seed
  $ npx multiraft-sim zoo --format markdown          the tables of docs/reference/zoo.md
`;

export function zooCommand(): Command {
  return new Command("zoo")
    .description("puts every bug of the zoo in, and says which properties catch it after how many seeds")
    .argument("[bug...]", "names of bugs (default: all)")
    .option("--quick", "one start for each bug instead of five, and nothing made small")
    .option("--seeds <count>", `how many seeds are tried from a start, at most (default: ${SEEDS})`)
    .option("--jobs <count>", "worker threads (default: one for each processor)")
    .addOption(new Option("--format <format>", "how the table is printed").choices(ZOO_FORMATS).default("pretty"))
    .option(
      "--exhaustive",
      "no seeds: bugs of the machine in every short history, as run --exhaustive goes through them",
    )
    .option("--depth <entries>", "with --exhaustive: entries of a history, at most (default: 4)")
    .addHelpText("after", examples)
    .action(async (names: readonly string[], options: ZooOptions) => {
      const settings = zooSettings(names, options);
      if (options.exhaustive !== true) {
        process.exitCode = await visit(settings);
        return;
      }
      const bound = options.depth === undefined ? 4 : wholeNumber(options.depth, "--depth", 1);
      const { visitExhaustively } = await import("./zoo-exhaustive.js");
      process.exitCode = await visitExhaustively(settings.bugs, bound, settings.format);
    });
}

/** What was asked for, as settings. Throws a UsageError where that makes no sense. */
export function zooSettings(names: readonly string[], options: ZooOptions): ZooSettings {
  const known = bugs.map(({ name }) => name);
  for (const name of names) {
    if (!known.includes(name)) throw new UsageError(`the zoo has no bug "${name}"`, didYouMean(name, known));
  }
  const quick = options.quick === true;
  if (options.depth !== undefined && options.exhaustive !== true) throw new UsageError("--depth needs --exhaustive");
  return {
    bugs: names.length === 0 ? bugs : bugs.filter(({ name }) => names.includes(name)),
    starts: quick ? 1 : STARTS,
    seeds: options.seeds === undefined ? SEEDS : wholeNumber(options.seeds, "--seeds", 1),
    jobs: options.jobs === undefined ? availableParallelism() : wholeNumber(options.jobs, "--jobs", 1),
    format: options.format,
    quick,
  };
}

async function visit(settings: ZooSettings): Promise<ExitCode> {
  const begin = performance.now();
  const interruption = hearInterruption();
  try {
    const hunted = await huntThem(settings, () => interruption.heard);
    const rows = settings.bugs.flatMap((bug) => {
      const mine = hunted.filter(({ hunt }) => hunt.bug === bug.name);
      return mine.length < settings.starts ? [] : [rowOf(bug, mine)];
    });
    const outcome: ZooOutcome = {
      rows,
      properties: catalogue.map(({ name }) => name),
      ourBugs: hunted.flatMap(({ hunt, ourBug }) => (ourBug === undefined ? [] : [`${hunt.bug}: ${ourBug}`])),
      whole: rows.length === bugs.length,
      quick: settings.quick,
      starts: settings.starts,
      seeds: settings.seeds,
      wallSeconds: (performance.now() - begin) / 1000,
    };
    process.stdout.write(printZoo(outcome, settings.format));
    return exitCodeOf(outcome, interruption.heard);
  } finally {
    interruption.forget();
  }
}

async function huntThem(settings: ZooSettings, stop: () => boolean): Promise<Hunted[]> {
  const hunts: Hunt[] = [];
  for (const { name } of settings.bugs) {
    for (let start = 0; start < settings.starts; start++) {
      hunts.push({ bug: name, from: BigInt(start) * STRIDE, seeds: settings.seeds });
    }
  }
  const task: ZooTask = { scenario: scenarioFrom("default"), version: version(), small: !settings.quick };
  let done = 0;
  return huntAll(hunts, {
    size: settings.jobs,
    file: new URL("./zoo-worker.js", import.meta.url),
    data: task,
    patience: PATIENCE,
    stop,
    progress: (hunted) => {
      done += 1;
      process.stderr.write(progressLine(hunted, done, hunts.length));
    },
  });
}

function progressLine({ hunt, caught, ourBug }: Hunted, done: number, all: number): string {
  const escaped = ourBug === undefined ? `got away on ${hunt.seeds} seeds` : `not hunted: ${ourBug}`;
  const came = caught === null ? escaped : `caught on seed ${caught.seed}`;
  if (process.stderr.isTTY !== true) return caught === null ? `${done} of ${all}: ${hunt.bug} ${came}\n` : "";
  return `\r\x1b[K${done} of ${all}: ${hunt.bug} ${came}${caught === null || done === all ? "\n" : ""}`;
}

function exitCodeOf({ rows, ourBugs }: ZooOutcome, interrupted: boolean): ExitCode {
  const codes: ExitCode[] = [];
  if (ourBugs.length > 0) codes.push(ExitCode.ourBug);
  if (rows.some((row) => row.escapes > 0)) codes.push(ExitCode.broken);
  if (interrupted) codes.push(ExitCode.interrupted);
  return worst(codes);
}
