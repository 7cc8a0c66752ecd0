// Instants and spans as canonical JSON writes them: RFC 3339 in UTC, and "1.5s". Exact to the nanosecond, over the whole
// range that protobuf documents and no further. No Date: a calendar by integer arithmetic (proleptic Gregorian).
import { isDurationInRange, isTimestampInRange, type SecondsAndNanos } from "../base/time.js";

const SECONDS_PER_DAY = 86_400n;
const DAYS_PER_ERA = 146_097; // 400 years
const DAYS_TO_EPOCH = 719_468; // from 0000-03-01 to 1970-01-01

/** "2000-01-01T00:00:00.500Z"; undefined for what the range does not hold. */
export function timestampToText(value: SecondsAndNanos): string | undefined {
  if (!isTimestampInRange(value)) return undefined;
  const second = ((value.seconds % SECONDS_PER_DAY) + SECONDS_PER_DAY) % SECONDS_PER_DAY;
  const { year, month, day } = civilFromDays(Number((value.seconds - second) / SECONDS_PER_DAY));
  const time = Number(second);
  const clock = [Math.floor(time / 3600), Math.floor(time / 60) % 60, time % 60].map((part) => digits(part, 2));
  const date = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
  return `${date}T${clock.join(":")}${fraction(value.nanos)}Z`;
}

/** The instant that the text names; undefined for what timestampToText never writes. */
export function timestampFromText(text: string): SecondsAndNanos | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}|\d{6}|\d{9}))?Z$/.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const seconds =
    BigInt(daysFromCivil(year, month, day)) * SECONDS_PER_DAY + BigInt(hour * 3600 + minute * 60 + second);
  const value = { seconds, nanos: nanosOf(parts[7]) };
  return timestampToText(value) === text ? value : undefined;
}

/** "1.500s"; undefined for what the range does not hold. */
export function durationToText(value: SecondsAndNanos): string | undefined {
  if (!isDurationInRange(value)) return undefined;
  const negative = value.seconds < 0n || value.nanos < 0;
  const seconds = value.seconds < 0n ? -value.seconds : value.seconds;
  return `${negative ? "-" : ""}${seconds}${fraction(Math.abs(value.nanos))}s`;
}

/** The span that the text names; undefined for what durationToText never writes. */
export function durationFromText(text: string): SecondsAndNanos | undefined {
  const parts = /^(-?)(\d{1,12})(?:\.(\d{3}|\d{6}|\d{9}))?s$/.exec(text);
  if (parts === null) return undefined;
  const seconds = BigInt(parts[2] as string);
  const nanos = nanosOf(parts[3]);
  const value = parts[1] === "-" ? { seconds: -seconds, nanos: nanos === 0 ? 0 : -nanos } : { seconds, nanos };
  return durationToText(value) === text ? value : undefined;
}

// None, three, six or nine digits, as few as are exact.
function fraction(nanos: number): string {
  if (nanos === 0) return "";
  if (nanos % 1_000_000 === 0) return `.${digits(nanos / 1_000_000, 3)}`;
  if (nanos % 1_000 === 0) return `.${digits(nanos / 1_000, 6)}`;
  return `.${digits(nanos, 9)}`;
}

function nanosOf(fractionDigits: string | undefined): number {
  return fractionDigits === undefined ? 0 : Number(fractionDigits.padEnd(9, "0"));
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

// Years begin in March here, so that the leap day is a year's last.
function civilFromDays(days: number): { year: number; month: number; day: number } {
  const z = days + DAYS_TO_EPOCH;
  const era = Math.floor(z / DAYS_PER_ERA);
  const dayOfEra = z - era * DAYS_PER_ERA;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_TO_EPOCH;
}
