// Numbers the operations on texts in the order in which they come up: equal sets, and equal appends, of one partition share a
// class. An open-addressing table whose cells carry a generation, so that emptying it costs nothing and filling it again
// allocates nothing. The hash looks at both ends of a text only; where it tells too little apart, classes are not shared.
import { doubled } from "./pair-classes.js";

export const SET = 0;
export const APPEND = 1;
export const READ = 2;
export const READ_ANY = 3;
const KIND_BITS = 2;
const KIND = 3;

const ENDS = 8;
const MOST_PROBES = 8;

/** What an operation on a text may be. */
export class TextClasses {
  count = 0;
  /** By class. */
  readonly texts: string[] = [];
  private tags = new Int32Array(64);
  private cells = new Int32Array(256);
  private stamps = new Int32Array(256);
  private generation = 1;
  private listed = 0;

  clear(): void {
    this.count = 0;
    this.listed = 0;
    this.generation++;
  }

  kind(operationClass: number): number {
    return (this.tags[operationClass] as number) & KIND;
  }
  partition(operationClass: number): number {
    return (this.tags[operationClass] as number) >> KIND_BITS;
  }

  /** Legal everywhere. */
  set(text: string, partition: number): number {
    return this.of((partition << KIND_BITS) | SET, text);
  }
  /** Legal everywhere. */
  append(text: string, partition: number): number {
    return this.of((partition << KIND_BITS) | APPEND, text);
  }
  /** Legal where the text is this one. A class of its own: a look-up would cost more than equal reads cost the search. */
  read(text: string, partition: number): number {
    return this.fresh((partition << KIND_BITS) | READ, text);
  }
  /** Legal everywhere, changes nothing. */
  any(partition: number): number {
    return this.of((partition << KIND_BITS) | READ_ANY, "");
  }

  private fresh(tag: number, text: string): number {
    const added = this.count++;
    if (added >= this.tags.length) this.tags = doubled(this.tags);
    this.tags[added] = tag;
    this.texts[added] = text;
    return added;
  }

  private of(tag: number, text: string): number {
    const mask = this.cells.length - 1;
    let at = hash(tag, text) & mask;
    for (let probe = 0; probe < MOST_PROBES; probe++) {
      if (this.stamps[at] !== this.generation) return this.add(at, tag, text);
      const known = this.cells[at] as number;
      if (this.tags[known] === tag && this.texts[known] === text) return known;
      at = (at + 1) & mask;
    }
    return this.fresh(tag, text);
  }

  private add(at: number, tag: number, text: string): number {
    const added = this.fresh(tag, text);
    this.cells[at] = added;
    this.stamps[at] = this.generation;
    this.listed++;
    if (2 * this.listed > this.cells.length) this.rehash();
    return added;
  }

  private rehash(): void {
    const { cells, stamps, generation } = this;
    const size = 4 * cells.length;
    this.cells = new Int32Array(size);
    this.stamps = new Int32Array(size);
    this.generation = 1;
    for (let cell = 0; cell < cells.length; cell++) {
      if (stamps[cell] !== generation) continue;
      const known = cells[cell] as number;
      let at = hash(this.tags[known] as number, this.texts[known] as string) & (size - 1);
      while (this.stamps[at] === 1) at = (at + 1) & (size - 1);
      this.cells[at] = known;
      this.stamps[at] = 1;
    }
  }
}

function hash(tag: number, text: string): number {
  const { length } = text;
  let h = Math.imul(tag, 0x85ebca6b) ^ length;
  const head = Math.min(length, ENDS);
  for (let i = 0; i < head; i++) h = Math.imul(h, 31) + text.charCodeAt(i);
  for (let i = Math.max(head, length - ENDS); i < length; i++) h = Math.imul(h, 31) + text.charCodeAt(i);
  h = Math.imul(h ^ (h >>> 15), 0x9e3779b1);
  return h ^ (h >>> 13);
}
