// Where a trace is to be stopped, as a person says it: an entry, a line, an instant, a claim that breaks, the end of a
// session, an operation, a fault, or any other kind of event. Finds the line, and what the machines hold there.
import { MICROS_PER_SECOND } from "../base/time.js";
import { didYouMean } from "../base/suggest.js";
import { UsageError } from "../base/usage-error.js";
import { catalogue } from "../checker/catalogue.js";
import type { Contestant } from "../explore/contestant.js";
import type { CommandInput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { MachineKind } from "../protocol/machine.js";
import type { Trace } from "../trace/file.js";
import type { CommitLine, EventLine } from "../trace/line.js";
import { judgementOf } from "./as-world.js";
import { firstLineOf, parsePlace } from "./place.js";
import { type Sight, sightsAfter, whereSessionEnds } from "./state.js";

/** A trace, stopped. */
export interface Stopped {
  /** The number of the line in the trace; what it tells of has happened. */
  readonly line: number;
  /** What the machines that it is about hold then. */
  readonly sights: readonly Sight[];
}

/** How `stopIn` may be asked, for help and for complaints. */
export const STOPS =
  "an entry (17 or 2:17), line:1316, +7.5 (seconds), broken, a property, session:57 (its end), an operation (Acquire), a fault, or a kind of event (restore, crash, leader)";

/** Finds where a trace comes to what `at` says. Throws a UsageError where it never does. */
export function stopIn(trace: Trace, contestant: Contestant, at: string): Stopped {
  const line = lineAt(trace, contestant, at);
  return { line, sights: sightsAfter(trace, contestant.machine, line) };
}

function lineAt(trace: Trace, contestant: Contestant, at: string): number {
  const { machine } = contestant;
  if (/^(?:[0-9]+:)?[0-9]+$/.test(at)) return firstLineOf(trace, parsePlace(at));
  const line = /^line:([0-9]+)$/.exec(at);
  if (line !== null) return numbered(trace, Number(line[1]));
  const time = /^\+([0-9]+(?:\.[0-9]+)?)$/.exec(at);
  if (time !== null) return atTime(trace, Number(time[1]));
  const session = /^session:(?:([0-9]+):)?([0-9]+)$/.exec(at);
  if (session !== null) return sessionEnd(trace, machine, BigInt(session[2] as string), session[1]);
  if (at === "broken" || at.includes("/")) return brokenLine(trace, contestant, at);
  return named(trace, at);
}

function numbered(trace: Trace, line: number): number {
  const last = trace.events.length + 1;
  if (line >= 2 && line <= last) return line;
  throw new UsageError(`there is no line ${line} to stop at`, `The events stand in lines 2 to ${last}.`);
}

function atTime(trace: Trace, seconds: number): number {
  const found = trace.events.findIndex(({ t }) => t >= seconds * MICROS_PER_SECOND);
  if (found !== -1) return found + 2;
  const end = (trace.events.at(-1)?.t ?? 0) / MICROS_PER_SECOND;
  throw new UsageError(`nothing happens at +${seconds} or later`, `The run ends at +${end}.`);
}

function brokenLine(trace: Trace, contestant: Contestant, at: string): number {
  const names = [...catalogue, ...(contestant.properties ?? [])].map(({ name }) => name);
  if (at !== "broken" && !names.includes(at)) {
    throw new UsageError(`there is no property "${at}"`, didYouMean(at, names));
  }
  const { first, properties } = judgementOf(trace, contestant);
  const witness = at === "broken" ? first : properties.find(({ property }) => property === at)?.witnesses[0];
  const line = witness?.lines.at(-1);
  if (line !== undefined) return line;
  throw new UsageError(`${at === "broken" ? "nothing" : at} is ${at === "broken" ? "" : "not "}broken in this run`);
}

function sessionEnd(trace: Trace, machine: MachineKind, session: bigint, partition: string | undefined): number {
  const entry = whereSessionEnds(trace, machine, session, partition === undefined ? undefined : Number(partition));
  if (entry !== undefined) return firstLineOf(trace, entry);
  // Of a machine that lets nobody look into it: what a client heard.
  const heard = trace.events.findIndex(
    (line) => line.e === "session" && line.session === session && ["lost", "closed"].includes(line.change),
  );
  if (heard !== -1) return heard + 2;
  throw new UsageError(`session ${session} does not end in this run`, "A session's number is the index of its entry.");
}

/** The first line that a word is the name of; an entry's is that of its first application. */
function named(trace: Trace, word: string): number {
  const known = new Set<string>();
  for (const [at, line] of trace.events.entries()) {
    for (const name of namesOf(line)) {
      known.add(name);
      if (name === word) return line.e === "commit" ? appliedOr(trace, line, at + 2) : at + 2;
    }
  }
  throw new UsageError(`"${word}" never comes up in this run`, didYouMean(word, [...known].sort()));
}

function appliedOr(trace: Trace, { partition, index }: CommitLine, otherwise: number): number {
  const found = trace.events.findIndex(
    (line) => line.e === "apply" && line.partition === partition && line.index === index,
  );
  return found === -1 ? otherwise : found + 2;
}

function namesOf(line: EventLine): string[] {
  if (line.e === "commit") return [entryName(line.input)];
  if (line.e === "fault") return [line.fault];
  return "change" in line ? [line.change, line.e] : [line.e];
}

const ENTRIES = { openSession: "open_session", keepAlive: "keep_alive", closeSession: "close_session" } as const;

function entryName(input: CommandInput | "undecodable"): string {
  if (input === "undecodable") return input;
  const { input: inner } = input;
  if (inner === undefined) return "tick";
  if (inner.$case !== "sessionCommand") return ENTRIES[inner.$case];
  const command = inner.value.input;
  if (command?.$case === "createService") return "create_service";
  if (command?.$case === "closeService") return "close_service";
  return command?.value.operation?.name ?? "session_command";
}
