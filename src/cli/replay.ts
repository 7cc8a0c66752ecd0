// `multiraft-sim replay`: plays a trace (or a seed) again, and says whether the result is the same.
import { existsSync } from "node:fs";
import { Command, Option } from "commander";
import { UsageError } from "../base/usage-error.js";
import { installTraps } from "../explore/traps.js";
import type { Replayed } from "../replay/as-world.js";
import { parsePlace, type Place } from "../replay/place.js";
import { linesOf, loadTrace, type Trace } from "../trace/file.js";
import type { EventLine } from "../trace/line.js";
import { differenceInWords } from "./difference.js";
import { ExitCode } from "./exit-codes.js";
import { counted } from "./numbers.js";
import { TOOL, version } from "../explore/package.js";

interface ReplayOptions {
  readonly until?: string;
  readonly print?: boolean;
  readonly state?: string;
  readonly salvage?: boolean;
  readonly as?: "world" | "log";
  readonly fsm?: string;
  readonly bug?: string;
  readonly scenario?: string;
  readonly format: "pretty" | "json";
}

const examples = `
Examples:
  $ npx multiraft-sim run --seed 7 --trace seed-7.jsonl
  $ npx multiraft-sim replay seed-7.jsonl                   plays it again: same, or the first line that differs
  $ npx multiraft-sim replay seed-7.jsonl --print --until 40
  $ npx multiraft-sim replay seed-7.jsonl --state 1:40
`;

export function replayCommand(): Command {
  return new Command("replay")
    .description("plays a trace again and says whether the result is the same")
    .argument("<trace|seed>", "a trace file; or a seed, which is played as `run --seed` does")
    .option("--until <index>", "only up to the entry at this index: 17, or 2:17 for partition 2")
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
  if (!existsSync(what) && /^([0-9]+|0x[0-9a-f]+|[0-9a-f]{40})$/i.test(what)) return replaySeed(what, options);
  const trace = loadTrace(what, { salvage: options.salvage === true });
  const { contestantFrom } = await import("./contestants.js");
  const loaded = await contestantFrom(whoPlayed(trace, options));
  const { contestant } = loaded;
  try {
    if (options.state !== undefined) {
      const { stateAt } = await import("../replay/state.js");
      const state = stateAt(trace, contestant.machine, parsePlace(options.state));
      process.stdout.write(`${JSON.stringify(state, null, 2)}\n`);
      return ExitCode.ok;
    }
    if ((options.as ?? trace.header.terms.played) === "log") {
      const { replayAsLog } = await import("../replay/as-log.js");
      const played = replayAsLog(trace, contestant.machine);
      return reported(what, trace, options, {
        difference: played.difference && lineDifference(played.difference),
        says: `${counted(played.calls, "call")} of the machines`,
      });
    }
    if (trace.header.terms.played === "log") {
      throw new UsageError(`${what} is a log, without clients and messages`, "Play it with --as log.");
    }
    const { replayAsWorld } = await import("../replay/as-world.js");
    const played = replayAsWorld(trace, contestant, version());
    if (options.print === true) await print(played.trace, options);
    return reported(what, trace, options, {
      difference: played.difference && { ...played.difference, other: played.trace },
      says: verdictInWords(played),
    });
  } finally {
    loaded.close();
  }
}

/** A seed is played as `run --seed` plays it. */
async function replaySeed(seed: string, options: ReplayOptions): Promise<ExitCode> {
  const { run } = await import("./run.js");
  return run(options.scenario, {
    seed,
    profile: "default",
    format: options.format,
    fsm: options.fsm ?? "reference",
    ...(options.bug === undefined ? {} : { bug: options.bug }),
  });
}

/** Whoever the options name, else whoever played when the trace was recorded. */
export function whoPlayed(
  { header }: Trace,
  { fsm, bug }: { readonly fsm?: string; readonly bug?: string },
): { fsm: string; bug?: string } {
  if (fsm !== undefined || bug !== undefined) return { fsm: fsm ?? "reference", ...(bug === undefined ? {} : { bug }) };
  if (header.bug !== null) return { fsm: "reference", bug: header.bug };
  const { name } = header.terms.machine;
  if (name === "reference") return { fsm: name };
  // A trace may come from anyone: the program that it names is not started unasked.
  throw new UsageError(
    `the trace was recorded with the machine ${name}`,
    `Add --fsm '${name}' to play it with that one.`,
  );
}

interface Outcome {
  readonly difference: { line: number; field: string; left: unknown; right: unknown; other?: Trace } | undefined;
  readonly says: string;
}

function reported(what: string, trace: Trace, options: ReplayOptions, { difference, says }: Outcome): ExitCode {
  const same = difference === undefined || beyond(trace, difference.line, options.until);
  if (options.format === "json") {
    const { line, field, left, right } = difference ?? { line: null, field: null, left: null, right: null };
    const found = same ? null : { line, field, recorded: left ?? null, now: right ?? null };
    process.stdout.write(`${JSON.stringify({ trace: what, same, difference: found, says }, null, 2)}\n`);
  } else if (same) {
    process.stdout.write(`same: ${counted(linesOf(trace).length, "line")}, ${says}\n`);
  } else {
    const names = { left: "recorded", right: "now" };
    process.stdout.write(`${differenceInWords(difference, trace, difference.other, names)}\n\n${says}\n`);
    process.stdout.write(`again  npx ${TOOL} replay ${what}${options.as === "log" ? " --as log" : ""}\n`);
  }
  return same ? ExitCode.ok : ExitCode.broken;
}

function verdictInWords({ verdict: { recorded, now } }: Replayed): string {
  if (recorded === now) return now === null ? "every property holds, as recorded" : `broken as recorded: ${now}`;
  return `recorded: ${recorded ?? "every property holds"}; now: ${now ?? "every property holds"}`;
}

function lineDifference(difference: { line: number; recorded: EventLine; now: EventLine }): Outcome["difference"] {
  const { line, recorded, now } = difference;
  return { line, field: "", left: recorded, right: now };
}

/** Whether a line stands behind the first application of the entry at `until`. */
function beyond(trace: Trace, line: number, until: string | undefined): boolean {
  return until !== undefined && line > lastLineFor(trace, parsePlace(until));
}

function lastLineFor(trace: Trace, { partition, index }: Place): number {
  const at = trace.events.findIndex(
    (line) => line.e === "apply" && line.partition === partition && line.index === index,
  );
  return at === -1 ? Number.POSITIVE_INFINITY : at + 2;
}

async function print(trace: Trace, { until }: ReplayOptions): Promise<void> {
  const { legend, printer } = await import("../replay/print.js");
  const last = until === undefined ? Number.POSITIVE_INFINITY : lastLineFor(trace, parsePlace(until));
  const printed = printer(trace.header);
  process.stdout.write(`${legend}\n`);
  for (const [at, line] of trace.events.entries()) {
    if (at + 2 > last) break;
    process.stdout.write(`${printed(line, at + 2)}\n`);
  }
}
