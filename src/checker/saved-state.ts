// The judge's own reader of saved states: the envelope, the message inside, and what the bytes say of themselves, whether or
// not any model agrees. Shares nothing with the writer on trial but the message's codec. SPEC 2.5.
import { decode, encode as encodeMessage } from "../protocol/codec.js";
import { compareUints } from "../base/key-order.js";
import { isDurationInRange, isTimestampInRange, toNanos } from "../base/time.js";
import { CommandState, PartitionSnapshot, type SessionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { type DataFacts, type ModelRegistry, sameBytes } from "./models/service.js";

const MAGIC = [0x4d, 0x52, 0x53, 0x4e]; // "MRSN"
const HEADER = 20;

/** A saved state, or why it is none. */
export type SavedState =
  | { readonly kind: "state"; readonly payload: Uint8Array; readonly state: PartitionSnapshot }
  | { readonly kind: "unreadable"; readonly says: string };

/** Opens the envelope and decodes the message. The checksum is the restoring machine's business. */
export function readSavedState(bytes: Uint8Array): SavedState {
  if (bytes.length < HEADER) return { kind: "unreadable", says: "it is shorter than an envelope's header" };
  if (MAGIC.some((byte, at) => bytes[at] !== byte)) return { kind: "unreadable", says: "it has no envelope" };
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER);
  if (header.getUint16(4) !== 1 || header.getUint16(6) !== 0) {
    return { kind: "unreadable", says: "its envelope is of another format" };
  }
  if (header.getBigUint64(8) !== BigInt(bytes.length - HEADER)) {
    return { kind: "unreadable", says: "its envelope names another length" };
  }
  const payload = bytes.subarray(HEADER);
  if (header.getUint32(16) !== crc32(payload))
    return { kind: "unreadable", says: "its envelope's checksum is another" };
  try {
    return { kind: "state", payload, state: decode(PartitionSnapshot, payload) };
  } catch {
    return { kind: "unreadable", says: "the message in its envelope does not decode" };
  }
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  return crc;
});

/** The CRC-32 (IEEE) of bytes, as an envelope carries it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ (CRC[(crc ^ (bytes[i] as number)) & 255] as number);
  return ~crc >>> 0;
}

/**
 * Why the state is not in canonical form; null where it is.
 * @param knownData whether every service's data is known to be canonical
 * @param encode whether to see that it encodes to itself: that costs most
 */
export function disorderOf(
  saved: SavedState & { kind: "state" },
  kinds: ModelRegistry,
  knownData: boolean,
  encode: boolean,
): string | null {
  const { state, payload } = saved;
  if (!ascending(state.sessions, (session) => session.sessionId)) return "sessions are not by id";
  for (const session of state.sessions) {
    if (!commandsInOrder(session)) return "a session's commands are not by number, or not once each";
  }
  if (!ascending(state.services, (service) => service.serviceId)) return "services are not by id";
  for (const service of state.services) {
    if (!ascending(service.sessions, (session) => session)) return "a service's sessions are not by id";
    if (knownData) continue;
    const kind = service.spec?.service ?? "";
    const disorder = factsOf(kind, service.data, kinds)?.disorder ?? null;
    if (disorder !== null) return `in the ${kind}: ${disorder}`;
  }
  if (!encode || sameBytes(encodeMessage(PartitionSnapshot, state), payload)) return null;
  return "it encodes to other bytes";
}

/** What a service's saved state says of itself; null where the judge cannot read it. */
export function factsOf(kind: string, data: Uint8Array, kinds: ModelRegistry): DataFacts | null {
  return Object.hasOwn(kinds, kind) ? (kinds[kind]?.facts(data) ?? null) : null;
}

function ascending<Item>(items: readonly Item[], key: (item: Item) => bigint): boolean {
  for (let i = 1; i < items.length; i++) if (key(items[i - 1] as Item) >= key(items[i] as Item)) return false;
  return true;
}

// By number; at equal numbers listed, mark, command. One mark at most.
function commandsInOrder({ commands }: SessionSnapshot): boolean {
  const rank = (at: number): number => {
    const command = commands[at];
    if (command?.input !== undefined) return 2;
    return command?.state === CommandState.COMMAND_OPEN ? 0 : 1;
  };
  let marks = 0;
  for (let i = 0; i < commands.length; i++) {
    if (rank(i) === 1) marks++;
    if (i === 0) continue;
    const order = compareUints(commands[i - 1]?.commandSequenceNum ?? 0n, commands[i]?.commandSequenceNum ?? 0n);
    if (order > 0 || (order === 0 && rank(i - 1) >= rank(i))) return false;
  }
  return marks <= 1;
}

/** What is due by the state's own time and still there; null without. */
export function dueIn({ timestamp, sessions, services }: PartitionSnapshot, kinds: ModelRegistry): string | null {
  if (timestamp === undefined || !isTimestampInRange(timestamp)) return null;
  const now = toNanos(timestamp);
  for (const { sessionId, timeout, lastUpdated } of sessions) {
    if (timeout === undefined || lastUpdated === undefined || !isDurationInRange(timeout)) continue;
    if (toNanos(lastUpdated) + toNanos(timeout) <= now) return `session ${sessionId}`;
  }
  for (const { spec, data } of services) {
    const facts = factsOf(spec?.service ?? "", data, kinds);
    if (facts?.deadlines.some((deadline) => deadline <= now) === true)
      return `a timer of a ${spec?.service ?? "service"}`;
  }
  return null;
}

/** Sessions that a service still serves and that the state itself does not know: [session, kind of service] or null. */
export function ghostIn({ sessions, services }: PartitionSnapshot, kinds: ModelRegistry): Ghost | null {
  const alive = new Set(sessions.map((session) => session.sessionId));
  for (const { spec, data, sessions: users } of services) {
    const kind = spec?.service ?? "service";
    const facts = factsOf(kind, data, kinds);
    const holder = facts?.holders.find((session) => !alive.has(session));
    if (holder !== undefined) return { session: holder, kind, as: kind === "election" ? "participant" : "holder" };
    const waiting = facts?.waiting.find(({ session }) => !alive.has(session))?.session;
    if (waiting !== undefined) return { session: waiting, kind, as: "waiter" };
    const user = users.find((session) => !alive.has(session));
    if (user !== undefined) return { session: user, kind, as: "user" };
  }
  return null;
}

/** A dead session that still has a part in a service. */
export interface Ghost {
  readonly session: bigint;
  readonly kind: string;
  readonly as: "holder" | "participant" | "waiter" | "user";
}
