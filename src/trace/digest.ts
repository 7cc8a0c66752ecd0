// A running 64-bit hash of a run's lines, taken from the values in memory: no JSON, no bytes, no object's identity.
// Equal lines give equal digests whatever order their fields were written in; a field that is undefined counts as absent.
// While exploring it is all that is kept of a run; two runs of one seed are compared by it.
import { wholeLine } from "./digest-lines.js";
import { mix, resume, stateA, stateB } from "./digest-walk.js";

/** The running digest of one run. */
export class Digest {
  #a = 0x428a2f98;
  #b = 0x2cea2731 | 0;

  /** Takes in the next line. It is only read. */
  add(line: object): void {
    resume(this.#a, this.#b);
    wholeLine(line);
    this.#a = stateA();
    this.#b = stateB();
  }

  /** The digest so far, as 16 hexadecimal digits. */
  hex(): string {
    resume(this.#a, this.#b);
    mix(0x2545f491);
    mix(0x7ed558cc);
    mix(0x4f6cdd1d);
    return hex32(stateA()) + hex32(stateB());
  }
}

function hex32(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

/** The digest of one sequence of lines. */
export function digestOf(lines: Iterable<object>): string {
  const digest = new Digest();
  for (const line of lines) digest.add(line);
  return digest.hex();
}
