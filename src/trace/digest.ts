// A running 64-bit hash of a run's lines, taken from the values in memory: no JSON, no bytes, no object's identity.
// Equal lines give equal digests whatever order their fields were written in; a field that is undefined counts as absent.
// While exploring it is all that is kept of a run; two runs of one seed are compared by it.
import type { CommandOutput, ServiceCommandOutput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { Applied } from "../protocol/machine.js";

const keys = new Map<string, number>();
const wide = new BigUint64Array(1);
const halves = new Uint32Array(wide.buffer);
const float = new Float64Array(1);
const floatHalves = new Uint32Array(float.buffer);

// What a value is goes in before the value, so that 1, 1n, "1" and [1] differ.
const NOTHING = 0x1b873593;
const TRUE = 0x2c1b3c6d;
const FALSE = 0x297a2d39;
const INTEGER = 0x165667b1;
const FRACTION = 0x27d4eb2f;
const BIG = 0x3c6ef372;
const TEXT = 0x510e527f;
const BYTES = 0x5be0cd19;
const LIST = 0x6a09e667;
const MAP = 0x71374491;
const RECORD = 0x7137aa11;

// The state stands in the module while a line goes through, so that the walk allocates nothing.
let a = 0;
let b = 0;

function mix(word: number): void {
  a = Math.imul(a ^ word, 0x9e3779b1);
  a ^= a >>> 15;
  b = Math.imul(b + word, 0x85ebca6b) ^ a;
  b = (b << 13) | (b >>> 19);
}

function value(of: unknown): void {
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

function uint64(of: bigint): void {
  wide[0] = of;
  mix(BIG ^ (halves[0] as number));
  mix(halves[1] as number);
}

function number(of: number): void {
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

function text(of: string): void {
  const length = of.length;
  mix(TEXT ^ length);
  let at = 0;
  for (; at + 1 < length; at += 2) mix(of.charCodeAt(at) | (of.charCodeAt(at + 1) << 16));
  if (at < length) mix(of.charCodeAt(at));
}

function bytes(of: Uint8Array): void {
  const length = of.length;
  mix(BYTES ^ length);
  let at = 0;
  for (; at + 3 < length; at += 4) {
    mix(
      (of[at] as number) |
        ((of[at + 1] as number) << 8) |
        ((of[at + 2] as number) << 16) |
        ((of[at + 3] as number) << 24),
    );
  }
  for (; at < length; at++) mix(of[at] as number);
}

function list(of: readonly unknown[]): void {
  mix(LIST ^ of.length);
  for (let at = 0; at < of.length; at++) value(of[at]);
}

// Entries of a map and fields of a record have no order of their own: each is hashed alone, and the hashes are added up.
function map(of: ReadonlyMap<unknown, unknown>): void {
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

function record(of: Readonly<Record<string, unknown>>): void {
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
function applied({ reply, emissions }: Applied): void {
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

function keyHash(key: string): number {
  a = 0x243f6a88;
  b = 0x13198a2e;
  text(key);
  const hash = a ^ b;
  keys.set(key, hash);
  return hash;
}

/** The running digest of one run. */
export class Digest {
  #a = 0x428a2f98;
  #b = 0x2cea2731 | 0;

  /** Takes in the next line. It is only read. */
  add(line: object): void {
    a = this.#a;
    b = this.#b;
    record(line as Readonly<Record<string, unknown>>);
    this.#a = a;
    this.#b = b;
  }

  /** The digest so far, as 16 hexadecimal digits. */
  hex(): string {
    a = this.#a;
    b = this.#b;
    mix(0x2545f491);
    mix(0x7ed558cc);
    mix(0x4f6cdd1d);
    return hex32(a) + hex32(b);
  }
}

function hex32(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

/** The digest of one sequence of lines. */
export function digestOf(lines: Iterable<object>): string {
  const digest = new Digest();
  for (const line of lines) digest.add(line);
  return digest.hex();
}
