// The payloads of operations: from a plan's arguments and what a client has seen to bytes, and from answers to what it has
// seen. What a service does with them is not known here.
import { encode } from "../protocol/codec.js";
import {
  CompareAndSetInput,
  CounterOutput,
  DecrementInput,
  IncrementInput,
  SetInput,
} from "../proto/multiraft_sim/counter/v1/counter.js";
import * as election from "../proto/multiraft_sim/election/v1/election.js";
import * as lock from "../proto/multiraft_sim/lock/v1/lock.js";
import * as map from "../proto/multiraft_sim/map/v1/map.js";
import * as set from "../proto/multiraft_sim/set/v1/set.js";
import * as value from "../proto/multiraft_sim/value/v1/value.js";
import type { Duration } from "../proto/google/protobuf/duration.js";
import { decodeBase64 } from "../protocol/base64.js";
import type { Arguments } from "./plan.js";

/** What a client has seen of one service: the last version by key ("" for a value), or a counter's last value. */
export type Seen = Map<string, bigint>;

const EMPTY = new Uint8Array(0);

/** The payload of an operation of a service of that kind. One that is not known here has an empty payload. */
export function payloadOf(kind: string, operation: string, seen: Seen, having: Arguments): Uint8Array {
  if (having.payload !== undefined) return decodeBase64(having.payload, "standard") ?? EMPTY;
  switch (kind) {
    case "counter":
      return counterPayload(operation, seen, having);
    case "value":
      return valuePayload(operation, seen, having);
    case "map":
      return mapPayload(operation, seen, having);
    case "set":
      return having.element === undefined ? EMPTY : encode(set.AddInput, { element: having.element });
    case "lock":
      return operation === "Acquire" ? encode(lock.AcquireInput, { timeout: durationOf(having.timeoutNanos) }) : EMPTY;
    case "election":
      return having.candidate === undefined ? EMPTY : encode(election.EnterInput, { candidate: having.candidate });
    default:
      return EMPTY;
  }
}

/** The payload of a Release with a token. */
export function releasePayload(token: bigint | undefined): Uint8Array {
  return encode(lock.ReleaseInput, { token });
}

/** The token of a grant; undefined where the payload holds none. */
export function tokenOf(payload: Uint8Array): bigint | undefined {
  return tolerant(() => lock.AcquireOutput.decode(payload).token);
}

/** Takes note of what the answer to an operation says. */
export function remember(kind: string, operation: string, having: Arguments, payload: Uint8Array, seen: Seen): void {
  if (kind === "counter") {
    const now = tolerant(() => CounterOutput.decode(payload).value);
    if (now !== undefined) seen.set("", now);
  } else if (kind === "value" || kind === "map") {
    if (!["Set", "Put", "Insert", "Update"].includes(operation)) return;
    const version = tolerant(() => map.WriteOutput.decode(payload).version);
    if (version !== undefined) seen.set(having.key ?? "", version);
  }
}

function counterPayload(operation: string, seen: Seen, having: Arguments): Uint8Array {
  const number = BigInt(having.number ?? 0);
  const delta = having.delta === undefined ? undefined : BigInt(having.delta);
  switch (operation) {
    case "Set":
      return encode(SetInput, { value: number });
    case "CompareAndSet": {
      const last = seen.get("") ?? 0n;
      const other = BigInt.asIntN(64, last + 1n);
      return encode(CompareAndSetInput, {
        expect: having.expect === "other" ? other : last,
        update: number,
      });
    }
    case "Increment":
      return encode(IncrementInput, { delta });
    case "Decrement":
      return encode(DecrementInput, { delta });
    default:
      return EMPTY;
  }
}

function valuePayload(operation: string, seen: Seen, having: Arguments): Uint8Array {
  const content = bytesOf(having.value ?? "");
  const ttl = durationOf(having.ttlNanos);
  switch (operation) {
    case "Set":
    case "Insert":
      return encode(value.SetInput, { value: content, ttl });
    case "Update":
      return encode(value.UpdateInput, { value: content, version: versionOf(seen, "", having), ttl });
    case "Delete":
      return encode(value.DeleteInput, { version: versionOf(seen, "", having) });
    default:
      return EMPTY;
  }
}

function mapPayload(operation: string, seen: Seen, having: Arguments): Uint8Array {
  const content = bytesOf(having.value ?? "");
  const ttl = durationOf(having.ttlNanos);
  const key = having.key ?? "";
  switch (operation) {
    case "Put":
    case "Insert":
      return encode(map.PutInput, { key, value: content, ttl });
    case "Update":
      return encode(map.UpdateInput, { key, value: content, version: versionOf(seen, key, having), ttl });
    case "Remove":
      return encode(map.RemoveInput, { key, version: versionOf(seen, key, having) });
    case "Get":
      return encode(map.GetInput, { key });
    case "Events":
      return encode(map.EventsInput, { key: having.key });
    default:
      return EMPTY;
  }
}

function versionOf(seen: Seen, key: string, having: Arguments): bigint | undefined {
  if (having.version === undefined) return undefined;
  const last = seen.get(key) ?? 1n;
  return having.version === "seen" || last === 0n ? last : last - 1n;
}

/** A span of nanoseconds as protobuf has it; undefined stays undefined. */
export function durationOf(nanos: number | undefined): Duration | undefined {
  if (nanos === undefined) return undefined;
  // Truncates towards zero, so that both parts have the same sign.
  const seconds = Math.trunc(nanos / 1_000_000_000);
  return { seconds: BigInt(seconds), nanos: nanos - seconds * 1_000_000_000 };
}

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) & 0xff;
  return bytes;
}

// A machine on trial may answer anything: what can't be decoded was not seen.
function tolerant<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
