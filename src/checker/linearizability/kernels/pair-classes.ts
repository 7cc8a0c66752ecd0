// Numbers pairs of integers in the order in which they come up: how the kernels over integers find an operation's class.
// A small open-addressing table whose cells carry a generation, so that emptying it costs nothing.

/** Classes by (a, b), from 0, and back. */
export class PairClasses {
  /** By class: what it is made of. */
  first = new Int32Array(64);
  second = new Int32Array(64);
  count = 0;
  private cells = new Int32Array(256);
  private stamps = new Int32Array(256);
  private generation = 1;

  clear(): void {
    this.count = 0;
    this.generation++;
  }

  /** The class of a pair, a new one if need be. */
  of(a: number, b: number): number {
    const mask = this.cells.length - 1;
    let at = mix(a, b) & mask;
    while (this.stamps[at] === this.generation) {
      const known = this.cells[at] as number;
      if (this.first[known] === a && this.second[known] === b) return known;
      at = (at + 1) & mask;
    }
    return this.add(at, a, b);
  }

  private add(at: number, a: number, b: number): number {
    const added = this.count++;
    if (added >= this.first.length) {
      this.first = doubled(this.first);
      this.second = doubled(this.second);
    }
    this.first[added] = a;
    this.second[added] = b;
    this.cells[at] = added;
    this.stamps[at] = this.generation;
    if (2 * this.count > this.cells.length) this.rehash();
    return added;
  }

  private rehash(): void {
    const size = 4 * this.cells.length;
    this.cells = new Int32Array(size);
    this.stamps = new Int32Array(size);
    this.generation = 1;
    for (let known = 0; known < this.count; known++) {
      let at = mix(this.first[known] as number, this.second[known] as number) & (size - 1);
      while (this.stamps[at] === 1) at = (at + 1) & (size - 1);
      this.cells[at] = known;
      this.stamps[at] = 1;
    }
  }
}

/** An array twice as long that begins with what `array` holds. */
export function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}

function mix(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 13);
}
