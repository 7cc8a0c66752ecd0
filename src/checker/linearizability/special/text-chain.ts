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
import { ChainOrder } from "./chain-order.js";
import type { Linearized, Special } from "./special.js";
import type { TextView } from "./text-state.js";
import { goesOn, prepare, TextState } from "./text-state.js";
import * as state from "./text-state.js";

// A constant of this module is folded into the code that uses it; one of another module is loaded each time.
const { ANY, DONE, FREE, GET, gets, MOST_OPEN, NOBODY, PUT, texts, writes } = state;

/** How many reads, by return, may say what a write is for. */
const LOOK_AHEAD = 8;

/** The algorithm for models whose operations `view` can read. It never says that a history is illegal. */
export function textChain<Input, Output>(view: TextView<Input, Output>): Special<Input, Output> {
  return {
    name: "text-chain",
    prepare: (operations) => prepare(operations, view),
    decide(operations, partition) {
      if (!new Chain(operations.length, partition, undefined).run()) return undefined;
      return {
        legal: true,
        order(): Linearized {
          const order = new ChainOrder(operations, partition);
          new Chain(operations.length, partition, order).run();
          return order.read();
        },
      };
    },
  };
}

class Chain extends TextState {
  // The first read, by return, that is not done.
  private target = 0;

  /** Whether an order was found. */
  run(): boolean {
    return this.gather() && this.follow();
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
      // Somebody further away than the next targets may have gone on with it.
      if (this.fates[write] !== DONE) this.write(write);
    }
    return true;
  }

  // Whether one of the next targets goes on with an append, which is done now, or can be met before it.
  private isAheadOf(append: number): boolean {
    for (let i = this.first(), left = LOOK_AHEAD; i < this.readCount && left > 0; i = this.next(i + 1), left--) {
      const get = this.reads[i] as number;
      const text = texts[get] as string;
      if (this.goOn(text, append) || this.putAndGoOn(text, append)) return true;
      if (this.isOpen(get) && this.meetGet(get)) return true;
    }
    return false;
  }

  // Whether one of the next targets begins with a put.
  private isBegun(put: number): boolean {
    for (let i = this.first(), left = LOOK_AHEAD; i < this.readCount && left > 0; i = this.next(i + 1), left--) {
      const get = this.reads[i] as number;
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
    for (let i = this.first(), left = LOOK_AHEAD; i < this.readCount && left > 0; i = this.next(i + 1), left--) {
      const get = this.reads[i] as number;
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

  // The places of the targets, one after the other.
  private first(): number {
    this.target = this.next(this.target);
    return this.target;
  }

  private next(from: number): number {
    let place = from;
    while (place < this.readCount && this.fates[this.reads[place] as number] === DONE) place++;
    return place;
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
}
