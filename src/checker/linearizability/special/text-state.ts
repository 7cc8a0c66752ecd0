// A text as a chain of operations makes it: what it is now, who is open, and the steps that put them in the order. Each step is
// legal by what it looks at first; which one to take is for text-chain.ts to say.
import { assert } from "../../../base/assert.js";
import { IntPool } from "../event-order.js";
import type { Partition } from "../event-order.js";
import type { Operation } from "../history.js";
import type { ChainOrder } from "./chain-order.js";

/** Nothing that this algorithm knows. */
export const OTHER = 0;
/** A read of which the answer is not known. */
export const ANY = 1;
export const GET = 2;
export const PUT = 3;
export const APPEND = 4;

/** Says of the operations of a model what they are to a text. */
export interface TextView<Input, Output> {
  /** What an operation is to a text: one of the above. */
  kind(input: Input, output: Output | undefined): number;
  /** What is read, put or appended. */
  text(input: Input, output: Output | undefined): string;
}

// What has become of an operation.
export const OWED = 0;
export const FREE = 1;
export const DONE = 2;

export const NOBODY = -1;
/** With more reads or writes open than this, looking through them takes longer than a search. */
export const MOST_OPEN = 128;
// Comparing so many characters one by one is faster than asking the string to.
const SHORT = 8;

// By operation, as the whole history is prepared.
const kindPool = new IntPool();
const firstFatePool = new IntPool();
/** What is read, put or appended. */
export const texts: string[] = [];
// Of one chain.
const fatePool = new IntPool();
const stampPool = new IntPool();
const readPool = new IntPool();
/** Who is open and not done, by call. */
export const writes = new Int32Array(MOST_OPEN);
export const gets = new Int32Array(MOST_OPEN);
const path = new Int32Array(MOST_OPEN);

/** Reads a history, for the chains of all its partitions. */
export function prepare<Input, Output>(
  operations: readonly Operation<Input, Output>[],
  view: TextView<Input, Output>,
): void {
  const { length } = operations;
  const kinds = kindPool.take(length);
  const firstFates = firstFatePool.take(length);
  while (texts.length < length) texts.push("");
  for (let number = 0; number < length; number++) {
    const { input, output, outcome } = operations[number] as Operation<Input, Output>;
    if (outcome === "fail") continue;
    const kind = view.kind(input, output);
    kinds[number] = kind;
    // A read of unknown outcome says nothing.
    firstFates[number] = outcome === "ok" ? OWED : kind >= PUT ? FREE : DONE;
    if (kind >= GET) texts[number] = view.text(input, output);
  }
}

/** See the top. */
export class TextState {
  // The text at this moment: the first `length` characters of `text`.
  private text = "";
  private length = 0;
  // By operation.
  protected readonly kinds: Int32Array;
  protected readonly fates: Int32Array;
  private readonly stamps: Int32Array;
  // Reads in the order of their returns.
  protected readonly reads: Int32Array;
  protected readCount = 0;
  // Of `writes` and `gets`.
  protected writeCount = 0;
  protected getCount = 0;
  private pathLength = 0;
  private stamp = 0;
  /** The place of the event that is looked at. */
  protected event = 0;

  constructor(
    private readonly size: number,
    protected readonly partition: Partition,
    private readonly order: ChainOrder | undefined,
  ) {
    this.kinds = kindPool.take(size);
    this.fates = fatePool.take(size);
    this.stamps = stampPool.take(size);
    this.reads = readPool.take(size);
  }

  // False: there is something that is not known here.
  protected gather(): boolean {
    const { kinds, fates, stamps, reads } = this;
    const firstFates = firstFatePool.take(this.size);
    const { events, from, to } = this.partition;
    for (let e = from; e < to; e++) {
      const event = events[e] as number;
      const number = event >> 1;
      if ((event & 1) !== 0) {
        if (kinds[number] === GET) reads[this.readCount++] = number;
        continue;
      }
      if (kinds[number] === OTHER) return false;
      fates[number] = firstFates[number] as number;
      stamps[number] = 0;
    }
    return true;
  }

  // Appends until the text is `text`, or until `last` is done. False: that can't be, and nothing has happened.
  protected goOn(text: string, last: number): boolean {
    if (!this.leadsTo(text) || !this.findPath(text, this.length, last)) return false;
    this.walk();
    return true;
  }

  // Open appends that lead from the first `from` characters of `text` to all of it, or to `last`.
  protected findPath(text: string, from: number, last: number): boolean {
    const { kinds, fates, stamps } = this;
    const stamp = ++this.stamp;
    this.pathLength = 0;
    for (let at = from; last !== NOBODY || at < text.length;) {
      let next = NOBODY;
      if (last !== NOBODY && goesOn(text, at, last)) next = last;
      for (let i = 0; i < this.writeCount && next === NOBODY; i++) {
        const write = writes[i] as number;
        if (kinds[write] !== APPEND || fates[write] !== OWED || stamps[write] === stamp) continue;
        if (goesOn(text, at, write)) next = write;
      }
      for (let i = 0; i < this.writeCount && next === NOBODY; i++) {
        const write = writes[i] as number;
        if (kinds[write] !== APPEND || fates[write] !== FREE || stamps[write] === stamp) continue;
        if (goesOn(text, at, write)) next = write;
      }
      if (next === NOBODY) return false;
      stamps[next] = stamp;
      path[this.pathLength++] = next;
      if (next === last) return true;
      at += (texts[next] as string).length;
    }
    return true;
  }

  private walk(): void {
    const { pathLength } = this;
    for (let i = 0; i < pathLength; i++) {
      const append = path[i] as number;
      this.length += (texts[append] as string).length;
      this.done(append);
    }
  }

  // Puts any write in the order.
  protected write(write: number): void {
    const text = texts[write] as string;
    if (this.kinds[write] === PUT) {
      this.text = text;
      this.length = text.length;
      for (let i = 0; i < this.writeCount; i++) {
        const other = writes[i] as number;
        if (other !== write && this.fates[other] === OWED) this.fates[other] = FREE;
      }
    } else {
      this.text = this.text.slice(0, this.length) + text;
      this.length = this.text.length;
    }
    this.done(write);
  }

  private done(write: number): void {
    this.leave(write);
    this.order?.add(write, this.event, this.kinds[write] === PUT);
    let left = 0;
    for (let i = 0; i < this.getCount; i++) {
      const get = gets[i] as number;
      if (this.isText(texts[get] as string)) this.take(get);
      else gets[left++] = get;
    }
    this.getCount = left;
  }

  protected take(get: number): void {
    this.fates[get] = DONE;
    this.order?.add(get, this.event, false);
  }

  protected drop(write: number): void {
    this.leave(write);
    this.order?.hide(write);
  }

  private leave(write: number): void {
    this.fates[write] = DONE;
    let i = 0;
    while (i < this.writeCount && writes[i] !== write) i++;
    assert(i < this.writeCount, "linearizability: a write was put in the order twice");
    this.writeCount--;
    for (; i < this.writeCount; i++) writes[i] = writes[i + 1] as number;
  }

  // -- texts ---------------------------------------------------------------------------------------------------------

  protected isText(text: string): boolean {
    if (text.length !== this.length) return false;
    return this.text.length === this.length ? this.text === text : this.text.startsWith(text);
  }

  // Whether the text at this moment begins `text`, of which it is then a part.
  protected leadsTo(text: string): boolean {
    const { length } = this;
    if (text === this.text) return true;
    if (text.length < length) return false;
    if (length > 0 && text.charCodeAt(length - 1) !== this.text.charCodeAt(length - 1)) return false;
    if (!text.startsWith(this.text.length === length ? this.text : this.text.slice(0, length))) return false;
    this.text = text;
    return true;
  }
}

/** Whether `text` goes on with a write's text after its first `at` characters. */
export function goesOn(text: string, at: number, write: number): boolean {
  const written = texts[write] as string;
  const { length } = written;
  if (at + length > text.length) return false;
  if (length > SHORT) return text.startsWith(written, at);
  for (let i = 0; i < length; i++) if (text.charCodeAt(at + i) !== written.charCodeAt(i)) return false;
  return true;
}
