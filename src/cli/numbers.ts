// Numbers as people read them, the same on every machine: no locale has a say.
import { UsageError } from "../base/usage-error.js";

/** 1234567 as "1,234,567". */
export function grouped(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 seed", "2 seeds"; "2 entries" where the plural is another. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}

/** Seconds as "9.8 s", "3 min 20 s", "8 h 20 min", "3 d 4 h". */
export function span(seconds: number): string {
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Reads a whole number of at least `least`, as an option gave it. */
export function wholeNumber(text: string, what: string, least: number): number {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`${what} ${text}: not a whole number of at least ${least}`);
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Reads "90s", "10m", "8h" as milliseconds. */
export function durationMillis(text: string, what: string): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)$/.exec(text);
  const millis = Number(match?.[1]) * (units[match?.[2] ?? ""] ?? Number.NaN);
  if (millis > 0) return millis;
  throw new UsageError(`${what} ${text}: not a span of time`, "Write it as 90s, 10m or 8h.");
}
