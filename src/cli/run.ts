// `multiraft-sim run`: explores seeds. What was asked for becomes settings here; run-exploration.ts does it.
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { Command, Option } from "commander";
import { UsageError } from "../base/usage-error.js";
import { mustKnowOf, ownInWords } from "../explore/own.js";
import { parseSeed, type SeedRange } from "../explore/seeds.js";
import { installTraps } from "../explore/traps.js";
import type { Repertoire, Scenario } from "../sim/scenario.js";
import { configIn } from "./config.js";
import type { ExitCode } from "./exit-codes.js";
import type { ExhaustiveSettings } from "./exhaustive.js";
import { readKnown } from "./known.js";
import { durationMillis, wholeNumber } from "./numbers.js";
import { PROFILES, profileFrom } from "./profiles.js";
import { version } from "../explore/package.js";
import { FORMATS, type Format } from "./report/format.js";
import { shardFrom } from "./shard.js";
import { scenarioFrom } from "../explore/scenarios.js";

interface RunOptions {
  readonly seed?: string;
  readonly seeds?: string;
  readonly firstSeed?: string;
  readonly for?: string;
  readonly jobs?: string;
  readonly shard?: string;
  readonly profile: string;
  readonly scenario?: string;
  readonly report?: string;
  readonly shrinkFor?: string;
  readonly trace?: string;
  readonly format: Format;
  readonly bail?: boolean;
  readonly known?: string;
  readonly fsm: string;
  readonly bug?: string;
  readonly madeBy?: string;
  readonly ledger?: boolean;
  readonly exhaustive?: boolean;
  readonly depth?: string;
  readonly guided?: boolean;
  readonly untilStable?: string;
}

/** What a run is to do, checked. */
export interface RunSettings {
  readonly scenario: Scenario;
  /** As it was asked for: a name, or a path. */
  readonly scenarioAsked: string;
  readonly range: SeedRange;
  /** Milliseconds of wall clock after which no new seeds are begun. */
  readonly forMillis: number | undefined;
  readonly jobs: number;
  readonly profile: string;
  readonly report: string | undefined;
  /** For so long failures are made small for the report folder. Milliseconds; 0: they are not. */
  readonly shrinkMillis: number;
  readonly trace: string | undefined;
  readonly format: Format;
  readonly bail: boolean;
  /** Whether what seeds reach decides which come next. */
  readonly guided: boolean;
  /** Stop when so many seeds in a row reached nothing new. */
  readonly untilStable: number | undefined;
  /** Reasons, by the fingerprints of failures that are known and open. */
  readonly known: ReadonlyMap<string, string>;
  /** Whether the failures that the project keeps are tried first, and new ones kept. */
  readonly ledger: boolean;
  readonly contestant: { readonly fsm: string; readonly bug?: string };
}

const examples = `
--made-by stands in the lines that reports print: the version that they come from. Another one says that it is another.

Examples:
  $ npx multiraft-sim run                               500 seeds of the default scenario
  $ npx multiraft-sim run --bug purge-forgets           break it and watch
  $ npx multiraft-sim run --seed 7 --trace seed-7.jsonl one seed, its trace kept
  $ npx multiraft-sim run --first-seed random --for 10m --format json
  $ npx multiraft-sim run lock --exhaustive --depth 4   every history of up to 4 entries around a lock
`;

export function runCommand(): Command {
  return new Command("run")
    .description("explores seeds: draws, plays and judges a run for each")
    .argument("[scenario]", "a scenario's name, or a .json file (default: default); with --exhaustive: a subject's")
    .option("--scenario <name>", "the same as the argument")
    .option("--seed <seed>", "one seed: decimal, 0x… or a commit hash of 40 hexadecimal digits")
    .option("--seeds <count>", "how many seeds (default: the scenario's or the profile's number)")
    .option("--first-seed <seed>", 'where the seeds start; "random" draws one and prints it (default: 0)')
    .option("--for <span>", "begin no new seeds after so long: 90s, 10m, 8h")
    .option("--jobs <count>", "worker threads (default: one for each processor)")
    .option(
      "--shard <i/n>",
      "only every n-th seed, beginning with the i-th (default: as CI_NODE_INDEX and CI_NODE_TOTAL say)",
    )
    .option(
      "--profile <name>",
      "how much is tried: quick (50 seeds), default (500), soak (until --for is over), one of the project's settings, or a .json file",
      "default",
    )
    .option(
      "--report <folder>",
      "write the report there: an index, and of each failure trace, smallest run, picture, test",
    )
    .option(
      "--shrink-for <span>",
      'with --report: make failures small for so long, all together (default: 5m); "0" does not',
    )
    .option("--trace <file>", "with --seed: write the run's trace there, also when it passes")
    .addOption(new Option("--format <format>", "how the report is printed").choices(FORMATS).default("pretty"))
    .option("--bail", "stop at the first seed that fails")
    .option("--known <file>", "failures that are known and open, with a reason each: reported, not red")
    .option(
      "--guided",
      "what was rarely reached decides which seeds come next: fresh ones, and variations of kept ones",
    )
    .option("--until-stable <count>", "stop when so many seeds in a row reached nothing new")
    .option("--exhaustive", "no seeds: every short history of the bare machine, with a restore at every point")
    .option("--depth <entries>", "with --exhaustive: entries of a history, at most (default: 6)")
    .option("--no-ledger", "neither try the failures that this project keeps, nor keep new ones")
    .option("--fsm <machine>", "who stands trial: reference, a module, or exec:<command line>", "reference")
    .option("--bug <name>", "put a bug of the zoo in")
    .addOption(new Option("--made-by <version>", "the version that printed the line being pasted").hideHelp())
    .addHelpText("after", examples)
    .action(async (argument: string | undefined, options: RunOptions) => {
      // Before anything else: a machine's module that is loaded later may keep what it finds.
      installTraps();
      if (options.exhaustive === true) {
        const { runExhaustive } = await import("./exhaustive.js");
        process.exitCode = await runExhaustive(exhaustiveSettings(argument, options));
        return;
      }
      warnOfOtherVersion(options.madeBy);
      process.exitCode = await run(argument, options);
    });
}

/** Loads whoever stands trial, since a scenario may name what its module defines; then explores. */
export async function run(argument: string | undefined, options: RunOptions): Promise<ExitCode> {
  const { contestantFrom } = await import("./contestants.js");
  const asked = { fsm: options.fsm, ...(options.bug === undefined ? {} : { bug: options.bug }) };
  const loaded = await contestantFrom(asked);
  try {
    const settings = settingsOf(argument, options, loaded.contestant);
    mustKnowOf(loaded.contestant, settings.scenario);
    const along = ownInWords(loaded.contestant);
    if (along !== "") process.stderr.write(`${options.fsm} brings along the ${along}\n`);
    const { runExploration } = await import("./run-exploration.js");
    return await runExploration(settings, loaded.contestant);
  } finally {
    loaded.close();
  }
}

/** What was asked of an exhaustive run. Throws a UsageError where that makes no sense. */
function exhaustiveSettings(argument: string | undefined, options: RunOptions): ExhaustiveSettings {
  for (const name of ["seed", "seeds", "firstSeed", "shard", "trace"] as const) {
    if (options[name] === undefined) continue;
    const flag = name === "firstSeed" ? "first-seed" : name;
    throw new UsageError(`--exhaustive and --${flag} contradict each other`, "It tries everything, without a seed.");
  }
  return {
    subject: argument ?? options.scenario,
    bound: options.depth === undefined ? 6 : wholeNumber(options.depth, "--depth", 1),
    forMillis: options.for === undefined ? undefined : durationMillis(options.for, "--for"),
    jobs: options.jobs === undefined ? availableParallelism() : wholeNumber(options.jobs, "--jobs", 1),
    report: options.report,
    format: options.format,
    bail: options.bail === true,
    known: options.known === undefined ? new Map() : readKnown(options.known),
    contestant: { fsm: options.fsm, ...(options.bug === undefined ? {} : { bug: options.bug }) },
  };
}

/** A seed means what it meant only to the version that drew it: another one may draw otherwise. */
export function warnOfOtherVersion(madeBy: string | undefined): void {
  if (madeBy === undefined || madeBy === version()) return;
  process.stderr.write(
    `This line was printed by version ${madeBy}; version ${version()} may draw another run from it.\n`,
  );
}

/** What was asked for, as settings. Throws a UsageError where that makes no sense. */
export function settingsOf(argument: string | undefined, asked: RunOptions, own: Repertoire = {}): RunSettings {
  const options = withProfile(asked);
  if (argument !== undefined && options.scenario !== undefined && argument !== options.scenario) {
    throw new UsageError(`two scenarios: ${argument} and ${options.scenario}`, "Name one.");
  }
  if (options.depth !== undefined) throw new UsageError("--depth needs --exhaustive", "A seed draws how long it is.");
  const scenarioAsked = argument ?? options.scenario ?? "default";
  if (options.trace !== undefined && options.seed === undefined) {
    throw new UsageError("--trace needs --seed", "A trace is of one seed; --report keeps those of all that fail.");
  }
  const range = rangeOf(options);
  for (const name of ["guided", "untilStable"] as const) {
    if (options[name] === undefined || (options.seed === undefined && range.shard.of === 1)) continue;
    const flag = name === "guided" ? "--guided" : "--until-stable";
    throw new UsageError(`${flag} with one seed or a shard`, "It needs to see what all seeds reach.");
  }
  const scenario = scenarioFrom(scenarioAsked, own);
  return {
    scenario,
    scenarioAsked,
    range: { ...range, count: range.count ?? countOf(options, scenario) },
    forMillis: options.for === undefined ? undefined : durationMillis(options.for, "--for"),
    jobs: options.jobs === undefined ? availableParallelism() : wholeNumber(options.jobs, "--jobs", 1),
    profile: options.profile,
    report: options.report,
    shrinkMillis: shrinkMillis(options),
    trace: options.trace,
    format: options.format,
    bail: options.bail === true,
    guided: options.guided === true,
    untilStable: options.untilStable === undefined ? undefined : wholeNumber(options.untilStable, "--until-stable", 1),
    known: options.known === undefined ? new Map() : readKnown(options.known),
    ledger: options.ledger !== false && options.seed === undefined,
    contestant: { fsm: options.fsm, ...(options.bug === undefined ? {} : { bug: options.bug }) },
  };
}

/** What the profile says of seeds and time, where the command line says nothing of either. */
function withProfile(options: RunOptions): RunOptions {
  const profile = profileFrom(options.profile, configIn(process.cwd()).profiles);
  const { seeds, firstSeed, for: span } = profile;
  if (options.seed !== undefined) return options;
  const first = options.firstSeed ?? firstSeed;
  const open = options.seeds === undefined && options.for === undefined && profile !== PROFILES[options.profile];
  return {
    ...options,
    ...(first === undefined ? {} : { firstSeed: first }),
    ...(open && seeds !== undefined ? { seeds: `${seeds}` } : {}),
    ...(open && span !== undefined ? { for: span } : {}),
  };
}

/** How many seeds, where no number was given: until the time is over, what the scenario wants, or what the profile says. */
function countOf(options: RunOptions, scenario: Scenario): number {
  if (options.untilStable !== undefined) return Number.POSITIVE_INFINITY;
  if (options.for !== undefined) return Number.POSITIVE_INFINITY;
  return scenario.seeds ?? PROFILES[options.profile]?.seeds ?? Number.POSITIVE_INFINITY;
}

function rangeOf(options: RunOptions): Omit<SeedRange, "count"> & { readonly count: number | undefined } {
  const { seed, seeds, firstSeed } = options;
  if (seed !== undefined) {
    const others = { "--seeds": seeds, "--first-seed": firstSeed, "--for": options.for, "--shard": options.shard };
    const other = Object.entries(others).find(([, given]) => given !== undefined)?.[0];
    if (other !== undefined)
      throw new UsageError(`--seed and ${other} contradict each other`, "--seed is for one seed.");
    return { first: parseSeed(seed), count: 1, shard: { index: 1, of: 1 } };
  }
  const { shard, from } = shardFrom(options.shard, process.env);
  if (from !== undefined) process.stderr.write(`shard ${shard.index}/${shard.of}, as ${from} say\n`);
  return {
    first: firstSeed === "random" ? randomSeed(shard.of) : parseSeed(firstSeed ?? "0"),
    count: seeds === undefined ? undefined : wholeNumber(seeds, "--seeds", 1),
    shard,
  };
}

const SHRINK_FOR = "5m";

function shrinkMillis({ report, shrinkFor }: RunOptions): number {
  if (report === undefined && shrinkFor !== undefined) {
    throw new UsageError("--shrink-for needs --report", "Without a folder, `shrink` makes a failure small.");
  }
  return shrinkFor === "0" ? 0 : durationMillis(shrinkFor ?? SHRINK_FOR, "--shrink-for");
}

/** Small enough to be read out, large enough that two nights don't try the same. Said at once: a run may not come to its end. */
function randomSeed(shards: number): bigint {
  if (shards > 1) {
    throw new UsageError(
      "--first-seed random in a shard: each shard would draw its own",
      "Give all shards one number.",
    );
  }
  const seed = BigInt(randomBytes(6).readUIntBE(0, 6));
  process.stderr.write(`first seed ${seed}\n`);
  return seed;
}
