// What a machine that is not a part of this program may throw at its host, and how the host tells it from its own defects.
// A machine of ours never throws either; the stage turns a MachineBroke into a "broke" line, the command line an UnfitError
// into exit code 4.

/**
 * A machine did not answer a call that it must answer. threw: something else came than an answer; hung: nothing came within
 * the time limit; silent: nothing can come any more, since its process or its output ended.
 */
export class MachineBroke extends Error {
  override readonly name = "MachineBroke";

  constructor(
    readonly how: "threw" | "hung" | "silent",
    message: string,
  ) {
    super(message);
  }
}

/** The machine can't stand trial: it does not start, speaks another protocol, or does not conform. */
export class UnfitError extends Error {
  override readonly name = "UnfitError";
}
