// `multiraft-sim shrink`: the smallest run that fails in the same way, as a trace, and as a test that can be kept.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { UsageError } from "../base/usage-error.js";
import { TOOL } from "../explore/package.js";
import { scenarioFrom } from "../explore/scenarios.js";
import { parseSeed } from "../explore/seeds.js";
import { installTraps } from "../explore/traps.js";
import { FOUND_BY } from "../shrink/emitted-test.js";
import { Shrinker, type ShrinkProgress } from "../shrink/shrinker.js";
import { type Smallest, smallestOf, targetOf, testOf } from "../shrink/smallest.js";
import { isHang } from "../shrink/target.js";
import { type Plan, readPlan } from "../sim/plan.js";
import { draw, type Repertoire } from "../sim/scenario.js";
import { loadTrace, saveTrace } from "../trace/file.js";
import { ExitCode } from "./exit-codes.js";
import { hearInterruption } from "./interruption.js";
import { durationMillis } from "./numbers.js";
import { warnOfOtherVersion } from "./run.js";
import { whoOf } from "./reproduce.js";
import { shrunkInWords, shrunkJson, type ShrinkOutcome } from "./report/shrunk.js";
import { readText, writeText } from "../trace/disk.js";

interface ShrinkCommandOptions {
  readonly output?: string;
  readonly emitTest?: string;
  readonly scenario: string;
  readonly property?: string;
  readonly fsm?: string;
  readonly bug?: string;
  readonly for: string;
  readonly salvage?: boolean;
  readonly madeBy?: string;
  readonly format: "pretty" | "json";
}

const examples = `
--made-by stands in the lines that reports print: the version that they come from. Another one says that it is another.

Examples:
  $ npx multiraft-sim shrink 4 --bug lock-lifo                          the smallest run that fails as seed 4 does
  $ npx multiraft-sim shrink 4 --bug lock-lifo --emit-test fifo.test.ts a test that fails until the bug is gone
  $ npx multiraft-sim shrink seed-7.jsonl -o small.jsonl
`;

export function shrinkCommand(): Command {
  return new Command("shrink")
    .description("makes a failing run small: the fewest operations and faults that fail in the same way")
    .argument("<trace|seed>", "a trace file, or a seed")
    .option("-o, --output <file>", "where the small trace goes (default: in .multiraft-sim/small)")
    .option("--emit-test <file>", "write a vitest file that fails as the run does")
    .option("--property <name>", "of several broken claims, the one that is to stay broken (default: the first)")
    .option("--scenario <name>", "of a seed: the scenario", "default")
    .option("--fsm <machine>", "who stands trial (default: the one that is recorded)")
    .option("--bug <name>", "put a bug of the zoo in (default: the one that is recorded)")
    .option("--for <span>", "be content with what there is after so long", "60s")
    .option("--salvage", "take the good part of a torn trace")
    .addOption(
      new Option("--format <format>", "how the result is printed").choices(["pretty", "json"]).default("pretty"),
    )
    .addOption(new Option("--made-by <version>", "the version that printed the line being pasted").hideHelp())
    .addHelpText("after", examples)
    .action(async (what: string, options: ShrinkCommandOptions) => {
      // Real time, before the traps may stand in for it.
      const clock = performance.now.bind(performance);
      installTraps();
      warnOfOtherVersion(options.madeBy);
      process.exitCode = await shrinkIt(what, options, clock);
    });
}

/** What is to be made small. */
interface Subject {
  /** The plan; a seed's is drawn with what the contestant brings along. */
  planFor(own: Repertoire): Plan;
  readonly fsm: string;
  readonly bug?: string;
  readonly from: string;
  /** For a file's name. */
  readonly name: string;
}

async function shrinkIt(what: string, options: ShrinkCommandOptions, clock: () => number): Promise<ExitCode> {
  const begin = clock();
  const patience = durationMillis(options.for, "--for");
  if (options.emitTest !== undefined) mustBeOurs(options.emitTest);
  const subject = await subjectOf(what, options);
  const { groundsFor } = await import("./grounds.js");
  const grounds = await groundsFor(subject);
  const interruption = hearInterruption();
  try {
    const plan = subject.planFor(grounds.contestant);
    const target = targetOf(grounds.contestant, plan, options.property, grounds);
    if (isHang(target.fingerprint)) await grounds.hurry();
    const shrinker = new Shrinker(target, plan);
    const enough = (times: number): boolean => interruption.heard || clock() - begin > patience * times;
    await drive(shrinker, () => enough(1), clock);
    // What is left of the time, and half as much again: a short log is what a person reads.
    const smallest = smallestOf(target, shrinker, () => enough(1.5));
    const outcome = await kept(subject, options, smallest, (clock() - begin) / 1000);
    process.stdout.write(options.format === "json" ? shrunkJson(outcome) : shrunkInWords(outcome));
    return interruption.heard ? ExitCode.interrupted : ExitCode.ok;
  } finally {
    interruption.forget();
    grounds.close();
  }
}

async function subjectOf(what: string, options: ShrinkCommandOptions): Promise<Subject> {
  const { fsm, bug } = options;
  if (!existsSync(what) && /^([0-9]+|0x[0-9a-f]+|[0-9a-f]{40})$/i.test(what)) {
    const seed = parseSeed(what);
    const planFor = (own: Repertoire): Plan => draw(scenarioFrom(options.scenario, own), seed, own);
    const from = `seed ${seed} of the scenario ${options.scenario}`;
    return { planFor, from, name: `seed-${seed}`, fsm: fsm ?? "reference", ...(bug === undefined ? {} : { bug }) };
  }
  const trace = loadTrace(what, { salvage: options.salvage === true });
  if (trace.header.terms.played === "log")
    throw new UsageError(`${what} is a log already`, "It has no plan to shrink.");
  const { whoPlayed } = await import("./replay.js");
  const { seed, scenario } = trace.header;
  const from = seed === null ? `a trace of the scenario ${scenario}` : `seed ${seed} of the scenario ${scenario}`;
  const name = seed === null ? "trace" : `seed-${seed}`;
  const plan = readPlan(trace.header.plan);
  return { planFor: () => plan, from, name, ...whoPlayed(trace, options) };
}

/** Lets it work, and the process hear an interruption in between. */
async function drive(shrinker: Shrinker, enough: () => boolean, clock: () => number): Promise<void> {
  const tty = process.stderr.isTTY === true;
  const every = tty ? 100 : 5000;
  let shown = clock();
  let breathed = clock();
  for (const progress of shrinker.run()) {
    const now = clock();
    if (now - shown >= every) {
      shown = now;
      process.stderr.write(tty ? `\r\x1b[K${progressLine(progress)}` : `${progressLine(progress)}\n`);
    }
    if (now - breathed >= 50) {
      breathed = now;
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (enough()) break;
  }
  if (tty) process.stderr.write("\r\x1b[K");
}

function progressLine({ trials, at, size }: ShrinkProgress): string {
  return `${size.operations} operations, ${size.faults} faults after ${trials} plays; taking away ${at}`;
}

/** Puts the trace, and the test that was asked for, where they belong. */
async function kept(
  subject: Subject,
  options: ShrinkCommandOptions,
  smallest: Smallest,
  seconds: number,
): Promise<ShrinkOutcome> {
  const property = smallest.witness.property.replaceAll("/", "-");
  const trace = options.output ?? join(".multiraft-sim", "small", `${property}-${subject.name}.jsonl`);
  saveTrace(trace, smallest.trace);
  const outcome = { smallest, trace, seconds, tool: TOOL, who: whoOf(subject) };
  if (options.emitTest === undefined) return outcome;
  const { bugNamed } = await import("../../bugs/index.js");
  const bug = subject.bug === undefined ? null : (bugNamed(subject.bug) ?? null);
  mustBeOurs(options.emitTest);
  writeText(options.emitTest, testOf(smallest, { fsm: subject.fsm, bug }, subject.from, options.emitTest));
  return { ...outcome, test: options.emitTest };
}

/** A test that was written before may be written anew; whatever else stands there is somebody's work. */
function mustBeOurs(path: string): void {
  const stands = statSync(path, { throwIfNoEntry: false });
  if (stands === undefined) return;
  const todo = `Name another file, or take ${path} away.`;
  if (stands.isFile() && readText(path, todo).startsWith(FOUND_BY)) return;
  throw new UsageError(`--emit-test ${path}: what stands there was not written by shrink`, todo);
}
