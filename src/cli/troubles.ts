// What a run could not write: each is said once, on stderr, and is no reason to lose the rest of what was found. The run's exit
// code tells of it all the same.
import { UsageError } from "../base/usage-error.js";
import { explain } from "./exit-codes.js";

export class Troubles {
  readonly #said = new Set<string>();

  get any(): boolean {
    return this.#said.size > 0;
  }

  /** Writes something; false where that can't be done, which is said. What is no fault of a person's is thrown on. */
  attempt(write: () => void): boolean {
    try {
      write();
      return true;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const message = explain(error);
      if (!this.#said.has(message)) process.stderr.write(`${message}\n`);
      this.#said.add(message);
      return false;
    }
  }
}
