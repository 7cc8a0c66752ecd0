// How much a run tries, by name: the profiles that come along, those of the project's settings, or a file. Data; run.ts decides.
import { UsageError } from "../base/usage-error.js";
import { didYouMean } from "../base/suggest.js";
import { Reader } from "../sim/reader.js";
import { durationMillis } from "./numbers.js";
import { readJson } from "../trace/disk.js";

/** How much a run tries. */
export interface Profile {
  /** How many seeds; absent: until the time is over. */
  readonly seeds?: number;
  /** A span of time as --for takes it, after which no seed is begun. */
  readonly for?: string;
  /** Where the seeds start, as --first-seed takes it. */
  readonly firstSeed?: string;
}

export const PROFILES: Readonly<Record<string, Profile>> = { quick: { seeds: 50 }, default: { seeds: 500 }, soak: {} };

const ADVICE = 'A profile is { "seeds": 2000, "for": "1h", "firstSeed": "random" }, each of them or none.';

/** The profile that is called so: one of the project's own, one that comes along, or the path of a .json file. */
export function profileFrom(asked: string, own: Readonly<Record<string, Profile>>): Profile {
  const known = own[asked] ?? PROFILES[asked];
  if (known !== undefined) return known;
  if (!asked.endsWith(".json")) {
    throw new UsageError(
      `there is no profile "${asked}"`,
      didYouMean(asked, [...Object.keys(own), ...Object.keys(PROFILES)]),
    );
  }
  const json = readJson(asked, ADVICE, `the profile ${asked}`);
  try {
    return readProfile(new Reader(json, "", ADVICE));
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${asked}: ${error.message}`, error.todo) : error;
  }
}

/** Reads a profile. Throws a UsageError that names the path of what is wrong. */
export function readProfile(at: Reader): Profile {
  at.only("$schema", "about", "seeds", "for", "firstSeed");
  const [seeds, span, first] = [at.field("seeds"), at.field("for"), at.field("firstSeed")];
  if (!span.absent) durationMillis(span.text(), `${span.path}:`);
  return {
    ...(seeds.absent ? {} : { seeds: seeds.integer(1) }),
    ...(span.absent ? {} : { for: span.text() }),
    ...(first.absent ? {} : { firstSeed: typeof first.value === "number" ? `${first.integer(0)}` : first.text() }),
  };
}
