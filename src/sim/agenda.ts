// What is yet to happen, by (time, sequence): no ties left to chance. An event is a record, not a closure.
import { assert } from "../base/assert.js";
import type { Micros } from "../base/time.js";

/** Someone who can be woken. `what` says for what; `about` is what was handed in. */
export interface Actor<About> {
  wake(what: number, about: About): void;
}

interface Event {
  readonly at: number;
  readonly sequence: number;
  readonly to: Actor<unknown>;
  readonly what: number;
  readonly about: unknown;
}

/** Holds at most this many events; more are a defect of ours. */
const MOST_EVENTS = 1_000_000;
/** Lets at most this many events happen in one instant; more go round in a circle. */
const MOST_AT_ONCE = 1_000_000;

export class Agenda {
  // A binary heap of its own: the comparison stands inline, and this is the hottest loop of the simulation.
  readonly #heap: Event[] = [];
  #sequence = 0;
  #now = 0;
  #left = 0;
  #atOnce = 0;

  /** Virtual time: that of the event that happens now. */
  get now(): Micros {
    return this.#now as Micros;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Events that have happened. */
  get happened(): number {
    return this.#left;
  }

  /** Wakes `to` at `at`, after all that was asked for that instant before. An instant that is past is now. */
  add<About>(at: number, to: Actor<About>, what: number, about: About): void {
    assert(this.#heap.length < MOST_EVENTS, "the agenda grows without bound");
    const event: Event = {
      at: at < this.#now ? this.#now : at,
      sequence: this.#sequence++,
      to: to as Actor<unknown>,
      what,
      about,
    };
    this.#rise(event);
  }

  /** Lets the next event happen; false when there is none, or none before `end` (exclusive). */
  step(end: number): boolean {
    const heap = this.#heap;
    const next = heap[0];
    if (next === undefined || next.at >= end) return false;
    const last = heap.pop() as Event;
    if (heap.length > 0) this.#sink(last);
    this.#atOnce = next.at === this.#now ? this.#atOnce + 1 : 0;
    assert(this.#atOnce < MOST_AT_ONCE, "time stands still: events go round in a circle");
    this.#now = next.at;
    this.#left++;
    next.to.wake(next.what, next.about);
    return true;
  }

  #rise(event: Event): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Event;
      if (above.at < event.at || (above.at === event.at && above.sequence < event.sequence)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #sink(event: Event): void {
    const heap = this.#heap;
    const size = heap.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && before(heap[right] as Event, heap[child] as Event)) child = right;
      const below = heap[child] as Event;
      if (before(event, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = event;
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}
