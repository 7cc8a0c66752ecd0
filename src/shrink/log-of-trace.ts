// From a recorded run to a written log: what one partition's log held, and what befell one of its replicas, up to the line
// that shows the failure. Ids are kept as they were; LogDraft makes a log of any part of it and moves ids along.
import { VIRTUAL_START_SECONDS } from "../base/time.js";
import type { CommandInput, QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { encodeBase64 } from "../protocol/base64.js";
import { makeEntry } from "../protocol/entry.js";
import { decodeInputFilter } from "../protocol/input-filter.js";
import type { Trace } from "../trace/file.js";
import type { CommitLine, EventLine } from "../trace/line.js";
import { type EntryStep, isEntry, type KeepAliveWords, type LogStep, type QueryStep } from "./log-steps.js";
import { payloadInWords, type PayloadWords } from "./payload-words.js";
import { spanInWords } from "./span-words.js";

/** A step whose ids are those of the recorded run. */
export interface DraftStep {
  /** Of an entry: its index in the recorded run. */
  readonly index?: number;
  readonly step: LogStep;
}

/** The steps of the accused replica's partition up to `line` (the header is line 1). */
export function draftOf(trace: Trace, line: number): DraftStep[] {
  const until = trace.events.slice(0, line - 1);
  const culprit = until.at(-1);
  if (culprit === undefined || !("partition" in culprit)) return [];
  const { partition } = culprit;
  const accused = "replica" in culprit ? culprit.replica : 1;
  const commits: CommitLine[] = [];
  const befell = new Map<number, DraftStep[]>();
  const kinds = new Map<number, string>();
  for (const each of until) {
    if (!("partition" in each) || each.partition !== partition) continue;
    if (each.e === "commit") {
      commits.push(each);
      noteKind(each, kinds);
    } else if ("replica" in each && each.replica === accused) {
      const step = stepOf(each, kinds);
      if (step === undefined || !("index" in each)) continue;
      const at = Number(each.index);
      befell.set(at, [...(befell.get(at) ?? []), { step }]);
    }
  }
  const last = "index" in culprit && culprit.index !== undefined ? Number(culprit.index) : commits.length;
  const steps = [...(befell.get(0) ?? [])];
  for (const commit of commits) {
    const index = Number(commit.index);
    if (index > last) break;
    steps.push({ index, step: entryStep(commit, kinds) }, ...(befell.get(index) ?? []));
  }
  return steps;
}

function noteKind({ index, input }: CommitLine, kinds: Map<number, string>): void {
  if (input === "undecodable" || input.input?.$case !== "sessionCommand") return;
  const inner = input.input.value.input;
  if (inner?.$case === "createService") kinds.set(Number(index), inner.value.spec?.service ?? "");
}

function stepOf(line: EventLine, kinds: ReadonlyMap<number, string>): LogStep | undefined {
  if (line.e === "answer") return queryStep(line.input, kinds);
  if (line.e !== "restore") return undefined;
  if (line.damage !== undefined) return { damage: true };
  const [chunk] = line.chunks;
  return line.chunks.length > 1 && chunk !== undefined ? { restart: true, chunks: chunk } : { restart: true };
}

function queryStep({ input }: QueryInput, kinds: ReadonlyMap<number, string>): QueryStep | undefined {
  const inner = input?.value.input?.value;
  const session = exact(input?.value.sessionId);
  const service = exact(inner?.serviceId);
  if (session === undefined || service === undefined || inner?.operation === undefined) return undefined;
  const { name, payload } = inner.operation;
  return { session, service, query: name, ...withWords(kinds.get(service) ?? "", name, payload) };
}

function entryStep({ index, input, bytes }: CommitLine, kinds: ReadonlyMap<number, string>): EntryStep {
  if (bytes !== undefined || input === "undecodable") return { entry: encodeBase64(bytes ?? EMPTY, "standard") };
  return inWords(input, kinds) ?? { entry: encodeBase64(makeEntry(index, input).bytes, "standard") };
}

const EMPTY = Uint8Array.of(0xff);

// Undefined where the words can't say it.
function inWords({ timestamp, input }: CommandInput, kinds: ReadonlyMap<number, string>): EntryStep | undefined {
  const when = timestamp && spanInWords({ ...timestamp, seconds: sinceStart(timestamp.seconds) });
  if (timestamp !== undefined && when === undefined) return undefined;
  const at = when === undefined ? {} : { at: when };
  if (input === undefined) return { ...at, tick: true };
  if (input.$case === "openSession") {
    const open = input.value.timeout && spanInWords(input.value.timeout);
    return open === undefined ? undefined : { ...at, open };
  }
  const session = exact(input.value.sessionId);
  if (session === undefined) return undefined;
  if (input.$case === "closeSession") return { ...at, session, close: true };
  if (input.$case === "keepAlive") {
    const keepAlive = keepAliveWords(input.value);
    return keepAlive && { ...at, session, keepAlive };
  }
  const command = input.value.input;
  if (command?.$case === "createService") {
    const { spec } = command.value;
    return spec && { ...at, session, create: spec.service, name: spec.name };
  }
  if (command?.$case === "closeService") {
    const leave = exact(command.value.serviceId);
    return leave === undefined ? undefined : { ...at, session, leave };
  }
  if (command?.$case !== "serviceCommand") return undefined;
  const service = exact(command.value.serviceId);
  const number = exact(command.value.sequenceNum);
  const { operation } = command.value;
  if (service === undefined || number === undefined || operation === undefined) return undefined;
  const words = withWords(kinds.get(service) ?? "", operation.name, operation.payload);
  return { ...at, session, service, number, operation: operation.name, ...words };
}

// Virtual time begins in the year 2000; a log begins at the epoch. What is before either stays where it is.
function sinceStart(seconds: bigint): bigint {
  const start = BigInt(VIRTUAL_START_SECONDS);
  return seconds >= start ? seconds - start : seconds;
}

type KeepAlive = Extract<NonNullable<CommandInput["input"]>, { $case: "keepAlive" }>["value"];

function keepAliveWords(value: KeepAlive): KeepAliveWords | undefined {
  const lastInput = exact(value.lastInputSequenceNum);
  if (lastInput === undefined) return undefined;
  const received: Record<number, number> = {};
  for (const [key, up] of value.lastOutputSequenceNums) {
    if (exact(key) === undefined || exact(up) === undefined) return undefined;
    received[Number(key)] = Number(up);
  }
  const acknowledged = Object.keys(received).length === 0 ? {} : { received };
  const filter = lastInput <= MOST_LISTED ? decodeInputFilter(value.inputFilter) : undefined;
  if (filter === undefined) {
    return { lastInput, filter: String.fromCharCode(...value.inputFilter), ...acknowledged };
  }
  const open: number[] = [];
  for (let number = 1; number <= lastInput; number++) if (filter.has(BigInt(number))) open.push(number);
  return { lastInput, ...(open.length === 0 ? {} : { open }), ...acknowledged };
}

const MOST_LISTED = 10_000;

function withWords(kind: string, operation: string, payload: Uint8Array): { readonly with?: PayloadWords } {
  const words = payloadInWords(kind, operation, payload);
  return Object.keys(words).length === 0 ? {} : { with: words };
}

function exact(id: bigint | undefined): number | undefined {
  const number = Number(id ?? -1n);
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** The log that the steps make: entries numbered anew, ids moved along; what refers to an entry that is gone is gone too. */
export function logOf(steps: readonly DraftStep[], all: ReadonlySet<number>): LogStep[] {
  const moved = new Map<number, number>();
  const log: LogStep[] = [];
  let next = 1;
  for (const { index, step } of steps) {
    const written = renumbered(step, moved, all);
    if (written === undefined) continue;
    log.push(written);
    if (index !== undefined && isEntry(written)) moved.set(index, next++);
  }
  return log;
}

const IDS = ["session", "service", "leave"] as const;
const INDEXES = ["version", "token"] as const;

function renumbered(step: LogStep, moved: ReadonlyMap<number, number>, all: ReadonlySet<number>): LogStep | undefined {
  const written = { ...step } as Record<string, unknown>;
  for (const name of IDS) {
    const id = written[name];
    if (typeof id !== "number") continue;
    const now = moved.get(id);
    if (now !== undefined) written[name] = now;
    else if (all.has(id)) return undefined;
  }
  if ("with" in step && step.with !== undefined) {
    const words: Record<string, string | number> = { ...step.with };
    for (const name of INDEXES) {
      const now = typeof words[name] === "number" ? moved.get(words[name]) : undefined;
      if (now !== undefined) words[name] = now;
    }
    written["with"] = words;
  }
  return written as unknown as LogStep;
}
