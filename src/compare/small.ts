// A difference made small: the shortest log for one bare machine on which the two still differ in that very way. First in
// written steps, which can be made plainer; where those can't show it, as a list of the recorded calls that can't go.
import { Micros } from "../base/time.js";
import { UsageError } from "../base/usage-error.js";
import { version } from "../explore/package.js";
import { lineInWords } from "../replay/words.js";
import { ddmin } from "../shrink/ddmin.js";
import { judgeLog } from "../shrink/log-play.js";
import { draftOf } from "../shrink/log-of-trace.js";
import { smallestLog } from "../shrink/log-shrinker.js";
import { isEntry, type LogStep } from "../shrink/log-steps.js";
import { inline } from "../shrink/written.js";
import type { Contestant } from "../explore/contestant.js";
import { type Trace, TRACE_TOOL } from "../trace/file.js";
import { type EventLine, type HeaderLine, TRACE_FORMAT } from "../trace/line.js";
import { Recorder } from "../trace/recorder.js";
import { type Compared, compareCalls, type ComparisonOptions } from "./comparison.js";
import type { Found, Kind } from "./difference.js";
import { Player, type Side } from "./player.js";
import type { Pair } from "./plays.js";
import { linesOfSteps } from "./step-lines.js";

/** The smallest log that shows a difference. */
export interface Small {
  /** The steps as one writes them; of a list of recorded calls: as a person reads them. */
  readonly words: readonly string[];
  /** How many of them are entries. */
  readonly entries: number;
  /** The first entry after which anything differs: the state, mostly. From 1; null where it is no entry's doing. */
  readonly since: number | null;
  /** The steps, where they can be written; emitted tests and `judgeLog` take them. */
  readonly steps: readonly LogStep[] | null;
  /** What is said of the difference there, with the ids of the small log. */
  readonly baseline: string;
  readonly candidate: string;
  /** The log as a trace, with the baseline's answers. */
  readonly trace: Trace;
}

const SAVED: readonly Kind[] = ["snapshot bytes", "forward", "back", "cost"];

/** More recorded calls than this are not tried one by one. */
const MOST_CALLS = 4000;

/** Makes it small; undefined where no log of one replica shows it. `stop` is asked before each try. */
export function makeSmall(
  calls: readonly EventLine[],
  found: Found,
  pair: Pair,
  options: ComparisonOptions,
  stop: () => boolean,
): Small | undefined {
  const saves = SAVED.includes(found.kind);
  const shows = (lines: readonly EventLine[]): Found | undefined => {
    // Whatever else differs is passed over.
    const only = { ...options, accepted: (fingerprint: string) => fingerprint !== found.fingerprint };
    try {
      return compareCalls(lines, pair.baseline, pair.candidate, only).found[0];
    } catch (error) {
      if (error instanceof UsageError) return undefined;
      throw error;
    }
  };
  for (const drafts of draftsOf(calls, found)) {
    const written = smallestLog(drafts, (log) => shows(linesOfSteps(log, saves)), stop);
    if (written === undefined) continue;
    const { steps, shows: last } = written;
    const lines = linesOfSteps(steps, saves);
    const entries = steps.filter(isEntry).length;
    return { words: steps.map(inline), entries, steps, ...ofLines(lines, last, pair, options) };
  }
  for (const items of [linearCalls(calls, found), ownCalls(calls, found)]) {
    const lines = smallestCalls(items, shows, stop);
    const last = lines === undefined ? undefined : shows(lines);
    if (lines === undefined || last === undefined) continue;
    const words = lines.filter((line) => line.e !== "apply").map((line) => lineInWords(line));
    const entries = lines.filter((line) => line.e === "commit").length;
    return { words, entries, steps: null, ...ofLines(lines, last, pair, options) };
  }
  return undefined;
}

/** The properties that one machine breaks on the steps and the other does not. */
export function judgeBoth(steps: readonly LogStep[], baseline: Contestant, candidate: Contestant): Telling {
  return telling(brokenIn(judgeLog(baseline, steps)), brokenIn(judgeLog(candidate, steps)));
}

/** Which properties tell the two apart: broken by the one only. */
export interface Telling {
  readonly baseline: readonly string[];
  readonly candidate: readonly string[];
}

export function telling(one: readonly string[], other: readonly string[]): Telling {
  return {
    baseline: one.filter((name) => !other.includes(name)),
    candidate: other.filter((name) => !one.includes(name)),
  };
}

export function brokenIn({
  properties,
}: {
  readonly properties: readonly { readonly property: string; readonly broken: number }[];
}): string[] {
  return properties.filter(({ broken }) => broken > 0).map(({ property }) => property);
}

type Drafts = ReturnType<typeof draftOf>;

// Entries that can't be written keep their instants, which lie decades after those of a written log.
function draftsOf(calls: readonly EventLine[], { call }: Found): Drafts[] {
  const events = calls.map((line) => (line.e === "restore" ? { ...line, chunks: evenly(line.chunks) } : line));
  const all = draftOf({ header: headerOf("none"), events, end: null }, call + 2);
  return [all, all.filter(({ step }) => !("entry" in step))];
}

/** A written log restores in chunks of one size: the smallest tells most. */
function evenly(chunks: readonly number[]): readonly number[] {
  const least = Math.min(...chunks.filter((size) => size > 0));
  return chunks.length < 2 ? chunks : [least, least];
}

/** What goes or stays together: an entry and its application, a restart and what was saved for it. */
type Item = readonly EventLine[];

/** The log up to the difference, as the replica would have applied it alone: what it took over from others it saves itself. */
function linearCalls(calls: readonly EventLine[], { partition, replica, call }: Found): Item[] {
  const befell = new Map<bigint, Item[]>();
  const commits: Extract<EventLine, { readonly e: "commit" }>[] = [];
  const saved = new Map<number, Uint8Array>();
  let last = 0n;
  let snapshot = 0;
  for (const line of calls.slice(0, call + 1)) {
    if (!("partition" in line) || line.partition !== partition) continue;
    if (line.e === "commit") commits.push(line);
    if (line.e === "save") saved.set(line.snapshot, line.bytes);
    if (!("replica" in line) || line.replica !== replica || !("index" in line)) continue;
    last = line.index as bigint;
    if (line.e === "apply" || line.e === "broke") continue;
    const at = befell.get(last) ?? [];
    if (line.e === "restore") {
      snapshot += 1;
      const { t, index } = line;
      const bytes = saved.get(line.snapshot) ?? new Uint8Array(0);
      const save = { e: "save", t, partition, replica, index, snapshot, bytes } as const;
      const crash = { e: "replica", t, partition, replica, change: "crash" } as const;
      at.push(line.damage === undefined ? [save, crash, { ...line, snapshot }] : [save, { ...line, snapshot }]);
    } else at.push([line]);
    befell.set(last, at);
  }
  const applied = { reply: { kind: "answer", outputs: [], complete: true }, emissions: [] } as const;
  const items = [...(befell.get(0n) ?? [])];
  for (const commit of commits) {
    const { t, index } = commit;
    if (index > last) break;
    items.push([commit, { e: "apply", t, partition, replica, index, applied }], ...(befell.get(index) ?? []));
  }
  return items;
}

/** The calls of the replica as they were. */
function ownCalls(calls: readonly EventLine[], { partition, replica, call }: Found): Item[] {
  const commits = new Map<bigint, EventLine>();
  const items: Item[] = [];
  for (const line of calls.slice(0, call + 1)) {
    if (!("partition" in line) || line.partition !== partition) continue;
    if (line.e === "commit") commits.set(line.index, line);
    else if ("replica" in line && line.replica === replica) {
      const commit = line.e === "apply" || line.e === "broke" ? commits.get(line.index) : undefined;
      items.push(commit === undefined ? [line] : [commit, line]);
    }
  }
  return items;
}

function smallestCalls(
  items: readonly Item[],
  shows: (lines: readonly EventLine[]) => Found | undefined,
  stop: () => boolean,
): readonly EventLine[] | undefined {
  if (items.length > MOST_CALLS || shows(items.flat()) === undefined) return undefined;
  const search = ddmin(items);
  let step = search.next();
  while (step.done !== true) step = search.next(!stop() && shows(step.value.flat()) !== undefined);
  return step.value.flat();
}

function ofLines(
  lines: readonly EventLine[],
  last: Found,
  pair: Pair,
  options: ComparisonOptions,
): Pick<Small, "since" | "baseline" | "candidate" | "trace"> {
  const all: Compared = compareCalls(lines, pair.baseline, pair.candidate, { ...options, accepted: () => false });
  const indexes = all.found.map(({ index }) => index);
  const first = indexes.reduce((least, index) => (index < least ? index : least), last.index);
  return {
    since: first === 0n ? null : Number(first),
    baseline: last.baseline,
    candidate: last.candidate,
    trace: recorded(lines, pair.baseline),
  };
}

/** The calls with what the machine answers now. */
function recorded(lines: readonly EventLine[], side: Side): Trace {
  const recorder = new Recorder(headerOf(side.machine.name, side));
  const player = new Player(side);
  for (const line of lines) {
    const outcome = player.play(line);
    if (outcome === undefined) recorder.take(line);
    else if (outcome.did === "apply" && line.e === "apply") recorder.take({ ...line, applied: outcome.applied });
    else if (outcome.did === "answer" && line.e === "answer") recorder.take({ ...line, answer: outcome.answer });
    else if (outcome.did === "observe" && line.e === "observe") recorder.take({ ...line, bytes: outcome.bytes });
    else if (outcome.did === "save" && line.e === "save") recorder.take({ ...line, bytes: outcome.bytes });
    else if (outcome.did === "restore" && line.e === "restore") {
      const { result, given } = outcome;
      const chunks = given.map((each) => each.length);
      const damaged = line.damage === undefined ? {} : { bytes: Uint8Array.from(Buffer.concat([...given])) };
      recorder.take({ ...line, chunks, result, ...damaged });
    }
  }
  return recorder.finish();
}

function headerOf(name: string, side?: Side): HeaderLine {
  const capabilities = side?.machine.capabilities ?? { services: [], snapshots: "opaque", ticks: true };
  return {
    e: "header",
    format: TRACE_FORMAT,
    tool: TRACE_TOOL,
    version: version(),
    seed: null,
    scenario: "log",
    bug: null,
    terms: {
      machine: { name, capabilities },
      partitions: [{ partition: 1, replicas: 1 }],
      livenessBound: Micros(1),
      played: "log",
    },
    plan: null,
  };
}
