// The file of failures that are known and open: a list of { "fingerprint", "reason" }. They are reported, but not red.
import { UsageError } from "../base/usage-error.js";
import { readJson } from "../trace/disk.js";

const SHAPE = 'It is a list: [{ "fingerprint": "…", "reason": "…" }].';

/** Reads the file: reasons by fingerprint. */
export function readKnown(path: string): Map<string, string> {
  const json = readJson(path, SHAPE);
  if (!Array.isArray(json)) throw new UsageError(`${path} is not a list`, SHAPE);
  return new Map(
    json.map((entry: unknown, at) => {
      const { fingerprint, reason } = (entry ?? {}) as { readonly fingerprint?: unknown; readonly reason?: unknown };
      if (typeof fingerprint === "string" && typeof reason === "string") return [fingerprint, reason];
      throw new UsageError(`${path}: entry ${at + 1} has no fingerprint or no reason`, SHAPE);
    }),
  );
}
