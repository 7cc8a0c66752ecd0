// Spans of time as people write them: "5s", "0.25s", "-1s". As short as can be, exact to the nanosecond.
import type { SecondsAndNanos } from "../base/time.js";

/** The shortest text for a span; undefined where its parts contradict each other. */
export function spanInWords({ seconds, nanos }: SecondsAndNanos): string | undefined {
  if (nanos === 0) return `${seconds}s`;
  if (Math.abs(nanos) > 999_999_999 || (seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0)) return undefined;
  const digits = String(Math.abs(nanos)).padStart(9, "0").replace(/0+$/, "");
  const whole = seconds < 0n ? -seconds : seconds;
  return `${nanos < 0 || seconds < 0n ? "-" : ""}${whole}.${digits}s`;
}

/** The span that a text says; undefined where it says none. */
export function spanFromWords(text: string): { seconds: bigint; nanos: number } | undefined {
  const match = /^(-?)([0-9]+)(?:\.([0-9]{1,9}))?s$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "0", digits = ""] = match;
  const nanos = Number(digits.padEnd(9, "0"));
  const seconds = BigInt(whole);
  return sign === "-" ? { seconds: -seconds, nanos: nanos === 0 ? 0 : -nanos } : { seconds, nanos };
}
