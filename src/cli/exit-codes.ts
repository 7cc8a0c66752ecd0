// What the process answers when it ends, as people and build servers read it. The only place that knows the numbers.
import { AssertionFailure } from "../base/assert.js";
import { UsageError } from "../base/usage-error.js";
import { UnfitError } from "../protocol/machine-errors.js";

export const ExitCode = {
  /** Everything that was to hold held. */
  ok: 0,
  /** A property is broken, or a difference was found. */
  broken: 1,
  /** The command line, a file or a setting is wrong. */
  usage: 2,
  /** A budget ran out before an answer, or not everything was exercised. Never counted as a pass. */
  undecided: 3,
  /** The machine can't stand trial. */
  unfit: 4,
  /** An assertion of the harness failed: our own bug. */
  ourBug: 5,
  /** Stopped by the user; what was found is kept and reported. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const precedence: readonly ExitCode[] = [
  ExitCode.ourBug,
  ExitCode.usage,
  ExitCode.unfit,
  ExitCode.broken,
  ExitCode.undecided,
];

/** When several hold, the first in the order 5, 2, 4, 1, 3. An interruption wins over everything but our own bug. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  if (codes.includes(ExitCode.interrupted) && !codes.includes(ExitCode.ourBug)) return ExitCode.interrupted;
  return precedence.find((code) => codes.includes(code)) ?? ExitCode.ok;
}

/** The code for something that a command threw. What is neither misuse nor an unfit machine is a defect of ours. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return ExitCode.usage;
  if (error instanceof UnfitError) return ExitCode.unfit;
  return ExitCode.ourBug;
}

/** What a person reads of it on stderr. */
export function explain(error: unknown): string {
  if (error instanceof UsageError) {
    return error.todo === "" ? `error: ${error.message}` : `error: ${error.message}\n       ${error.todo}`;
  }
  if (error instanceof UnfitError) return `error: the machine can't stand trial: ${error.message}`;
  if (error instanceof AssertionFailure)
    return `error: a defect of multiraft-sim itself: ${error.stack ?? error.message}`;
  return `error: a defect of multiraft-sim itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
