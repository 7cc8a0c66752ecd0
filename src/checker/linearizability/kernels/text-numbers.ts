// Numbers texts in the order in which they come up. An open-addressing table whose cells carry a generation, so that emptying
// it costs nothing and filling it again allocates nothing; the hash looks at both ends of a text only, the texts decide.

const ENDS = 8;

/** Texts by number, from 0. */
export class TextNumbers {
  readonly texts: string[] = [];
  count = 0;
  private cells = new Int32Array(256);
  private stamps = new Int32Array(256);
  private generation = 1;
  // The numbers of texts that can be found.
  private readonly listed: number[] = [];
  private listedCount = 0;

  clear(): void {
    this.count = 0;
    this.listedCount = 0;
    this.generation++;
  }

  /** A new number for a text, which `of` does not find. */
  fresh(text: string): number {
    this.texts[this.count] = text;
    return this.count++;
  }

  /** The number of a text, a new one if need be. */
  of(text: string): number {
    const mask = this.cells.length - 1;
    let at = hash(text) & mask;
    while (this.stamps[at] === this.generation) {
      const known = this.cells[at] as number;
      if (this.texts[known] === text) return known;
      at = (at + 1) & mask;
    }
    const added = this.fresh(text);
    this.cells[at] = added;
    this.stamps[at] = this.generation;
    this.listed[this.listedCount++] = added;
    if (2 * this.listedCount > this.cells.length) this.rehash();
    return added;
  }

  private rehash(): void {
    const size = 4 * this.cells.length;
    this.cells = new Int32Array(size);
    this.stamps = new Int32Array(size);
    this.generation = 1;
    for (let i = 0; i < this.listedCount; i++) {
      const known = this.listed[i] as number;
      let at = hash(this.texts[known] as string) & (size - 1);
      while (this.stamps[at] === 1) at = (at + 1) & (size - 1);
      this.cells[at] = known;
      this.stamps[at] = 1;
    }
  }
}

function hash(text: string): number {
  const { length } = text;
  let h = length;
  const head = Math.min(length, ENDS);
  for (let i = 0; i < head; i++) h = Math.imul(h, 31) + text.charCodeAt(i);
  for (let i = Math.max(head, length - ENDS); i < length; i++) h = Math.imul(h, 31) + text.charCodeAt(i);
  h = Math.imul(h ^ (h >>> 15), 0x9e3779b1);
  return h ^ (h >>> 13);
}
