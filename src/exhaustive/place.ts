// Where an expander is, written where another thread can read it. A machine that hangs can't say so; whoever watches sees that
// the beat stands still, and in which history.
import type { Suspect } from "./history.js";

const BEAT = 0;
const RESTORED_AT = 1;
const CHUNKS = 2;
const AT_LAST = 3;
const LENGTH = 4;
const LETTERS = 5;
/** Longer histories are not gone through by anyone. */
const MOST_LETTERS = 59;
const NONE = -1;
const DAMAGE = -2;

export class Place {
  readonly #cells: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(4 * (LETTERS + MOST_LETTERS))) {
    this.#cells = new Int32Array(buffer);
  }

  /** Another number after each call of here(); 0 before the first. */
  get beat(): number {
    return Atomics.load(this.#cells, BEAT);
  }

  /** A machine is about to play this. */
  here(
    letters: readonly number[],
    restoredAt: number | null,
    chunks: number | null = null,
    atLast: Suspect["atLast"] = null,
  ): void {
    const cells = this.#cells;
    cells[RESTORED_AT] = restoredAt ?? NONE;
    cells[CHUNKS] = chunks ?? NONE;
    cells[AT_LAST] = atLast === "damage" ? DAMAGE : (atLast ?? NONE);
    cells[LENGTH] = letters.length;
    for (let at = 0; at < letters.length && at < MOST_LETTERS; at++) cells[LETTERS + at] = letters[at] as number;
    Atomics.add(cells, BEAT, 1);
  }

  /** What was played last. */
  get suspect(): Suspect {
    const cell = (at: number): number => this.#cells[at] as number;
    const orNull = (at: number): number | null => (cell(at) === NONE ? null : cell(at));
    return {
      letters: [...this.#cells.subarray(LETTERS, LETTERS + cell(LENGTH))],
      restoredAt: orNull(RESTORED_AT),
      chunks: orNull(CHUNKS),
      atLast: cell(AT_LAST) === DAMAGE ? "damage" : orNull(AT_LAST),
    };
  }
}
