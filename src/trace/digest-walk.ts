// The walk that a digest is made by: a 64-bit state that takes in values word by word, from memory. No JSON, no bytes made.
// Any value by value(); a record whose fields are known by recordBegins(), a call for each field, recordEnds().
import type { CommandOutput, ServiceCommandOutput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { Applied } from "../protocol/machine.js";

const keys = new Map<string, number>();
const wide = new BigUint64Array(1);
const halves = new Uint32Array(wide.buffer);
const float = new Float64Array(1);
const floatHalves = new Uint32Array(float.buffer);

// What a value is goes in before the value, so that 1, 1n, "1" and [1] differ.
const NOTHING = 0x1b873593;
export const TRUE = 0x2c1b3c6d;
export const FALSE = 0x297a2d39;
const INTEGER = 0x165667b1;
const FRACTION = 0x27d4eb2f;
const BIG = 0x3c6ef372;
const TEXT = 0x510e527f;
const BYTES = 0x5be0cd19;
export const LIST = 0x6a09e667;
const MAP = 0x71374491;
const RECORD = 0x7137aa11;

// The state stands in the module while a line goes through, so that the walk allocates nothing.
let a = 0;
let b = 0;

/** One word more. */
export function mix(word: number): void {
  a = Math.imul(a ^ word, 0x9e3779b1);
  a ^= a >>> 15;
  b = Math.imul(b + word, 0x85ebca6b) ^ a;
  b = (b << 13) | (b >>> 19);
}

export function value(of: unknown): void {
  switch (typeof of) {
    case "string":
      text(of);
      return;
    case "number":
      number(of);
      return;
    case "bigint":
      uint64(of);
      return;
    case "boolean":
      mix(of ? TRUE : FALSE);
      return;
    case "object":
      if (of === null) mix(NOTHING);
      else if (of instanceof Uint8Array) bytes(of);
      else if (Array.isArray(of)) list(of);
      else if (of instanceof Map) map(of);
      else record(of as Readonly<Record<string, unknown>>);
      return;
    default:
      mix(NOTHING);
  }
}

export function uint64(of: bigint): void {
  wide[0] = of;
  mix(BIG ^ (halves[0] as number));
  mix(halves[1] as number);
}

export function number(of: number): void {
  if (of === (of | 0)) {
    mix(INTEGER);
    mix(of | 0);
  } else if (Number.isSafeInteger(of)) {
    mix(INTEGER);
    mix(of | 0);
    mix((of / 0x1_0000_0000) | 0);
  } else {
    float[0] = of;
    mix(FRACTION);
    mix(floatHalves[0] as number);
    mix(floatHalves[1] as number);
  }
}

// The loops of texts and bytes hold the state in variables of their own: the same steps as mix().
export function text(of: string): void {
  const length = of.length;
  mix(TEXT ^ length);
  let x = a;
  let y = b;
  let at = 0;
  for (; at + 1 < length; at += 2) {
    const word = of.charCodeAt(at) | (of.charCodeAt(at + 1) << 16);
    x = Math.imul(x ^ word, 0x9e3779b1);
    x ^= x >>> 15;
    y = Math.imul(y + word, 0x85ebca6b) ^ x;
    y = (y << 13) | (y >>> 19);
  }
  a = x;
  b = y;
  if (at < length) mix(of.charCodeAt(at));
}

export function bytes(of: Uint8Array): void {
  const length = of.length;
  mix(BYTES ^ length);
  let x = a;
  let y = b;
  let at = 0;
  for (; at + 3 < length; at += 4) {
    const word =
      (of[at] as number) |
      ((of[at + 1] as number) << 8) |
      ((of[at + 2] as number) << 16) |
      ((of[at + 3] as number) << 24);
    x = Math.imul(x ^ word, 0x9e3779b1);
    x ^= x >>> 15;
    y = Math.imul(y + word, 0x85ebca6b) ^ x;
    y = (y << 13) | (y >>> 19);
  }
  a = x;
  b = y;
  for (; at < length; at++) mix(of[at] as number);
}

function list(of: readonly unknown[]): void {
  mix(LIST ^ of.length);
  for (let at = 0; at < of.length; at++) value(of[at]);
}

// Entries of a map and fields of a record have no order of their own: each is hashed alone, and the hashes are added up.
export function map(of: ReadonlyMap<unknown, unknown>): void {
  const outerA = a;
  const outerB = b;
  let sumA = 0;
  let sumB = 0;
  for (const [key, held] of of) {
    a = MAP;
    b = ~MAP;
    value(key);
    value(held);
    sumA = (sumA + a) | 0;
    sumB = (sumB + b) | 0;
  }
  a = outerA;
  b = outerB;
  mix(MAP ^ of.size);
  mix(sumA);
  mix(sumB);
}

/** A record of any shape: its fields in no order of their own; one that is undefined counts as absent. */
export function record(of: Readonly<Record<string, unknown>>): void {
  const outerA = a;
  const outerB = b;
  let sumA = 0;
  let sumB = 0;
  for (const key in of) {
    const held = of[key];
    if (held === undefined) continue;
    const name = keys.get(key) ?? keyHash(key);
    a = name;
    b = ~name;
    if (key === "applied") applied(held as Applied);
    else value(held);
    sumA = (sumA + a) | 0;
    sumB = (sumB + b) | 0;
  }
  a = outerA;
  b = outerB;
  mix(RECORD);
  mix(sumA);
  mix(sumB);
}

// What a machine answered is the bulk of a run: the same walk, spelled out field by field.
export function applied({ reply, emissions }: Applied): void {
  if (reply.kind === "failure") {
    mix(FALSE ^ reply.status);
    text(reply.message);
  } else {
    mix((reply.complete ? TRUE : FALSE) ^ reply.outputs.length);
    for (const output of reply.outputs) commandOutput(output);
  }
  mix(LIST ^ emissions.length);
  for (const emission of emissions) {
    uint64(emission.sessionId);
    uint64(emission.commandNum);
    mix(emission.complete ? TRUE : FALSE);
    serviceCommandOutput(emission.output);
  }
}

function commandOutput({ index, output }: CommandOutput): void {
  uint64(index);
  const inner = output?.$case === "sessionCommand" ? output.value.output : undefined;
  if (inner?.$case === "serviceCommand") {
    mix(RECORD);
    serviceCommandOutput(inner.value);
  } else {
    value(output);
  }
}

function serviceCommandOutput({ sequenceNum, operation }: ServiceCommandOutput): void {
  uint64(sequenceNum);
  if (operation === undefined) {
    mix(NOTHING);
  } else {
    mix(INTEGER ^ operation.status);
    bytes(operation.payload);
    text(operation.message);
  }
}

/** What the name of a field adds. Spoils the state: not for use within a walk. */
export function keyHash(key: string): number {
  a = 0x243f6a88;
  b = 0x13198a2e;
  text(key);
  const hash = a ^ b;
  keys.set(key, hash);
  return hash;
}

// --- records whose fields are known

// The sums of the record that is being walked, over its fields so far.
let sumA = 0;
let sumB = 0;
// State and sums of the records around it.
const around = new Int32Array(4 * 64);
let depth = 0;

/** A record begins. Its fields follow in any order, each by one of the calls below. */
export function recordBegins(): void {
  around[depth] = a;
  around[depth + 1] = b;
  around[depth + 2] = sumA;
  around[depth + 3] = sumB;
  depth += 4;
  sumA = 0;
  sumB = 0;
}

/** The record that began last is over: it comes to what record() makes of it. */
export function recordEnds(): void {
  depth -= 4;
  a = around[depth] as number;
  b = around[depth + 1] as number;
  mix(RECORD);
  mix(sumA);
  mix(sumB);
  sumA = around[depth + 2] as number;
  sumB = around[depth + 3] as number;
}

/** The value of a field follows. `name`: its keyHash(). */
export function fieldBegins(name: number): void {
  a = name;
  b = ~name;
}

export function fieldEnds(): void {
  sumA = (sumA + a) | 0;
  sumB = (sumB + b) | 0;
}

export function textField(name: number, held: string): void {
  fieldBegins(name);
  text(held);
  fieldEnds();
}

export function numberField(name: number, held: number): void {
  fieldBegins(name);
  number(held);
  fieldEnds();
}

export function uint64Field(name: number, held: bigint): void {
  fieldBegins(name);
  uint64(held);
  fieldEnds();
}

export function booleanField(name: number, held: boolean): void {
  fieldBegins(name);
  mix(held ? TRUE : FALSE);
  fieldEnds();
}

export function bytesField(name: number, held: Uint8Array): void {
  fieldBegins(name);
  bytes(held);
  fieldEnds();
}

/** A field of any value; one that is undefined counts as absent. */
export function valueField(name: number, held: unknown): void {
  if (held === undefined) return;
  fieldBegins(name);
  value(held);
  fieldEnds();
}

/** A field that always holds the same text: what it adds is known. */
export interface Constant {
  readonly a: number;
  readonly b: number;
}

/** Makes one. Spoils the state: not for use within a walk. */
export function constant(name: string, held: string): Constant {
  fieldBegins(keyHash(name));
  text(held);
  return { a, b };
}

export function constantField(held: Constant): void {
  sumA = (sumA + held.a) | 0;
  sumB = (sumB + held.b) | 0;
}

// --- the state

/** The walk goes on from this state. */
export function resume(stateA: number, stateB: number): void {
  a = stateA;
  b = stateB;
}

/** The two words of the state. */
export const stateA = (): number => a;
export const stateB = (): number => b;
