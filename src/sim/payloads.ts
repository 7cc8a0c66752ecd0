// The payloads of operations: from a plan's arguments and what a client has seen to bytes, and from answers to what it has
// seen. What a service does with them is not known here.
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
      return having.element === undefined ? EMPTY : set.AddInput.encode({ element: having.element }).finish();
    case "lock":
      return operation === "Acquire"
        ? lock.AcquireInput.encode({ timeout: durationOf(having.timeoutNanos) }).finish()
        : EMPTY;
    case "election":
      return having.candidate === undefined
        ? EMPTY
        : election.EnterInput.encode({ candidate: having.candidate }).finish();
    default:
      return EMPTY;
  }
}

/** The payload of a Release with a token. */
export function releasePayload(token: bigint | undefined): Uint8Array {
  return lock.ReleaseInput.encode({ token }).finish();
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
      return SetInput.encode({ value: number }).finish();
    case "CompareAndSet": {
      const last = seen.get("") ?? 0n;
      const other = BigInt.asIntN(64, last + 1n);
      return CompareAndSetInput.encode({
        expect: having.expect === "other" ? other : last,
        update: number,
      }).finish();
    }
    case "Increment":
      return IncrementInput.encode({ delta }).finish();
    case "Decrement":
      return DecrementInput.encode({ delta }).finish();
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
      return value.SetInput.encode({ value: content, ttl }).finish();
    case "Update":
      return value.UpdateInput.encode({ value: content, version: versionOf(seen, "", having), ttl }).finish();
    case "Delete":
      return value.DeleteInput.encode({ version: versionOf(seen, "", having) }).finish();
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
      return map.PutInput.encode({ key, value: content, ttl }).finish();
    case "Update":
      return map.UpdateInput.encode({ key, value: content, version: versionOf(seen, key, having), ttl }).finish();
    case "Remove":
      return map.RemoveInput.encode({ key, version: versionOf(seen, key, having) }).finish();
    case "Get":
      return map.GetInput.encode({ key }).finish();
    case "Events":
      return map.EventsInput.encode({ key: having.key }).finish();
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
