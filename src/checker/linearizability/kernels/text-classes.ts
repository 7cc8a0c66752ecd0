// What the operations on texts are, as classes: equal sets, and equal appends, of one partition share one. What matters of a
// text is only what it can still be read as, so a state is a place in the trie of all texts that were read.
//
// Sets and appends are found in an open-addressing table. Its cells hold classes above `base`, which rises past them all when
// the table is emptied: that costs nothing, and filling it again allocates nothing. The hash looks at both ends of a text
// only; where that tells too little apart, classes are not shared.
import { ASK, LEAVES, MEETS, Program, READ_ONLY, RESET, SETS, TARGET, TOTAL } from "../kernel.js";
import { doubled } from "./pair-classes.js";
import { Trie } from "./trie.js";

// A tag is the partition, the kind in its low bits.
const SET = 0;
const APPEND = 1;
const READ_ANY = 2;
const KIND_BITS = 2;

const ENDS = 8;
const MOST_PROBES = 8;
const HIGHEST_BASE = 2 ** 30;

/** What an operation on a text may be. */
export class TextClasses {
  readonly program = new Program();
  readonly trie = new Trie();
  /** By class, of a set and an append. */
  readonly texts: string[] = [];
  /** By class, of a read: the node of its text. */
  nodes = new Int32Array(64);
  private count = 0;
  private tags = new Int32Array(64);
  private readonly sets: number[] = [];
  private setCount = 0;
  // By partition: the node of the empty text, and that of the last read.
  private readonly roots: number[] = [];
  private readonly lasts: number[] = [];
  private cells = new Int32Array(256);
  private base = 1;
  private listed = 0;

  /** Forgets everything, and makes room for so many operations. */
  clear(operations: number): void {
    this.base += this.count;
    this.count = 0;
    this.setCount = 0;
    this.roots.length = 0;
    this.lasts.length = 0;
    this.listed = 0;
    if (this.base > HIGHEST_BASE) {
      this.cells.fill(0);
      this.base = 1;
    }
    this.trie.clear();
    this.program.reserve(operations);
    while (this.tags.length < operations) this.tags = doubled(this.tags);
    if (this.nodes.length < this.tags.length) this.nodes = new Int32Array(this.tags.length);
  }

  /** Numbers the states that sets lead to. */
  finish(): void {
    const { trie, sets, tags, texts, roots } = this;
    const { gives } = this.program;
    trie.finish();
    for (let i = 0; i < this.setCount; i++) {
      const set = sets[i] as number;
      const initial = trie.stateAtEnd(roots[(tags[set] as number) >> KIND_BITS] as number);
      gives[set] = trie.append(initial, texts[set] as string);
    }
  }

  /** The state of the empty text. */
  initial(partition: number): number {
    return this.trie.stateAtEnd(this.root(partition));
  }

  private root(partition: number): number {
    while (partition >= this.roots.length) {
      const root = this.trie.root();
      this.roots.push(root);
      this.lasts.push(root);
    }
    return this.roots[partition] as number;
  }

  /** Legal everywhere. */
  set(text: string, partition: number): number {
    this.root(partition);
    const { count } = this;
    const known = this.of((partition << KIND_BITS) | SET, text);
    if (known !== count) return known;
    this.program.kinds[known] = RESET | TOTAL | SETS;
    this.sets[this.setCount++] = known;
    return known;
  }

  /** Legal everywhere. */
  append(text: string, partition: number): number {
    const { count } = this;
    const known = this.of((partition << KIND_BITS) | APPEND, text);
    if (known === count) this.program.kinds[known] = TOTAL | ASK;
    return known;
  }

  /** Legal where the text is this one. A class of its own: a look-up would cost more than equal reads cost the search. */
  read(text: string, partition: number): number {
    const { trie, lasts } = this;
    const { kinds, wants, gives } = this.program;
    const root = this.root(partition);
    const added = this.count++;
    const node = trie.insert(root, lasts[partition] as number, text);
    const state = trie.stateAtEnd(node);
    lasts[partition] = node;
    this.nodes[added] = node;
    // So that the array has no holes.
    this.texts[added] = text;
    kinds[added] = READ_ONLY | TARGET | MEETS;
    wants[added] = state;
    gives[added] = state;
    return added;
  }

  /** Legal everywhere, changes nothing. */
  any(partition: number): number {
    const { count } = this;
    const known = this.of((partition << KIND_BITS) | READ_ANY, "");
    if (known === count) this.program.kinds[known] = READ_ONLY | TOTAL | LEAVES;
    return known;
  }

  private of(tag: number, text: string): number {
    const mask = this.cells.length - 1;
    let at = hash(tag, text) & mask;
    for (let probe = 0; probe < MOST_PROBES; probe++) {
      const known = (this.cells[at] as number) - this.base;
      if (known < 0) return this.list(at, tag, text);
      if (this.tags[known] === tag && this.texts[known] === text) return known;
      at = (at + 1) & mask;
    }
    return this.fresh(tag, text);
  }

  private fresh(tag: number, text: string): number {
    const added = this.count++;
    this.tags[added] = tag;
    this.texts[added] = text;
    return added;
  }

  private list(at: number, tag: number, text: string): number {
    const added = this.fresh(tag, text);
    this.cells[at] = this.base + added;
    this.listed++;
    if (2 * this.listed > this.cells.length) this.rehash();
    return added;
  }

  private rehash(): void {
    const { cells, base } = this;
    const size = 2 * cells.length;
    this.cells = new Int32Array(size);
    for (let cell = 0; cell < cells.length; cell++) {
      const known = (cells[cell] as number) - base;
      if (known < 0) continue;
      let at = hash(this.tags[known] as number, this.texts[known] as string) & (size - 1);
      while (this.cells[at] !== 0) at = (at + 1) & (size - 1);
      this.cells[at] = base + known;
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
