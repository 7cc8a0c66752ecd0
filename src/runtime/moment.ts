// Moments of virtual time as people write and read them: "+90", "+1.5s" after its start, or ISO 8601. Exact to the
// microsecond. Reads no clock.
import { Micros, MICROS_PER_SECOND, VIRTUAL_START_SECONDS } from "../base/time.js";
import { UsageError } from "../base/usage-error.js";
import { timestampFromText, timestampToText } from "../protocol/instant-text.js";

const ADVICE = "Give +SECONDS of virtual time, e.g. +12.5, or ISO 8601 with a zone, e.g. 2000-01-01T00:00:12.5Z.";

/** Reads a moment: seconds from the start of virtual time after a plus sign, or ISO 8601 with a zone. */
export function parseMoment(text: string): Micros {
  const moment = sinceStart(text) ?? iso(text);
  if (moment === undefined) throw new UsageError(`"${text}" is no moment of virtual time.`, ADVICE);
  if (moment < 0) throw new UsageError(`"${text}" is before virtual time starts, ${formatMoment(Micros(0))}.`, ADVICE);
  return Micros(moment);
}

/** The moment in ISO 8601, UTC: "2000-01-01T00:00:12.500Z". */
export function formatMoment(moment: Micros): string {
  const seconds = BigInt(VIRTUAL_START_SECONDS + Math.floor(moment / MICROS_PER_SECOND));
  const text = timestampToText({ seconds, nanos: (moment % MICROS_PER_SECOND) * 1000 });
  return text ?? `+${formatSeconds(moment)} s`;
}

/** The moment in seconds from the start of virtual time: "12.5". */
export function formatSeconds(moment: Micros): string {
  const fraction = String(moment % MICROS_PER_SECOND)
    .padStart(6, "0")
    .replace(/0+$/, "");
  const whole = String(Math.floor(moment / MICROS_PER_SECOND));
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

function sinceStart(text: string): number | undefined {
  const match = /^\+(\d{1,9})(?:\.(\d{1,6}))?s?$/.exec(text);
  return match === null ? undefined : Number(match[1]) * MICROS_PER_SECOND + microsOf(match[2]);
}

function iso(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|([+-])(\d\d):(\d\d))$/.exec(text);
  if (match === null) return undefined;
  const [, clock, fraction, sign, hours, minutes] = match;
  // Also refuses days and hours that no calendar has.
  const instant = timestampFromText(`${clock}Z`);
  if (instant === undefined || Number(hours ?? 0) > 23 || Number(minutes ?? 0) > 59) return undefined;
  const zone = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 * (sign === "-" ? -1 : 1);
  const seconds = Number(instant.seconds) - zone - VIRTUAL_START_SECONDS;
  return seconds * MICROS_PER_SECOND + microsOf(fraction);
}

function microsOf(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.padEnd(6, "0"));
}
