// The timers of a machine: a binary heap that knows each timer's place, so that setting and cancelling cost O(log n).
// They leave by (deadline, rank); the rank is the timer's own, so a restored replica runs ties in the same order. SPEC 2.1.
import { compareKeys } from "../base/key-order.js";
import type { State, Timer } from "./state.js";

function compare(a: Timer, b: Timer): number {
  if (a.deadline !== b.deadline) return a.deadline < b.deadline ? -1 : 1;
  if (a.expiry !== b.expiry) return a.expiry ? -1 : 1;
  if (a.service !== b.service) return a.service < b.service ? -1 : 1;
  if (a.session !== b.session) return a.session < b.session ? -1 : 1;
  if (a.command !== b.command) return a.command < b.command ? -1 : 1;
  return compareKeys(a.key, b.key);
}

function place(heap: Timer[], timer: Timer, slot: number): void {
  heap[slot] = timer;
  timer.slot = slot;
}

function rise(order: Timers, heap: Timer[], timer: Timer, from: number): void {
  let slot = from;
  while (slot > 0) {
    const above = (slot - 1) >> 1;
    const parent = heap[above] as Timer;
    if (order.compare(timer, parent) >= 0) break;
    place(heap, parent, slot);
    slot = above;
  }
  place(heap, timer, slot);
}

function sink(order: Timers, heap: Timer[], timer: Timer, from: number): void {
  let slot = from;
  for (;;) {
    let below = 2 * slot + 1;
    if (below >= heap.length) break;
    const right = below + 1;
    if (right < heap.length && order.compare(heap[right] as Timer, heap[below] as Timer) < 0) below = right;
    const child = heap[below] as Timer;
    if (order.compare(timer, child) <= 0) break;
    place(heap, child, slot);
    slot = below;
  }
  place(heap, timer, slot);
}

/** How timers are kept. Nobody else looks into State.timers. */
export interface Timers {
  /** (deadline, rank): negative where `a` runs first. */
  compare(a: Timer, b: Timer): number;
  set(state: State, timer: Timer): void;
  /** A timer that is cancelled never runs; one that is not set is left alone. */
  cancel(state: State, timer: Timer): void;
  /** The timer that runs next, whether or not it is due. */
  next(state: State): Timer | undefined;
}

export const timers: Timers = {
  compare,

  set(state, timer) {
    const heap = state.timers;
    heap.push(timer);
    rise(this, heap, timer, heap.length - 1);
  },

  cancel(state, timer) {
    const { slot } = timer;
    const heap = state.timers;
    if (slot < 0) return;
    timer.slot = -1;
    const last = heap.pop() as Timer;
    if (last === timer) return;
    if (slot > 0 && this.compare(last, heap[(slot - 1) >> 1] as Timer) < 0) rise(this, heap, last, slot);
    else sink(this, heap, last, slot);
  },

  next: (state) => state.timers[0],
};
