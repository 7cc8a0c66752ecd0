// The file of failures that are known and open: a list of { "fingerprint", "reason" }. They are reported, but not red.
import { readFileSync } from "node:fs";
import { UsageError } from "../base/usage-error.js";

const SHAPE = 'It is a list: [{ "fingerprint": "…", "reason": "…" }].';

/** Reads the file: reasons by fingerprint. */
export function readKnown(path: string): Map<string, string> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`${path} can't be read as JSON: ${(error as Error).message}`, SHAPE);
  }
  if (!Array.isArray(json)) throw new UsageError(`${path} is not a list`, SHAPE);
  return new Map(
    json.map((entry: unknown, at) => {
      const { fingerprint, reason } = (entry ?? {}) as { readonly fingerprint?: unknown; readonly reason?: unknown };
      if (typeof fingerprint === "string" && typeof reason === "string") return [fingerprint, reason];
      throw new UsageError(`${path}: entry ${at + 1} has no fingerprint or no reason`, SHAPE);
    }),
  );
}
