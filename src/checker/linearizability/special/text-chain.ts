// Texts that are put, appended to and read: the reads spell the order out themselves. Linear where few are open at a time.
//
// The next read to return, the *target*, says what may come: an append must go on in its text, a put must begin it. Nothing is
// put in the order before a return asks for it; then the steps are taken that follow the target's text, and none is ever taken
// back. They may be the wrong ones (of two appends of equal texts, say), or there may be none: then the search decides. So
// this algorithm only ever says yes, and its order proves it:
//
// 1. A read is in the order only while the text is what it read; writes are legal everywhere.
// 2. Who is put in the order is open at that moment. Who is owed (will return) is there by its return.
// 3. At a put, writes that are open become free: who is not used by its return stands just before that put, where nobody
//    sees it. Who never returns is free from its call on, and not in the order if it is not used.
//        a  |-append "x"-|                   At the return of append "x" the target does not begin with "x", but put "y" is
//        b     |-put "y"------|              open and does begin it: it comes first, append "x" goes on in "yx", and the
//        c       |-append "z"------|         read is met. append "z" was free after the put: it stands before it.
//        d                  |-get "yx"-|
import { IntPool } from "../event-order.js";
import type { Partition } from "../event-order.js";
import type { Operation } from "../history.js";
import type { Linearized, Special } from "./special.js";
import { ChainOrder } from "./chain-order.js";

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

// What has become of it.
const OWED = 0;
const FREE = 1;
const DONE = 2;

const NOBODY = -1;
/** With more reads or writes open than this, looking through them takes longer than a search. */
const MOST_OPEN = 128;
/** How many reads, by return, may say what a write is for. */
const LOOK_AHEAD = 8;
// Comparing so many characters one by one is faster than asking the string to.
const SHORT = 8;

// By operation, as the whole history is prepared.
const kindPool = new IntPool();
const firstFatePool = new IntPool();
const texts: string[] = [];
// Of one chain.
const fatePool = new IntPool();
const stampPool = new IntPool();
const readPool = new IntPool();
const writes = new Int32Array(MOST_OPEN);
const gets = new Int32Array(MOST_OPEN);
const path = new Int32Array(MOST_OPEN);

/** The algorithm for models whose operations `view` can read. It never says that a history is illegal. */
export function textChain<Input, Output>(view: TextView<Input, Output>): Special<Input, Output> {
  return {
    name: "text-chain",
    prepare: (operations) => prepare(operations, view),
    decide(operations, partition) {
      if (!new Chain(operations, partition, undefined).run()) return undefined;
      return {
        legal: true,
        order(): Linearized {
          const order = new ChainOrder(operations, partition);
          new Chain(operations, partition, order).run();
          return order.read();
        },
      };
    },
  };
}

function prepare<Input, Output>(operations: readonly Operation<Input, Output>[], view: TextView<Input, Output>): void {
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

class Chain<Input, Output> {
  // The text at this moment: the first `length` characters of `text`.
  private text = "";
  private length = 0;
  // By operation.
  private readonly kinds: Int32Array;
  private readonly fates: Int32Array;
  private readonly stamps: Int32Array;
  // Reads in the order of their returns, and the first that is not done.
  private readonly reads: Int32Array;
  private readCount = 0;
  private target = 0;
  // How many are open and not done: `writes` and `gets`, by call.
  private writeCount = 0;
  private getCount = 0;
  private pathLength = 0;
  private stamp = 0;
  private event = 0;

  constructor(
    private readonly operations: readonly Operation<Input, Output>[],
    private readonly partition: Partition,
    private readonly order: ChainOrder | undefined,
  ) {
    const { length } = operations;
    this.kinds = kindPool.take(length);
    this.fates = fatePool.take(length);
    this.stamps = stampPool.take(length);
    this.reads = readPool.take(length);
  }

  /** Whether an order was found. */
  run(): boolean {
    return this.gather() && this.follow();
  }

  // False: there is something that is not known here.
  private gather(): boolean {
    const { kinds, fates, stamps, reads } = this;
    const firstFates = firstFatePool.take(this.operations.length);
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

  private follow(): boolean {
    const { kinds, fates } = this;
    const { events, from, to } = this.partition;
    for (let e = from; e < to; e++) {
      const event = events[e] as number;
      const number = event >> 1;
      if (fates[number] === DONE) continue;
      this.event = e;
      const kind = kinds[number] as number;
      if ((event & 1) !== 0) {
        if (!(kind === GET ? this.meetGet(number) : this.meetWrite(number, kind))) return false;
      } else if (kind === GET) {
        if (this.isText(texts[number] as string)) this.take(number);
        else if (this.getCount === MOST_OPEN) return false;
        else gets[this.getCount++] = number;
      } else if (kind === ANY) {
        this.take(number);
      } else {
        if (this.writeCount === MOST_OPEN) return false;
        writes[this.writeCount++] = number;
      }
    }
    return true;
  }

  // -- returns -------------------------------------------------------------------------------------------------------

  private meetGet(get: number): boolean {
    const text = texts[get] as string;
    return this.goOn(text, NOBODY) || this.putAndGoOn(text, NOBODY);
  }

  // A write that is owed must be put in the order now; one that is free is used only if somebody goes on with it.
  private meetWrite(write: number, kind: number): boolean {
    if (kind === PUT) {
      if (this.fates[write] === FREE && !this.isBegun(write)) this.drop(write);
      else this.put(write);
      return true;
    }
    while (this.isAheadOf(write)) if (this.fates[write] === DONE) return true;
    if (this.fates[write] === FREE) this.drop(write);
    else {
      this.serve();
      this.write(write);
    }
    return true;
  }

  // Whether one of the next targets goes on with an append, which is done now, or can be met before it.
  private isAheadOf(append: number): boolean {
    this.skipDone();
    for (let i = this.target, left = LOOK_AHEAD; i < this.readCount && left > 0; i++) {
      const get = this.reads[i] as number;
      if (this.fates[get] === DONE) continue;
      left--;
      const text = texts[get] as string;
      if (this.goOn(text, append) || this.putAndGoOn(text, append)) return true;
      if (this.isOpen(get) && this.meetGet(get)) return true;
    }
    return false;
  }

  // Whether one of the next targets begins with a put.
  private isBegun(put: number): boolean {
    this.skipDone();
    for (let i = this.target, left = LOOK_AHEAD; i < this.readCount && left > 0; i++) {
      const get = this.reads[i] as number;
      if (this.fates[get] === DONE) continue;
      left--;
      const text = texts[get] as string;
      if (goesOn(text, 0, put) && !this.leadsTo(text)) return true;
    }
    return false;
  }

  // Puts an open put in the order, and before it, what open reads saw of others, if a read to come sees this one.
  private put(put: number): void {
    if (this.getCount > 0) {
      this.serve();
      if (this.isLast(put)) this.meetOthers(put);
    }
    if (this.fates[put] !== DONE) this.write(put);
  }

  private isLast(put: number): boolean {
    this.skipDone();
    for (let i = this.target, left = LOOK_AHEAD; i < this.readCount && left > 0; i++) {
      const get = this.reads[i] as number;
      if (this.fates[get] === DONE) continue;
      left--;
      if (!this.isOpen(get)) return goesOn(texts[get] as string, 0, put);
    }
    return false;
  }

  private meetOthers(put: number): void {
    for (let i = 0; i < this.getCount; i++) {
      const text = texts[gets[i] as number] as string;
      if (goesOn(text, 0, put)) continue;
      for (let j = 0; j < this.writeCount; j++) {
        const other = writes[j] as number;
        if (other === put || this.kinds[other] !== PUT || !goesOn(text, 0, other)) continue;
        if (!this.findPath(text, (texts[other] as string).length, NOBODY)) continue;
        this.write(other);
        if (this.goOn(text, NOBODY)) i = -1;
        break;
      }
    }
  }

  // Before the text is lost, what open reads can still be met with it is met.
  private serve(): void {
    for (let i = 0; i < this.getCount; i++) {
      // Who is met leaves the list, and may take others along.
      if (this.goOn(texts[gets[i] as number] as string, NOBODY)) i = -1;
    }
  }

  private isOpen(get: number): boolean {
    for (let i = 0; i < this.getCount; i++) if (gets[i] === get) return true;
    return false;
  }

  private skipDone(): void {
    while (this.target < this.readCount && this.fates[this.reads[this.target] as number] === DONE) this.target++;
  }

  // -- steps ---------------------------------------------------------------------------------------------------------

  // Appends until the text is `text`, or until `last` is done. False: that can't be, and nothing has happened.
  private goOn(text: string, last: number): boolean {
    if (!this.leadsTo(text) || !this.findPath(text, this.length, last)) return false;
    this.walk();
    return true;
  }

  // The same, after an open put.
  private putAndGoOn(text: string, last: number): boolean {
    for (let i = 0; i < this.writeCount; i++) {
      const put = writes[i] as number;
      if (this.kinds[put] !== PUT || !goesOn(text, 0, put)) continue;
      if (!this.findPath(text, (texts[put] as string).length, last)) continue;
      this.put(put);
      // What came before it may have used up some of the path.
      return (last !== NOBODY && this.fates[last] === DONE) || this.goOn(text, last);
    }
    return false;
  }

  // Open appends that lead from the first `from` characters of `text` to all of it, or to `last`.
  private findPath(text: string, from: number, last: number): boolean {
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
  private write(write: number): void {
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

  private take(get: number): void {
    this.fates[get] = DONE;
    this.order?.add(get, this.event, false);
  }

  private drop(write: number): void {
    this.leave(write);
    this.order?.hide(write);
  }

  private leave(write: number): void {
    this.fates[write] = DONE;
    let i = 0;
    while (writes[i] !== write) i++;
    this.writeCount--;
    for (; i < this.writeCount; i++) writes[i] = writes[i + 1] as number;
  }

  // -- texts ---------------------------------------------------------------------------------------------------------

  private isText(text: string): boolean {
    if (text.length !== this.length) return false;
    return this.text.length === this.length ? this.text === text : this.text.startsWith(text);
  }

  // Whether the text at this moment begins `text`, of which it is then a part.
  private leadsTo(text: string): boolean {
    const { length } = this;
    if (text === this.text) return true;
    if (text.length < length) return false;
    if (length > 0 && text.charCodeAt(length - 1) !== this.text.charCodeAt(length - 1)) return false;
    if (!text.startsWith(this.text.length === length ? this.text : this.text.slice(0, length))) return false;
    this.text = text;
    return true;
  }
}

// Whether `text` goes on with a write's text after its first `at` characters.
function goesOn(text: string, at: number, write: number): boolean {
  const written = texts[write] as string;
  const { length } = written;
  if (at + length > text.length) return false;
  if (length > SHORT) return text.startsWith(written, at);
  for (let i = 0; i < length; i++) if (text.charCodeAt(at + i) !== written.charCodeAt(i)) return false;
  return true;
}
