// The payloads of operations, as the short logs of the zoo need them.
import { EnterInput } from "../src/proto/multiraft_sim/election/v1/election.js";
import { AcquireInput } from "../src/proto/multiraft_sim/lock/v1/lock.js";
import { GetInput, PutInput, RemoveInput } from "../src/proto/multiraft_sim/map/v1/map.js";
import { AddInput } from "../src/proto/multiraft_sim/set/v1/set.js";
import { SetInput, UpdateInput } from "../src/proto/multiraft_sim/value/v1/value.js";

interface Span {
  readonly seconds: bigint;
  readonly nanos: number;
}

const span = (seconds: number | undefined): Span | undefined =>
  seconds === undefined ? undefined : { seconds: BigInt(seconds), nanos: 0 };

/** Waits so many seconds; for ever without. */
export const acquire = (seconds?: number): Uint8Array => AcquireInput.encode({ timeout: span(seconds) }).finish();

export const put = (key: string, value: number, ttl?: number): Uint8Array =>
  PutInput.encode({ key, value: Uint8Array.of(value), ttl: span(ttl) }).finish();

export const remove = (key: string): Uint8Array => RemoveInput.encode({ key, version: undefined }).finish();

export const get = (key: string): Uint8Array => GetInput.encode({ key }).finish();

export const set = (value: number, ttl?: number): Uint8Array =>
  SetInput.encode({ value: Uint8Array.of(value), ttl: span(ttl) }).finish();

/** Over what has that version. */
export const update = (value: number, version: number): Uint8Array =>
  UpdateInput.encode({ value: Uint8Array.of(value), version: BigInt(version), ttl: undefined }).finish();

export const add = (element: string): Uint8Array => AddInput.encode({ element }).finish();

/** Of Enter and of every other operation that names a candidate: all of them have that one field. */
export const candidate = (name: string): Uint8Array => EnterInput.encode({ candidate: name }).finish();
