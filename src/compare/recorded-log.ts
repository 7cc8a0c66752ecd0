// A log as a production system keeps it: one CommandInput after the other, each behind its length as a varint (what protobuf
// calls delimited). It becomes calls: one replica applies everything, another is stopped and restored on the way.
import { readFileSync } from "node:fs";
import { Micros } from "../base/time.js";
import { UsageError } from "../base/usage-error.js";
import { decodeEntry } from "../protocol/entry.js";
import { LogIndex } from "../protocol/words.js";
import type { EventLine } from "../trace/line.js";
import { reasonOf } from "../trace/disk.js";

const HOW = "It holds CommandInput messages, each behind its length as a varint: what writeDelimitedTo writes.";

/** The entries of a delimited file, as bytes. */
export function readDelimited(bytes: Uint8Array, name: string): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const begin = at;
    let length = 0;
    let factor = 1;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined || factor > 2 ** 35) throw torn(name, entries.length, begin);
      length += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
      factor *= 128;
    }
    if (at + length > bytes.length) throw torn(name, entries.length, begin);
    entries.push(bytes.subarray(at, at + length));
    at += length;
  }
  return entries;
}

/** The bytes of a delimited file that holds these entries. */
export function writeDelimited(entries: readonly Uint8Array[]): Uint8Array {
  const parts = entries.flatMap((entry) => [varint(entry.length), entry]);
  return Uint8Array.from(Buffer.concat(parts));
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  bytes.push(left);
  return Uint8Array.from(bytes);
}

function torn(name: string, entry: number, at: number): UsageError {
  return new UsageError(`${name} is torn: entry ${entry + 1}, at byte ${at}, goes beyond its end`, HOW);
}

export function readLogFile(path: string): Uint8Array[] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(`the log ${path} can't be read: ${reasonOf(error)}`, HOW);
  }
  const entries = readDelimited(bytes, path);
  if (entries.length === 0) throw new UsageError(`the log ${path} is empty`, HOW);
  return entries;
}

/** Looks and restarts are spread over the log, so that a long one costs no more of them than a short one. */
const LOOKS = 200;
const RESTARTS = 10;

const STEADY = 1;
const RESTARTED = 2;

/** The calls of a log on file. */
export function linesOfLog(path: string): EventLine[] {
  return linesOfEntries(readLogFile(path));
}

/** The calls of a log. Entries are numbered from 1. */
export function linesOfEntries(entries: readonly Uint8Array[]): EventLine[] {
  const lines: EventLine[] = [];
  const t = Micros(0);
  const lookEvery = Math.ceil(entries.length / LOOKS);
  const restartEvery = Math.max(2, Math.ceil(entries.length / RESTARTS));
  const applied = { reply: { kind: "answer", outputs: [], complete: true }, emissions: [] } as const;
  const bytes = new Uint8Array(0);
  for (const [at, each] of entries.entries()) {
    const index = LogIndex(BigInt(at + 1));
    const on = { t, partition: 1, index } as const;
    const { input } = decodeEntry(index, each);
    lines.push({ e: "commit", ...on, term: 1, origin: `entry ${index}`, input, bytes: each });
    for (const replica of [STEADY, RESTARTED]) lines.push({ e: "apply", ...on, replica, applied });
    const last = at === entries.length - 1;
    if (last || at % lookEvery === 0) {
      for (const replica of [STEADY, RESTARTED]) lines.push({ e: "observe", ...on, replica, why: "drawn", bytes });
    }
    if (!last && (at + 1) % restartEvery !== 0) continue;
    const snapshot = Math.floor((at + 1) / restartEvery) + 1;
    const offer = { ...on, replica: RESTARTED, snapshot, why: "restart", result: { kind: "restored" } } as const;
    lines.push(
      { e: "save", ...on, replica: RESTARTED, snapshot, bytes },
      { e: "restore", ...offer, chunks: [], damage: "the last bit turned over" },
      { e: "observe", ...on, replica: RESTARTED, why: "after-refusal", bytes },
      { e: "replica", t, partition: 1, replica: RESTARTED, change: "crash" },
      { e: "restore", ...offer, chunks: [7, 1, 4096] },
      { e: "observe", ...on, replica: RESTARTED, why: "restored", bytes },
    );
  }
  return lines;
}
