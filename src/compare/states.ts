// Two saved states: whether they say the same, and if not, which field is the first to differ. Reads them as a person would,
// by replay's eyes; what can't be read is compared as bytes where equal states must give equal bytes, else not at all.
import { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import type { Capabilities } from "../protocol/machine.js";
import { open } from "../protocol/snapshot-envelope.js";
import { type Json, sameBytes } from "../protocol/wire.js";
import { readable } from "../replay/state.js";
import type { Finding } from "./difference.js";

/** How far saved states can be compared: as bytes, as far as they can be read, or not at all. */
export type Reading = "canonical" | "readable" | "opaque";

/** What two machines that are looked at have in common. `why`: as they save themselves, or as they let themselves be looked at. */
export function readingOf(one: Capabilities, other: Capabilities, why: "saved" | "observed"): Reading {
  const of = ({ snapshots, observations }: Capabilities): Reading =>
    why === "observed" ? (observations ?? snapshots) : snapshots;
  const order: readonly Reading[] = ["opaque", "readable", "canonical"];
  return order[Math.min(order.indexOf(of(one)), order.indexOf(of(other)))] as Reading;
}

/** The first difference of two states; undefined where there is none, or where none can be seen. */
export function statesDiffer(one: Uint8Array, other: Uint8Array, reading: Reading): Finding | undefined {
  if (reading === "opaque" || sameBytes(one, other)) return undefined;
  const left = partsOf(one);
  const right = partsOf(other);
  if (left === undefined || right === undefined) return { ...bytesDiffer(one, other), about: "unreadable" };
  const gone = firstMissing(left.sessions, right.sessions);
  if (gone !== undefined) return gone;
  const field = fieldThatDiffers(left, right);
  if (field !== undefined) return field;
  return reading === "canonical" ? serviceBytesDiffer(one, other) : undefined;
}

function bytesDiffer(one: Uint8Array, other: Uint8Array): Omit<Finding, "about"> {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const words = (bytes: Uint8Array): string =>
    `${bytes.length} bytes, from byte ${at}: ${Buffer.from(bytes.subarray(at, at + 12)).toString("hex") || "nothing"}`;
  return { kind: "snapshot bytes", how: "", baseline: words(one), candidate: words(other) };
}

type Fields = { readonly [name: string]: Json };

interface Parts {
  /** By id, as decimal text. */
  readonly sessions: ReadonlyMap<string, Fields>;
  readonly services: ReadonlyMap<string, Fields>;
  readonly rest: Fields;
}

function partsOf(bytes: Uint8Array): Parts | undefined {
  let json: Fields;
  try {
    json = readable(bytes) as Fields;
  } catch {
    return undefined;
  }
  if ("opaque" in json) return undefined;
  const { sessions, services, ...rest } = json;
  return { sessions: byId(sessions, "sessionId"), services: byId(services, "serviceId"), rest };
}

function byId(list: Json | undefined, id: string): Map<string, Fields> {
  const items = (Array.isArray(list) ? list : []) as readonly Fields[];
  return new Map(items.map((each) => [textOf(each[id]), each]));
}

function textOf(json: Json | undefined): string {
  return typeof json === "string" ? json : JSON.stringify(json ?? "");
}

// Which sessions live is more than a field: it says that one of them ended early, or late.
function firstMissing(left: Parts["sessions"], right: Parts["sessions"]): Finding | undefined {
  const says = (id: string, lives: boolean): string => (lives ? `session ${id} lives` : `session ${id} is gone`);
  for (const id of left.keys()) {
    if (right.has(id)) continue;
    return {
      kind: "expiry",
      about: "a session",
      how: "ends earlier",
      baseline: says(id, true),
      candidate: says(id, false),
    };
  }
  for (const id of right.keys()) {
    if (left.has(id)) continue;
    return {
      kind: "expiry",
      about: "a session",
      how: "ends later",
      baseline: says(id, false),
      candidate: says(id, true),
    };
  }
  return undefined;
}

function fieldThatDiffers(left: Parts, right: Parts): Finding | undefined {
  for (const [id, one] of left.sessions) {
    const found = jsonDiffers(one, right.sessions.get(id), "session", `session ${id}`);
    if (found !== undefined) return found;
  }
  for (const [id, one] of left.services) {
    const kind = textOf(one["service"]);
    const found = jsonDiffers(one, right.services.get(id), kind, `service ${id}`);
    if (found !== undefined) return found;
  }
  for (const [id, other] of right.services) {
    if (!left.services.has(id)) return jsonDiffers(undefined, other, textOf(other["service"]), `service ${id}`);
  }
  return jsonDiffers(left.rest, right.rest, "", "");
}

/** `path` goes into the fingerprint, `place` has ids and numbers. */
function jsonDiffers(one: Json | undefined, other: Json | undefined, path: string, place: string): Finding | undefined {
  if (one === other) return undefined;
  if (Array.isArray(one) && Array.isArray(other)) {
    for (let at = 0; at < Math.max(one.length, other.length); at++) {
      const found = jsonDiffers(one[at] as Json, other[at] as Json, path, `${place}[${at}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isRecord(one) && isRecord(other)) {
    for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
      // `data` holds what the service saved: its fields are named as if they were the service's own.
      const inner = path === "" ? name : name === "data" ? path : `${path}.${name}`;
      const found = jsonDiffers(one[name], other[name], inner, `${place}${place === "" ? "" : "."}${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const says = (json: Json | undefined): string =>
    `${place}: ${json === undefined ? "nothing" : shortened(JSON.stringify(json))}`;
  return { kind: "state", about: path, how: "", baseline: says(one), candidate: says(other) };
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

function isRecord(json: Json | undefined): json is Fields {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

// Read, they say the same: the bytes differ in their order, or in fields that nobody here knows.
function serviceBytesDiffer(one: Uint8Array, other: Uint8Array): Finding {
  const [left, right] = [dataOf(one), dataOf(other)];
  for (const [id, { kind, data }] of left) {
    const there = right.get(id);
    if (there === undefined || sameBytes(data, there.data)) continue;
    const words = (bytes: Uint8Array): string =>
      `service ${id}: ${shortened(Buffer.from(bytes).toString("hex")) || "nothing"}`;
    return { kind: "snapshot bytes", about: kind, how: "", baseline: words(data), candidate: words(there.data) };
  }
  return { ...bytesDiffer(one, other), about: "partition" };
}

function dataOf(bytes: Uint8Array): Map<bigint, { readonly kind: string; readonly data: Uint8Array }> {
  const opened = open(bytes);
  if (opened.kind === "refused") return new Map();
  const { services } = PartitionSnapshot.decode(opened.payload);
  return new Map(services.map(({ serviceId, spec, data }) => [serviceId, { kind: spec?.service ?? "", data }]));
}
