// `multiraft-sim compare`: the release gate. What was asked for becomes subjects and a crew of workers; what came of it is
// printed by report/compare.ts.
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { UsageError } from "../base/usage-error.js";
import { type Accepted, readAccepted } from "../compare/accepted.js";
import { crewOf } from "../compare/crew.js";
import { type GateOutcome, runGate } from "../compare/gate.js";
import type { Subject, UpgradeRef } from "../compare/job.js";
import { snapshotFiles } from "../compare/released-snapshots.js";
import { scenarioFrom, scenarioNames } from "../explore/scenarios.js";
import { parseSeed } from "../explore/seeds.js";
import { installTraps } from "../explore/traps.js";
import { UnfitError } from "../protocol/machine-errors.js";
import type { Repertoire, Scenario } from "../sim/scenario.js";
import { reasonOf } from "../trace/disk.js";
import { loadTrace, saveTrace } from "../trace/file.js";
import { type MachineSource, sourceOf } from "./compared-machines.js";
import type { CompareTask } from "./compare-worker.js";
import { ExitCode, worst } from "./exit-codes.js";
import { hearInterruption } from "./interruption.js";
import { counted, durationMillis, wholeNumber } from "./numbers.js";
import { COMPARE_FORMATS, type CompareFormat, printCompare, smallestOf, traceNameOf } from "./report/compare.js";

interface CompareOptions {
  readonly baseline: string;
  readonly candidate: string;
  readonly seeds?: string;
  readonly firstSeed: string;
  readonly upgrades?: string;
  readonly upgrade: boolean;
  readonly traces?: string | false;
  readonly log: readonly string[];
  readonly snapshots?: string;
  readonly accept?: string;
  readonly timeBound?: string;
  readonly sizeBound: string;
  readonly for?: string;
  readonly jobs?: string;
  readonly bail?: boolean;
  readonly report: string;
  readonly format: CompareFormat;
}

/** What a comparison is to do, checked. */
interface CompareSettings {
  readonly baseline: MachineSource;
  readonly candidate: MachineSource;
  readonly accepted: Accepted;
  readonly scenarios: readonly Scenario[];
  readonly first: bigint;
  readonly seeds: number;
  readonly upgrades: number;
  readonly traces: readonly string[];
  readonly logs: readonly string[];
  readonly snapshots: readonly string[];
  readonly timeBound: number | null;
  readonly sizeBound: number;
  readonly carries: boolean;
  readonly forMillis: number | undefined;
  readonly jobs: number;
  readonly bail: boolean;
  readonly report: string;
  readonly format: CompareFormat;
}

const SEEDS = 500;
/** One upgrade for so many seeds. */
const UPGRADE_EVERY = 5;
const MOST_SMALL = 20;
/** A machine that makes no call for so long hangs. */
const PATIENCE = 30_000;
/** Time is measured over so many seeds. */
const MEASURED = 20;

const examples = `
Examples:
  $ npx multiraft-sim compare --candidate ./my-fsm.ts                      against the reference machine
  $ npx multiraft-sim compare --baseline git:v1.2 --candidate reference    what changed since that tag?
  $ npx multiraft-sim compare --candidate bug:no-dedup --seeds 50          see the gate shut
  $ npx multiraft-sim compare all --seeds 50 --baseline exec:./fsm-1.2 --candidate exec:./fsm-1.3 \\
        --log production.log --snapshots released/ --accept accepted.txt --format markdown
`;

export function compareCommand(): Command {
  const many = (value: string, before: readonly string[]): string[] => [...before, value];
  return new Command("compare")
    .description("the release gate: what does a change to the state machine change?")
    .argument("[scenario...]", 'scenarios by name or path, or "all" (default: default)')
    .option(
      "--baseline <machine>",
      "what is released: reference, a module, exec:…, bug:<name> or git:<ref>",
      "reference",
    )
    .requiredOption("--candidate <machine>", "what is to be released: the same")
    .option("--seeds <count>", `how many seeds of each scenario (default: ${SEEDS})`)
    .option("--first-seed <seed>", "where the seeds start", "0")
    .option("--upgrades <count>", "how many rolling upgrades of each scenario (default: a fifth of the seeds)")
    .option("--no-upgrade", "the two never meet: no upgrades, and no saved states of the one for the other")
    .option("--traces <folder>", "traces whose calls both get (default: traces/, if it is there)")
    .option("--no-traces", "no traces")
    .option("--log <file>", "a recorded log of length-delimited CommandInput; may be given again", many, [])
    .option("--snapshots <folder>", "saved states of released versions, files *.bin, which the candidate must take")
    .option("--accept <file>", "changes that are meant, a reason each")
    .option("--size-bound <ratio>", "a saved state may have so many times the bytes", "1.5")
    .option("--time-bound <ratio>", "an entry may take so many times as long (default: nobody measures)")
    .option("--for <span>", "begin nothing new after so long: 90s, 10m, 8h")
    .option("--jobs <count>", "worker threads (default: one for each processor)")
    .option("--bail", "stop at the first play with a difference that is not accepted")
    .option("--report <folder>", "where the smallest logs are kept, as traces", join(".multiraft-sim", "compare"))
    .addOption(new Option("--format <format>", "how the result is printed").choices(COMPARE_FORMATS).default("pretty"))
    .addHelpText("after", examples)
    .action(async (scenarios: readonly string[], options: CompareOptions) => {
      // Before anything else: a machine's module that is loaded later may keep what it finds.
      const clock = performance.now.bind(performance);
      installTraps();
      process.exitCode = await compare(await settingsOf(scenarios, options), clock);
    });
}

async function settingsOf(names: readonly string[], options: CompareOptions): Promise<CompareSettings> {
  const seeds = options.seeds === undefined ? SEEDS : wholeNumber(options.seeds, "--seeds", 0);
  const upgrades = options.upgrades === undefined ? undefined : wholeNumber(options.upgrades, "--upgrades", 0);
  const named = names.length === 0 ? ["default"] : names.flatMap((name) => (name === "all" ? scenarioNames() : [name]));
  // Said before anything is built. What stands in a file may lean on what the baseline brings along.
  for (const name of named) if (!/\.json$|[\\/]/.test(name)) scenarioFrom(name);
  const settings = {
    accepted: options.accept === undefined ? new Map<string, string>() : readAccepted(options.accept),
    first: parseSeed(options.firstSeed),
    seeds,
    upgrades: options.upgrade ? (upgrades ?? Math.ceil(seeds / UPGRADE_EVERY)) : 0,
    traces: tracesIn(options.traces),
    logs: options.log.map(there),
    snapshots: options.snapshots === undefined ? [] : snapshotFiles(options.snapshots),
    timeBound: options.timeBound === undefined ? null : ratio(options.timeBound, "--time-bound"),
    sizeBound: ratio(options.sizeBound, "--size-bound"),
    carries: options.upgrade,
    forMillis: options.for === undefined ? undefined : durationMillis(options.for, "--for"),
    jobs: options.jobs === undefined ? availableParallelism() : wholeNumber(options.jobs, "--jobs", 1),
    bail: options.bail === true,
    report: options.report,
    format: options.format,
  };
  // Last, since it may take a build.
  const baseline = sourceOf(options.baseline, "--baseline");
  const candidate = sourceOf(options.candidate, "--candidate");
  const own = await ownOf(baseline);
  return { ...settings, baseline, candidate, scenarios: named.map((name) => scenarioFrom(name, own)) };
}

/** What the baseline brings along: services of a user's own, as clients use them. Only a module has any. */
async function ownOf(source: MachineSource): Promise<Repertoire> {
  if (!/\.[mc]?[jt]s$/.test(source.spec) || source.spec.startsWith("exec:")) return {};
  const { loadSource } = await import("./compared-machines.js");
  const { contestant, close } = await loadSource(source, 0);
  close();
  return contestant;
}

function ratio(text: string, option: string): number {
  const value = Number(text);
  if (/^[0-9]+(\.[0-9]+)?$/.test(text) && value >= 1) return value;
  throw new UsageError(`${option} ${text}: not a number of at least 1`, "1.5 grants half as much again.");
}

function there(path: string): string {
  if (existsSync(path)) return path;
  throw new UsageError(`--log ${path}: there is no such file`);
}

const TRACES = "traces";

function tracesIn(asked: string | false | undefined): string[] {
  if (asked === false || (asked === undefined && !existsSync(TRACES))) return [];
  const folder = asked ?? TRACES;
  try {
    const names = readdirSync(folder, { recursive: true }) as string[];
    return names
      .filter((name) => name.endsWith(".jsonl"))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    throw new UsageError(
      `--traces ${folder}: the folder can't be read: ${reasonOf(error)}`,
      "Name a folder of traces.",
    );
  }
}

/** Everything that is compared but upgrades: first what is on file, then seeds, at last time. */
function* subjectsOf(settings: CompareSettings): Generator<Subject> {
  const { scenarios, first, seeds, timeBound } = settings;
  for (const path of settings.traces) yield { from: "trace", path };
  for (const path of settings.logs) yield { from: "log", path };
  for (const path of settings.snapshots) yield { from: "snapshot", path };
  for (const scenario of scenarios) {
    const wanted = Math.min(seeds, scenario.seeds ?? seeds);
    for (let at = 0; at < wanted; at++) yield { from: "seed", scenario, seed: first + BigInt(at) };
  }
  if (timeBound === null) return;
  const [scenario] = scenarios as readonly [Scenario];
  yield {
    from: "time",
    plays: Array.from({ length: MEASURED }, (_, at) => ({ from: "seed", scenario, seed: first + BigInt(at) })),
  };
}

function* upgradesOf({ scenarios, first, upgrades }: CompareSettings): Generator<Omit<UpgradeRef, "sameStates">> {
  for (const scenario of scenarios) {
    const wanted = Math.min(upgrades, scenario.seeds ?? upgrades);
    for (let at = 0; at < wanted; at++) yield { from: "upgrade", scenario, seed: first + BigInt(at) };
  }
}

async function compare(settings: CompareSettings, clock: () => number): Promise<ExitCode> {
  const begin = clock();
  // A torn trace is said at once, not by a worker.
  for (const path of settings.traces) loadTrace(path);
  const { baseline, candidate, accepted, sizeBound, timeBound, carries, jobs } = settings;
  const task: CompareTask = {
    baseline,
    candidate,
    accepted: new Set(accepted.keys()),
    sizeBound,
    timeBound,
    carries,
  };
  const file = new URL("./compare-worker.js", import.meta.url);
  const crew = crewOf({ size: jobs, file, task, patience: PATIENCE });
  const interruption = hearInterruption();
  const late = (): boolean => settings.forMillis !== undefined && clock() - begin > settings.forMillis;
  try {
    const outcome = await runGate({
      subjects: endingWhen(late, subjectsOf(settings)),
      upgrades: endingWhen(late, upgradesOf(settings)),
      accepted,
      crew,
      mostSmall: MOST_SMALL,
      bail: settings.bail,
      stop: () => interruption.heard,
      progress,
      refused: ({ unfit, message, todo }) => (unfit ? new UnfitError(message) : new UsageError(message, todo)),
    });
    keep(outcome, settings.report);
    const wallSeconds = (clock() - begin) / 1000;
    const about = { baseline: baseline.spec, candidate: candidate.spec, report: settings.report, wallSeconds };
    process.stdout.write(printCompare({ ...outcome, ...about }, settings.format));
    return exitCodeOf(outcome);
  } finally {
    if (process.stderr.isTTY === true) process.stderr.write("\r\x1b[K");
    interruption.forget();
    await crew.close();
  }
}

function* endingWhen<Item>(late: () => boolean, items: Iterable<Item>): Generator<Item> {
  for (const item of items) {
    if (late()) return;
    yield item;
  }
}

let shown = 0;

function progress(plays: number, differences: number): void {
  const now = performance.now();
  if (process.stderr.isTTY !== true || now - shown < 100) return;
  shown = now;
  process.stderr.write(`\r\x1b[K${counted(plays, "play")}, ${counted(differences, "difference")}`);
}

/** The smallest logs, as traces that `replay --as log` takes. */
function keep({ differences }: GateOutcome, folder: string): void {
  for (const difference of differences) {
    const small = smallestOf(difference);
    if (small !== null) saveTrace(join(folder, traceNameOf(difference)), small.trace);
  }
}

function exitCodeOf({ differences, stale, lost, interrupted }: GateOutcome): ExitCode {
  const codes: ExitCode[] = [];
  if (interrupted) codes.push(ExitCode.interrupted);
  if (stale.length > 0 && !interrupted) codes.push(ExitCode.usage);
  if (differences.some(({ accepted }) => accepted === null)) codes.push(ExitCode.broken);
  if (lost.length > 0) codes.push(ExitCode.undecided);
  return worst(codes);
}
