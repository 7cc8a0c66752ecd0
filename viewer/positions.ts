// Where an instant stands along the picture: by time, or event by event – then quiet stretches take no room. Both rise with
// time, so everything that is drawn from left to right by one is so by the other.
import { bisectLeft } from "d3-array";

export interface Positions {
  readonly kind: "time" | "order";
  /** The place of an instant. */
  of(t: number): number;
  /** The instant of a place. */
  at(place: number): number;
  readonly end: number;
}

/** By time: a place is an instant. */
export const byTime = (end: number): Positions => ({
  kind: "time",
  of: (t) => t,
  at: (place) => place,
  end: Math.max(end, 1),
});

/** Event by event: a place is how many instants with an event came before. `instants` ascend, each once. */
export function byOrder(instants: readonly number[]): Positions {
  const last = instants.length - 1;
  const at = (place: number): number => {
    const low = Math.max(0, Math.min(last, Math.floor(place)));
    const from = instants[low] ?? 0;
    const to = instants[Math.min(last, low + 1)] ?? from;
    return from + (to - from) * (place - low);
  };
  const of = (t: number): number => {
    const high = bisectLeft(instants, t);
    if (high <= last && instants[high] === t) return high;
    if (high === 0) return t < 0 ? -1 : 0;
    if (high > last) return last + 1;
    const from = instants[high - 1] ?? 0;
    const to = instants[high] ?? from;
    return high - 1 + (to === from ? 0 : (t - from) / (to - from));
  };
  return { kind: "order", of, at, end: Math.max(last + 1, 1) };
}

/** The first of what stands in order of `key` that is not before `value`. */
export function firstFrom<Item>(items: readonly Item[], value: number, key: (item: Item) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(items[middle] as Item) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
