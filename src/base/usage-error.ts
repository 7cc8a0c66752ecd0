// The second kind of no: something that a person gave us is wrong, and a person can mend it.

/** Says what is wrong, where, and what to do. The command line prints it and exits with 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  /**
   * @param message what is wrong and where, as one sentence
   * @param todo what to do about it, as one sentence; empty where the message says it
   */
  constructor(
    message: string,
    readonly todo: string = "",
  ) {
    super(message);
  }
}
