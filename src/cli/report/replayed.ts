// What `replay` says: the same, or the first line that differs; the lines of a trace; where it was stopped.
import { TOOL } from "../../explore/package.js";
import { UsageError } from "../../base/usage-error.js";
import type { Witness } from "../../checker/verdict.js";
import { judgementOf, type Replayed } from "../../replay/as-world.js";
import { printed } from "../../replay/print.js";
import type { Sight } from "../../replay/state.js";
import type { Stopped } from "../../replay/stop.js";
import { lineInWords } from "../../replay/words.js";
import { linesOf, type Trace } from "../../trace/file.js";
import { differenceInWords } from "../difference.js";
import type { Grounds } from "../grounds.js";
import { counted } from "../numbers.js";
import { quoted } from "../reproduce.js";

/** What playing a trace again came to. */
export interface Outcome {
  readonly what: string;
  /** The options that have to be given again, led by a space: who plays it now, and how. */
  readonly given?: string;
  readonly recorded: Trace;
  /** What was played now; of a log, whose calls alone are played, the recording. */
  readonly trace: Trace;
  readonly difference:
    { readonly line: number; readonly field: string; readonly left: unknown; readonly right: unknown } | undefined;
  readonly says: string;
  /** The first claim that is broken in `trace`. */
  readonly broken: Witness | null;
  /** Where it was to end; absent: at its end. */
  readonly last?: number;
}

/** Plays a trace again. */
export function played(what: string, recorded: Trace, as: "world" | "log", grounds: Grounds): Outcome {
  if (as === "log") {
    const { calls, difference } = grounds.calls(recorded);
    const found = difference && { line: difference.line, field: "", left: difference.recorded, right: difference.now };
    const { first } = judgementOf(recorded, grounds.contestant);
    const says = `${counted(calls, "call")} of the machines`;
    return { what, recorded, trace: recorded, difference: found, says, broken: first };
  }
  if (recorded.header.terms.played === "log") {
    throw new UsageError(`${what} is a log, without clients and messages`, "Play it with --as log.");
  }
  const { trace, judgement, difference, verdict } = grounds.world(recorded);
  return { what, recorded, trace, difference, says: verdictInWords(verdict), broken: judgement.first };
}

function verdictInWords({ recorded, now }: Replayed["verdict"]): string {
  if (recorded === now) return now === null ? "every property holds, as recorded" : `broken as recorded: ${now}`;
  return `recorded: ${recorded ?? "every property holds"}; now: ${now ?? "every property holds"}`;
}

function differs({ difference, last }: Outcome): Outcome["difference"] {
  return difference === undefined || difference.line > (last ?? Infinity) ? undefined : difference;
}

export function replayJson(outcome: Outcome): string {
  const difference = differs(outcome);
  const { line, field, left, right } = difference ?? { line: null, field: null, left: null, right: null };
  const found = difference === undefined ? null : { line, field, recorded: left ?? null, now: right ?? null };
  const json = { trace: outcome.what, same: difference === undefined, difference: found, says: outcome.says };
  return `${JSON.stringify(json, plain, 2)}\n`;
}

export function replayInWords(outcome: Outcome, as: "world" | "log"): string {
  const { what, given = "", recorded, trace, says, last } = outcome;
  const difference = differs(outcome);
  if (difference === undefined) return `same: ${counted(last ?? linesOf(recorded).length, "line")}, ${says}\n`;
  const other = trace === recorded ? undefined : trace;
  const names = { left: "recorded", right: "now" };
  return [
    differenceInWords(difference, recorded, other, names),
    "",
    says,
    `again  npx ${TOOL} replay ${quoted(what)}${as === "log" ? " --as log" : ""}${given}`,
    "",
  ].join("\n");
}

/** The lines of what was played as a person reads them, up to a line, the one that breaks a claim marked. */
export function printedLines({ trace, broken }: Outcome, last = Number.POSITIVE_INFINITY): Iterable<string> {
  return printed(trace, last, broken);
}

/** How many lines before the one that was stopped at are shown. */
const LED_TO_IT = 8;

export function stoppedInWords({ line, sights }: Stopped, trace: Trace, format: "pretty" | "json"): string {
  const lines = linesOf(trace);
  const here = lines[line - 1];
  const says = here === undefined ? "" : lineInWords(here);
  if (format === "json") return `${JSON.stringify({ stopped: { line, says }, sights }, plain, 2)}\n`;
  const before = lines.slice(Math.max(0, line - 1 - LED_TO_IT), line - 1);
  return [
    `stopped at line ${line} of ${lines.length}`,
    ...before.map((one, at) => `  ${(line - before.length + at).toString().padStart(6)}  ${lineInWords(one)}`),
    `> ${line.toString().padStart(6)}  ${says}`,
    ...sights.flatMap((sight) => ["", `${whose(sight)}:`, JSON.stringify(sight.state, null, 2)]),
    "",
  ].join("\n");
}

function whose({ partition, replica, index, state }: Sight): string {
  if (replica === null) return `a machine with every entry of partition ${partition} up to ${index}`;
  const who = replica === 0 ? "the shadow" : `replica ${replica}`;
  return `${who} of partition ${partition}${state === null ? ", which is down" : `, after entry ${index}`}`;
}

function plain(_: string, held: unknown): unknown {
  return typeof held === "bigint" ? held.toString() : held;
}
