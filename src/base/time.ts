// The two measures of time: nanoseconds of log time (exact over the whole range of protobuf's types, so a bigint), and
// microseconds of virtual time (the simulation's agenda, so a plain integer). Nothing here reads a clock.
import type { Branded } from "./brand.js";

/** Nanoseconds, as a span or since the Unix epoch. Exact; may exceed 64 bits at the ends of protobuf's range. */
export type Nanos = Branded<bigint, "Nanos">;
export const Nanos = (value: bigint): Nanos => value as Nanos;

/** Microseconds of virtual time since {@link VIRTUAL_START_SECONDS}; an exact integer. */
export type Micros = Branded<number, "Micros">;
export const Micros = (value: number): Micros => value as Micros;

export const NANOS_PER_SECOND = 1_000_000_000n;
export const MICROS_PER_SECOND = 1_000_000;

/** 2000-01-01T00:00:00Z in seconds since the Unix epoch: where virtual time starts. SPEC 5. */
export const VIRTUAL_START_SECONDS = 946_684_800;

/** An instant of log time as it stands beside a run: "+5.4 s" since virtual time began, or since 1970 where it is long before. Exact. */
export function instantInWords(nanos: bigint): string {
  const start = BigInt(VIRTUAL_START_SECONDS) * NANOS_PER_SECOND;
  if (nanos < start / 2n) return `1970 ${nanos < 0n ? "-" : "+"} ${secondsInWords(nanos)}`;
  return `${nanos < start ? "-" : "+"}${secondsInWords(nanos - start)}`;
}

function secondsInWords(span: bigint): string {
  const size = span < 0n ? -span : span;
  const fraction = (size % NANOS_PER_SECOND).toString().padStart(9, "0").replace(/0+$/, "");
  return `${size / NANOS_PER_SECOND}${fraction === "" ? "" : `.${fraction}`} s`;
}

/** The shape of google.protobuf.Timestamp and Duration, and of our own Deadline. */
export interface SecondsAndNanos {
  readonly seconds: bigint;
  readonly nanos: number;
}

const MIN_TIMESTAMP_SECONDS = -62_135_596_800n; // 0001-01-01T00:00:00Z
const MAX_TIMESTAMP_SECONDS = 253_402_300_799n; // 9999-12-31T23:59:59Z
const MAX_DURATION_SECONDS = 315_576_000_000n; // 10 000 years

/** Whether protobuf's documentation allows this Timestamp: years 1 to 9999, nanos 0 to 999 999 999. */
export function isTimestampInRange(value: SecondsAndNanos): boolean {
  return (
    value.seconds >= MIN_TIMESTAMP_SECONDS &&
    value.seconds <= MAX_TIMESTAMP_SECONDS &&
    value.nanos >= 0 &&
    value.nanos <= 999_999_999
  );
}

/** Whether protobuf's documentation allows this Duration: within ±10 000 years, nanos of the same sign as seconds. */
export function isDurationInRange(value: SecondsAndNanos): boolean {
  const { seconds, nanos } = value;
  if (seconds < -MAX_DURATION_SECONDS || seconds > MAX_DURATION_SECONDS) return false;
  if (nanos < -999_999_999 || nanos > 999_999_999) return false;
  return !((seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0));
}

/** The same span or instant in nanoseconds. */
export function toNanos(value: SecondsAndNanos): Nanos {
  return Nanos(value.seconds * NANOS_PER_SECOND + BigInt(value.nanos));
}

/** The same instant as seconds and nanoseconds, nanos always from 0 to 999 999 999. */
export function fromNanos(value: Nanos): { seconds: bigint; nanos: number } {
  let seconds = value / NANOS_PER_SECOND;
  let nanos = Number(value % NANOS_PER_SECOND);
  if (nanos < 0) {
    seconds -= 1n;
    nanos += 1_000_000_000;
  }
  return { seconds, nanos };
}
