// Saved states of released versions: the candidate must take them, and go on from them as the baseline does. A state is a
// file NAME.bin; NAME.log beside it, if it is there, holds the entries that came after it (recorded-log.ts).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Micros } from "../base/time.js";
import { UsageError } from "../base/usage-error.js";
import { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { decodeEntry, makeEntry } from "../protocol/entry.js";
import { open } from "../protocol/snapshot-envelope.js";
import { LogIndex } from "../protocol/words.js";
import type { EventLine } from "../trace/line.js";
import { type Compared, compareCalls, type ComparisonOptions } from "./comparison.js";
import { fingerprintOf, type Found } from "./difference.js";
import { Player } from "./player.js";
import type { Pair } from "./plays.js";
import { readLogFile } from "./recorded-log.js";
import { reasonOf } from "../trace/disk.js";

/** The files of saved states below a folder, in the order of their paths. */
export function snapshotFiles(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true }) as string[];
  } catch (error) {
    throw new UsageError(
      `the folder ${folder} can't be read: ${reasonOf(error)}`,
      "Name the folder of their *.bin files.",
    );
  }
  const files = names.filter((name) => name.endsWith(".bin")).sort();
  if (files.length === 0) throw new UsageError(`the folder ${folder} holds no saved states`, "They are files *.bin.");
  return files.map((name) => join(folder, name));
}

/** Whole, and in small pieces. */
const CHUNKS: readonly (readonly number[])[] = [[], [7, 1, 64]];

/** After it, time goes on by so many seconds, one tick each: what waits in it for its time comes up. */
const TICKS = [0n, 1n, 5n, 30n, 60n, 600n, 3600n, 86_400n, 40_000_000n];

/** Compares the two over one saved state. */
export function compareSnapshot(path: string, pair: Pair, options: ComparisonOptions): Compared {
  const calls = callsOfSnapshot(path);
  const compared = compareCalls(calls, pair.baseline, pair.candidate, options);
  const refusal = refusalOf(path, calls, pair);
  if (refusal === undefined || compared.found.some(({ kind }) => kind === "restore")) return compared;
  if (!options.accepted(refusal.fingerprint)) return { ...compared, found: [refusal, ...compared.found] };
  return { ...compared, accepted: new Map([...compared.accepted, [refusal.fingerprint, 1]]) };
}

// Whatever the baseline makes of it: it was released, so the candidate has to take it.
function refusalOf(path: string, calls: readonly EventLine[], { candidate }: Pair): Found | undefined {
  const player = new Player(candidate);
  for (const [call, line] of calls.entries()) {
    const outcome = player.play(line);
    if (line.e !== "restore" || outcome === undefined) continue;
    if (outcome.did === "restore" && outcome.result.kind === "restored") continue;
    const why = outcome.did === "restore" && outcome.result.kind === "refused" ? outcome.result.message : "it broke";
    const finding = { kind: "restore", about: "a released state", how: "refused" } as const;
    const words = { baseline: `${path} was released`, candidate: `refused: ${why}` };
    const { partition, replica, index } = line;
    return {
      ...finding,
      ...words,
      fingerprint: fingerprintOf({ ...finding, ...words }),
      partition,
      replica,
      index,
      call,
    };
  }
  return undefined;
}

/** The calls: restored in each way, then the entries that came after it, then time. */
export function callsOfSnapshot(path: string): EventLine[] {
  const bytes = read(path);
  const { index: begin, seconds } = standing(bytes);
  const on = { t: Micros(0), partition: 1, index: LogIndex(begin) } as const;
  const nothing = new Uint8Array(0);
  const replicas = CHUNKS.map((chunks, at) => ({ chunks, replica: at + 1 }));
  const lines: EventLine[] = replicas.flatMap(({ chunks, replica }): EventLine[] => [
    { e: "restore", ...on, replica, snapshot: 1, why: "restart", chunks, bytes, result: { kind: "restored" } },
    { e: "observe", ...on, replica, why: "restored", bytes: nothing },
  ]);
  const applied = { reply: { kind: "answer", outputs: [], complete: true }, emissions: [] } as const;
  let index = begin;
  let last = seconds;
  const apply = (entry: Uint8Array): void => {
    index += 1n;
    const at = { t: on.t, partition: 1, index: LogIndex(index) } as const;
    const { input } = decodeEntry(at.index, entry);
    if (input !== "undecodable" && input.timestamp !== undefined) last = input.timestamp.seconds;
    lines.push({ e: "commit", ...at, term: 1, origin: `entry ${index}`, input, bytes: entry });
    for (const { replica } of replicas) {
      lines.push(
        { e: "apply", ...at, replica, applied },
        { e: "observe", ...at, replica, why: "drawn", bytes: nothing },
      );
    }
  };
  const log = path.replace(/\.bin$/, ".log");
  if (existsSync(log)) for (const entry of readLogFile(log)) apply(entry);
  const from = last;
  for (const span of TICKS) {
    const timestamp = { seconds: from + span, nanos: 999_999_999 };
    apply(makeEntry(LogIndex(index + 1n), { timestamp, input: undefined }).bytes);
  }
  return lines;
}

function read(path: string): Uint8Array {
  try {
    return Uint8Array.from(readFileSync(path));
  } catch (error) {
    throw new UsageError(`the saved state ${path} can't be read: ${(error as Error).message}`);
  }
}

/** 2100-01-01: after everything that a state of unknown make could wait for. */
const LATE = 4_102_444_800n;

/** The index and the second that a state stands at; of one that can't be read, some that are late enough. */
function standing(bytes: Uint8Array): { index: bigint; seconds: bigint } {
  const opened = open(bytes);
  if (opened.kind === "refused") return { index: 1_000_000n, seconds: LATE };
  try {
    const { index, timestamp } = PartitionSnapshot.decode(opened.payload);
    return { index, seconds: timestamp?.seconds ?? LATE };
  } catch {
    return { index: 1_000_000n, seconds: LATE };
  }
}
