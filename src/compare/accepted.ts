// The file of changes that are meant. A text that a person reviews: a difference's fingerprint on a line of its own, and
// below it, indented, why it is meant. What matches nothing any more has to go: it would hide the next one.
import { UsageError } from "../base/usage-error.js";
import { readText } from "../trace/disk.js";
import { KINDS } from "./difference.js";

const SHAPE = "It is a list of fingerprints, each on a line of its own, with its reason indented below it.";

/** Reasons, by fingerprint. */
export type Accepted = ReadonlyMap<string, string>;

export function readAccepted(path: string): Accepted {
  return parseAccepted(readText(path, SHAPE), path);
}

/** Reads the file's text; `name` stands for it in what is said of it. */
export function parseAccepted(text: string, name: string): Accepted {
  const accepted = new Map<string, string>();
  let current: string | undefined;
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const place = `${name}:${at + 1}`;
    const said = line.trim();
    if (said === "" || said.startsWith("#")) continue;
    if (/^\s/.test(line)) {
      if (current === undefined) throw new UsageError(`${place}: a reason without its difference`, SHAPE);
      const before = accepted.get(current) ?? "";
      accepted.set(current, before === "" ? said : `${before} ${said}`);
      continue;
    }
    if (current !== undefined && accepted.get(current) === "") throw withoutReason(name, current);
    const [kind = ""] = said.split(" | ", 1);
    if (!(kind in KINDS)) {
      const kinds = Object.keys(KINDS).join(", ");
      throw new UsageError(
        `${place}: "${kind}" is no kind of difference`,
        `A fingerprint begins with one of ${kinds}.`,
      );
    }
    if (accepted.has(said)) throw new UsageError(`${place}: ${said} stands there twice`, "Once is enough.");
    accepted.set(said, "");
    current = said;
  }
  if (current !== undefined && accepted.get(current) === "") throw withoutReason(name, current);
  return accepted;
}

function withoutReason(name: string, fingerprint: string): UsageError {
  return new UsageError(`${name}: ${fingerprint} has no reason`, "Say why it is meant, indented below it.");
}

/** An entry as it stands in the file. */
export function acceptedText(fingerprint: string, reason: string): string {
  return `${fingerprint}\n    ${reason}\n`;
}
