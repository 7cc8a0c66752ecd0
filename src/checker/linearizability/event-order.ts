// The calls and returns of a history in the order of time, and the same by partition: linear where times are small whole
// numbers (places in a list of events), else by sorting. A call at the instant of a return comes first: intervals are closed.
import { UsageError } from "../../base/usage-error.js";
import type { Operation } from "./history.js";
import type { Key } from "./model.js";

/** A growing array of integers that is used again and again, so that small checks allocate nothing. */
export class IntPool {
  private array: Int32Array = new Int32Array(1024);
  /** At least `length` integers of whatever was there before. */
  take(length: number): Int32Array {
    if (this.array.length < length) this.array = new Int32Array(Math.max(length, this.array.length * 2));
    return this.array;
  }
  /** A longer array that begins with what `array`, the last one taken, holds. */
  grow(array: Int32Array): Int32Array {
    this.array = new Int32Array(2 * array.length);
    this.array.set(array);
    return this.array;
  }
}

/** Events of operations by number: 2 · operation is its call, 2 · operation + 1 its return. */
export interface EventOrder {
  readonly events: Int32Array;
  readonly count: number;
}

const keyPool = new IntPool();
const countPool = new IntPool();
const eventPool = new IntPool();
const scratchPool = new IntPool();

/** Orders the events of all operations but the failed ones. The result stands until the next call. */
export function orderEvents(operations: readonly Operation[]): EventOrder {
  const count = operations.length;
  const dense = 8 * count + 64;
  const keys = keyPool.take(2 * count);
  let isDense = true;
  let most = 0;
  for (let i = 0; i < count; i++) {
    const operation = operations[i] as Operation;
    const call = operation.call;
    const end = operation.outcome === "ok" ? operation.return : call;
    if (!(call <= end)) throw new UsageError(`operation ${i} returns at ${end}, before its call at ${call}`);
    if (!isDense) continue;
    if (!(call >= 0 && end < dense) || (call | 0) !== call || (end | 0) !== end) {
      isDense = false;
      continue;
    }
    keys[2 * i] = operation.outcome === "fail" ? -1 : 2 * call;
    keys[2 * i + 1] = operation.outcome === "ok" ? 2 * end + 1 : -1;
    if (end > most) most = end;
  }
  return isDense ? countingSort(keys, 2 * count, 2 * most + 2) : comparisonSort(operations);
}

function countingSort(keys: Int32Array, length: number, range: number): EventOrder {
  const places = countPool.take(range + 1);
  places.fill(0, 0, range + 1);
  for (let i = 0; i < length; i++) {
    const key = keys[i] as number;
    if (key >= 0) places[key + 1] = (places[key + 1] as number) + 1;
  }
  for (let key = 1; key <= range; key++) places[key] = (places[key] as number) + (places[key - 1] as number);
  const events = eventPool.take(length);
  let count = 0;
  for (let i = 0; i < length; i++) {
    const key = keys[i] as number;
    if (key < 0) continue;
    const place = places[key] as number;
    places[key] = place + 1;
    events[place] = i;
    count++;
  }
  return { events, count };
}

function comparisonSort(operations: readonly Operation[]): EventOrder {
  const times = new Float64Array(2 * operations.length);
  const kept: number[] = [];
  operations.forEach((operation, i) => {
    if (operation.outcome === "fail") return;
    times[2 * i] = operation.call;
    kept.push(2 * i);
    if (operation.outcome !== "ok") return;
    times[2 * i + 1] = operation.return;
    kept.push(2 * i + 1);
  });
  kept.sort((a, b) => (times[a] as number) - (times[b] as number) || (a & 1) - (b & 1) || a - b);
  const events = eventPool.take(kept.length);
  events.set(kept);
  return { events, count: kept.length };
}

/** One partition's share of an order of events. */
export interface Partition {
  readonly key: Key;
  readonly events: Int32Array;
  readonly from: number;
  readonly to: number;
}

/** Splits an order of events by partition, in the order in which partitions come up. The events stand until the next call. */
export function partitionEvents<Input>(
  operations: readonly Operation<Input>[],
  order: EventOrder,
  partitionOf: ((input: Input) => Key) | undefined,
): Partition[] {
  if (partitionOf === undefined) return [{ key: undefined, events: order.events, from: 0, to: order.count }];
  const numbers = new Map<Key, number>();
  const keys: Key[] = [];
  const sizes: number[] = [];
  const numberOf = keyPool.take(operations.length);
  for (let e = 0; e < order.count; e++) {
    const event = order.events[e] as number;
    const operation = event >> 1;
    if ((event & 1) === 0) {
      const key = partitionOf((operations[operation] as Operation<Input>).input);
      let number = numbers.get(key);
      if (number === undefined) {
        number = keys.length;
        numbers.set(key, number);
        keys.push(key);
        sizes.push(0);
      }
      numberOf[operation] = number;
    }
    const mine = numberOf[operation] as number;
    sizes[mine] = (sizes[mine] as number) + 1;
  }
  return deal(order, numberOf, keys, sizes);
}

function deal(order: EventOrder, numberOf: Int32Array, keys: readonly Key[], sizes: readonly number[]): Partition[] {
  const events = scratchPool.take(order.count);
  const next = countPool.take(keys.length);
  const partitions: Partition[] = [];
  let from = 0;
  for (let number = 0; number < keys.length; number++) {
    next[number] = from;
    const to = from + (sizes[number] as number);
    partitions.push({ key: keys[number], events, from, to });
    from = to;
  }
  for (let e = 0; e < order.count; e++) {
    const event = order.events[e] as number;
    const number = numberOf[event >> 1] as number;
    const place = next[number] as number;
    next[number] = place + 1;
    events[place] = event;
  }
  return partitions;
}
