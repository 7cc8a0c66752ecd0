// A service in one line, and as rows of a table: what its saved state says, whoever saved it – the models' own state and an
// observed one are read by the same words, so that the same state reads the same. Judges nothing.
import { NANOS_PER_SECOND, toNanos, type SecondsAndNanos, VIRTUAL_START_SECONDS } from "../base/time.js";
import { CounterState } from "../proto/multiraft_sim/counter/v1/counter.js";
import { ElectionState } from "../proto/multiraft_sim/election/v1/election.js";
import { LockState } from "../proto/multiraft_sim/lock/v1/lock.js";
import { MapState } from "../proto/multiraft_sim/map/v1/map.js";
import { SetState } from "../proto/multiraft_sim/set/v1/set.js";
import { ValueState } from "../proto/multiraft_sim/value/v1/value.js";
import { bytesInWords } from "./payloads.js";

/** What a service shows: a holder, a leader, a value. */
export interface Headline {
  readonly text: string;
  readonly session?: string;
  readonly note?: string;
}

/** A service's state: its headline, and its rows by name. */
export interface Reading {
  readonly headline: Headline;
  readonly rows: readonly (readonly [name: string, text: string])[];
}

type Reader = (data: Uint8Array) => Reading;

const START = BigInt(VIRTUAL_START_SECONDS) * NANOS_PER_SECOND;

/** An instant of log time, in microseconds since the start of the run. */
export const sinceStart = (nanos: bigint): number => Number(nanos - START) / 1000;

/** The same in words: "+12.345 s". */
export function logTimeInWords(nanos: bigint): string {
  if (nanos === 0n) return "not told yet";
  const seconds = sinceStart(nanos) / 1e6;
  // Somebody counted from the epoch rather than from log time.
  if (seconds < -900_000_000) return `1970 + ${Number((Number(nanos) / 1e9).toFixed(6))} s`;
  return `${seconds < 0 ? "−" : "+"}${Number(Math.abs(seconds).toFixed(6))} s`;
}

/** A sentence of the judge's, its instants in nanoseconds since 1970 said as instants of the run. */
export const withInstants = (says: string): string =>
  says.replace(/\b(9\d{17})(?: ns)?\b/g, (_, nanos: string) => logTimeInWords(BigInt(nanos)));

const until = (deadline: SecondsAndNanos | undefined): string =>
  deadline === undefined ? "" : `, until ${logTimeInWords(toNanos(deadline))}`;

const listenersRow = (
  listeners: readonly { readonly sessionId: bigint; readonly sequenceNum: bigint }[],
): (readonly [string, string])[] =>
  listeners.length === 0
    ? []
    : [["listeners", listeners.map(({ sessionId, sequenceNum }) => `session ${sessionId} #${sequenceNum}`).join(", ")]];

const readers: Readonly<Record<string, Reader>> = {
  counter: (data) => {
    const text = String(CounterState.decode(data).value);
    return { headline: { text }, rows: [["value", text]] };
  },
  value: (data) => {
    const { entry, listeners } = ValueState.decode(data);
    const rows = listenersRow(listeners);
    if (entry === undefined) return { headline: { text: "" }, rows: [["value", "none"], ...rows] };
    const text = bytesInWords(entry.value);
    const row = `${text}, version ${entry.version}${until(entry.deadline)}`;
    return { headline: { text, note: row }, rows: [["value", row], ...rows] };
  },
  map: (data) => {
    const { entries, listeners } = MapState.decode(data);
    const text = entries.map(({ key, value }) => `${key}=${bytesInWords(value)}`).join(" ");
    return {
      headline: { text, note: entries.length === 1 ? "1 key" : `${entries.length} keys` },
      rows: [
        ...entries.map(
          ({ key, value, version, deadline }) =>
            [`key ${key}`, `${bytesInWords(value)}, version ${version}${until(deadline)}`] as const,
        ),
        ...listenersRow(listeners),
      ],
    };
  },
  set: (data) => {
    const { elements, listeners } = SetState.decode(data);
    const text = `{${elements.join(", ")}}`;
    return {
      headline: { text: elements.length === 0 ? "" : text },
      rows: [["elements", text], ...listenersRow(listeners)],
    };
  },
  lock: (data) => {
    const { holder, waiters } = LockState.decode(data);
    const queue = waiters.map(
      ({ sessionId, sequenceNum, deadline }) => `session ${sessionId} #${sequenceNum}${until(deadline)}`,
    );
    const waits = queue.length === 0 ? "nobody waits" : `waiting: ${queue.join("; ")}`;
    const behind = waiters.length === 0 ? "" : ` · waiting: ${waiters.map(({ sessionId }) => sessionId).join(", ")}`;
    const held = holder === undefined ? "nobody" : `session ${holder.sessionId}, token ${holder.token}`;
    return {
      headline:
        holder === undefined
          ? { text: "", note: `free; ${waits}` }
          : {
              text: `session ${holder.sessionId}${behind}`,
              session: String(holder.sessionId),
              note: `${held}; ${waits}`,
            },
      rows: [
        ["holder", held],
        ["queue", queue.length === 0 ? "empty" : queue.join("; ")],
      ],
    };
  },
  election: (data) => {
    const { term, participants, listeners } = ElectionState.decode(data);
    const [leader, ...rest] = participants;
    const named = ({ name, sessionId }: { name: string; sessionId: bigint }): string =>
      `${name} (session ${sessionId})`;
    const candidates = rest.length === 0 ? "none" : rest.map(named).join(", ");
    const leads = leader === undefined ? "nobody" : named(leader);
    return {
      headline: {
        text: leader === undefined ? "" : [leader, ...rest].map(({ name }) => name).join(" · then "),
        ...(leader === undefined ? {} : { session: String(leader.sessionId) }),
        note: `term ${term}: ${leads} leads; candidates: ${candidates}`,
      },
      rows: [["term", String(term)], ["leader", leads], ["candidates", candidates], ...listenersRow(listeners)],
    };
  },
};

/** What the bytes of a service's state say. */
export function readService(kind: string, data: Uint8Array): Reading {
  const reader = Object.hasOwn(readers, kind) ? readers[kind] : undefined;
  const plain = `${data.length} bytes`;
  if (reader === undefined) return { headline: { text: plain }, rows: [["state", plain]] };
  try {
    return reader(data);
  } catch {
    return { headline: { text: "unreadable" }, rows: [["state", `${plain} that do not decode`]] };
  }
}
