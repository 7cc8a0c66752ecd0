// Which states were seen, by 64 bits of their bytes: a flat table, because there are millions. Two states that share a hash
// would be taken for one; of ten million states that comes to one chance in four hundred thousand.
import { finish, fold } from "../base/hash.js";

/** The two halves of a state's hash. */
export interface StateHash {
  low: number;
  high: number;
}

/** Hashes bytes, and a word beside them, into `into`. */
export function hashState(bytes: Uint8Array, into: StateHash, beside = 0): void {
  let low = fold(0x2545f491, beside);
  let high = fold(0x6c078965, ~beside);
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const word =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    low = fold(low, word);
    high = fold(high ^ 0x5bd1e995, word + 0x165667b1);
  }
  for (let i = whole; i < bytes.length; i++) {
    low = fold(low, bytes[i] as number);
    high = fold(high ^ 0x5bd1e995, (bytes[i] as number) + 0x165667b1);
  }
  into.low = finish(low ^ bytes.length);
  into.high = finish(high ^ bytes.length);
}

/** A set of hashes. */
export class Seen {
  #slots = new Uint32Array(2 * 4096);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a hash. False where it was there. */
  add(low: number, high: number): boolean {
    if (this.#size * 5 > this.#slots.length) this.#grow();
    // A slot of two zeros is empty.
    if (!insert(this.#slots, low === 0 && high === 0 ? 1 : low, high)) return false;
    this.#size++;
    return true;
  }

  clear(): void {
    this.#slots = new Uint32Array(2 * 4096);
    this.#size = 0;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 4);
    for (let at = 0; at < old.length; at += 2) {
      const low = old[at] as number;
      const high = old[at + 1] as number;
      if (low !== 0 || high !== 0) insert(this.#slots, low, high);
    }
  }
}

function insert(slots: Uint32Array, low: number, high: number): boolean {
  const mask = slots.length / 2 - 1;
  for (let at = low & mask; ; at = (at + 1) & mask) {
    const there = slots[2 * at] as number;
    const alsoThere = slots[2 * at + 1] as number;
    if (there === low && alsoThere === high) return false;
    if (there !== 0 || alsoThere !== 0) continue;
    slots[2 * at] = low;
    slots[2 * at + 1] = high;
    return true;
  }
}
