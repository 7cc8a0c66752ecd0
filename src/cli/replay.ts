// `multiraft-sim replay`: plays a trace (or a seed) again, says whether the result is the same, and shows what is in it.
import { existsSync } from "node:fs";
import inspector from "node:inspector";
import { Command, Option } from "commander";
import { UsageError } from "../base/usage-error.js";
import { version } from "../explore/package.js";
import { scenarioFrom } from "../explore/scenarios.js";
import { parseSeed } from "../explore/seeds.js";
import { installTraps } from "../explore/traps.js";
import { headerOf } from "../explore/trial.js";
import { firstLineOf, parsePlace } from "../replay/place.js";
import { STOPS } from "../replay/stop.js";
import { draw } from "../sim/scenario.js";
import { loadTrace, type Trace } from "../trace/file.js";
import { ExitCode } from "./exit-codes.js";
import type { Grounds } from "./grounds.js";
import { quoted } from "./reproduce.js";
import { type Outcome, played, printedLines, replayInWords, replayJson, stoppedInWords } from "./report/replayed.js";

export interface ReplayOptions {
  readonly until?: string;
  readonly break?: string;
  readonly print?: boolean;
  readonly state?: string;
  readonly salvage?: boolean;
  readonly as?: "world" | "log";
  readonly fsm?: string;
  readonly bug?: string;
  readonly scenario: string;
  readonly format: "pretty" | "json";
}

const examples = `
--break takes ${STOPS}.
With a debugger attached it halts there, before the machine is called:
  $ node --inspect-brk node_modules/.bin/multiraft-sim replay seed-7.jsonl --break 1:40

Examples:
  $ npx multiraft-sim run --seed 7 --trace seed-7.jsonl
  $ npx multiraft-sim replay seed-7.jsonl                   plays it again: same, or the first line that differs
  $ npx multiraft-sim replay seed-7.jsonl --print --until 40
  $ npx multiraft-sim replay seed-7.jsonl --state 1:40      what a machine holds after that entry
  $ npx multiraft-sim replay seed-7.jsonl --break Acquire   what led to it, and what the replica holds there
`;

export function replayCommand(): Command {
  return new Command("replay")
    .description("plays a trace again and says whether the result is the same")
    .argument("<trace|seed>", "a trace file; or a seed, which is played as `run --seed` does")
    .option("--until <index>", "only up to the entry at this index: 17, or 2:17 for partition 2")
    .option("--break <where>", "stop there: what led to it, and the machine's state, as JSON")
    .option("--print", "print one line an event, with replicas in columns")
    .option("--state <index>", "print the machine's state after the entry at this index, as JSON")
    .option("--salvage", "play the good part of a torn trace")
    .addOption(
      new Option(
        "--as <way>",
        "the whole world, or only the calls of the machines (default: as it was recorded)",
      ).choices(["world", "log"]),
    )
    .option("--fsm <machine>", "play it with this machine (default: the one that is recorded)")
    .option("--bug <name>", "play it with this bug of the zoo (default: the one that is recorded)")
    .option("--scenario <name>", "of a seed: the scenario", "default")
    .addOption(
      new Option("--format <format>", "how the result is printed").choices(["pretty", "json"]).default("pretty"),
    )
    .addHelpText("after", examples)
    .action(async (what: string, options: ReplayOptions) => {
      installTraps();
      process.exitCode = await replay(what, options);
    });
}

async function replay(what: string, options: ReplayOptions): Promise<ExitCode> {
  const seed = !existsSync(what) && /^([0-9]+|0x[0-9a-f]+|[0-9a-f]{40})$/i.test(what) ? parseSeed(what) : undefined;
  const looks = options.print === true || [options.until, options.break, options.state].some((each) => each);
  if (seed !== undefined && !looks && options.as !== "log") return replaySeed(what, options);
  const given = seed === undefined ? loadTrace(what, { salvage: options.salvage === true }) : undefined;
  const { groundsFor } = await import("./grounds.js");
  const grounds = await groundsFor(given === undefined ? whoever(options) : whoPlayed(given, options));
  try {
    const trace = given ?? recorded(grounds, seed as bigint, options.scenario);
    return await shown(what, trace, options, grounds);
  } finally {
    grounds.close();
  }
}

async function shown(what: string, trace: Trace, options: ReplayOptions, grounds: Grounds): Promise<ExitCode> {
  const last = options.until === undefined ? undefined : firstLineOf(trace, parsePlace(options.until));
  if (options.state !== undefined) {
    process.stdout.write(`${JSON.stringify(grounds.state(trace, parsePlace(options.state)), null, 2)}\n`);
    return ExitCode.ok;
  }
  const as = options.as ?? trace.header.terms.played;
  const outcome = played(what, trace, as, grounds);
  if (options.break !== undefined) return stop(outcome, options, grounds);
  if (options.print === true) for (const line of printedLines(outcome, last)) process.stdout.write(`${line}\n`);
  const upTo: Outcome = { ...outcome, given: givenAgain(options), ...(last === undefined ? {} : { last }) };
  process.stdout.write(options.format === "json" ? replayJson(upTo) : replayInWords(upTo, as));
  return upTo.difference === undefined || upTo.difference.line > (last ?? Infinity) ? ExitCode.ok : ExitCode.broken;
}

async function stop(outcome: Outcome, options: ReplayOptions, grounds: Grounds): Promise<ExitCode> {
  const { trace } = outcome;
  const stopped = grounds.stop(trace, options.break as string);
  if (options.print === true) for (const line of printedLines(outcome, stopped.line)) process.stdout.write(`${line}\n`);
  process.stdout.write(stoppedInWords(stopped, trace, options.format));
  if (inspector.url() !== undefined) {
    const { debugAt } = await import("../replay/debugging.js");
    debugAt(trace, grounds.contestant, stopped.line);
  }
  return ExitCode.ok;
}

/** What `replay` was told, but for the way: without it, it would play another machine, or less. */
function givenAgain({ fsm, bug, scenario, until, print, salvage }: ReplayOptions): string {
  const told = { fsm, bug, scenario: scenario === "default" ? undefined : scenario, until };
  const words = Object.entries(told).flatMap(([name, value]) =>
    value === undefined ? [] : [` --${name} ${quoted(value)}`],
  );
  return [...words, ...(salvage === true ? [" --salvage"] : []), ...(print === true ? [" --print"] : [])].join("");
}

/** A seed, recorded as a failing one is: with a shadow that is observed at each entry. */
function recorded(grounds: Grounds, seed: bigint, scenario: string): Trace {
  const plan = draw(scenarioFrom(scenario, grounds.contestant), seed, grounds.contestant);
  const { trace } = grounds.record(plan, true);
  return { ...trace, header: headerOf(plan, grounds.contestant, version(), seed.toString()) };
}

/** A seed is played as `run --seed` plays it. */
async function replaySeed(seed: string, options: ReplayOptions): Promise<ExitCode> {
  const { run } = await import("./run.js");
  const { scenario, format } = options;
  return run(scenario, { seed, profile: "default", format, ...whoever(options) });
}

interface Who {
  readonly fsm?: string;
  readonly bug?: string;
}

function whoever({ fsm = "reference", bug }: Who): { fsm: string; bug?: string } {
  return { fsm, ...(bug === undefined ? {} : { bug }) };
}

/** Whoever the options name, else whoever played when the trace was recorded. */
export function whoPlayed({ header }: Trace, { fsm, bug }: Who): { fsm: string; bug?: string } {
  if (fsm !== undefined || bug !== undefined) return whoever({ ...(fsm && { fsm }), ...(bug && { bug }) });
  if (header.bug !== null) return { fsm: "reference", bug: header.bug };
  const { name } = header.terms.machine;
  if (name === "reference") return { fsm: name };
  // A trace may come from anyone: the program that it names is not started unasked.
  throw new UsageError(
    `the trace was recorded with the machine ${name}`,
    `Add --fsm '${name}' to play it with that one.`,
  );
}
