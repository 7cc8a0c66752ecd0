// The calls and returns of a history in the order of time, each partition's together: by placing where times are small whole
// numbers of which none comes twice (places in a list of events), by counting where they do, else by sorting. A call at the
// instant of a return comes first: intervals are closed. Failed operations have no events.
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

/** One partition's share of the order of events: 2 · operation is its call, 2 · operation + 1 its return. */
export interface Partition {
  /** From 0, in the order in which partitions come up. */
  readonly number: number;
  readonly key: Key;
  readonly events: Int32Array;
  readonly from: number;
  readonly to: number;
}

/** No event. */
const NONE = -1;

const placePool = new IntPool();
const partPool = new IntPool();
const keyPool = new IntPool();
const countPool = new IntPool();
const orderPool = new IntPool();
const eventPool = new IntPool();

/**
 * The events of all operations but the failed ones, by partition, in the order in which the operations bring them up. Where
 * nothing tells partitions apart it is one, be it empty. They stand until the next call.
 */
export function partitionEvents<Input>(
  operations: readonly Operation<Input>[],
  partitionOf: ((input: Input) => Key) | undefined,
): readonly Partition[] {
  const parts = new Parts(operations.length, partitionOf);
  const order = eventsInPlace(operations, parts) ?? orderEvents(operations);
  return parts.deal(order);
}

// Who belongs where.
class Parts<Input> {
  private readonly numbers = new Map<Key, number>();
  private readonly keys: Key[] = [];
  private readonly sizes: number[] = [];
  private readonly partOf: Int32Array;

  constructor(
    operations: number,
    private readonly partitionOf: ((input: Input) => Key) | undefined,
  ) {
    this.partOf = partPool.take(operations);
    if (partitionOf !== undefined) return;
    this.keys.push(undefined);
    this.sizes.push(0);
  }

  add(operation: number, input: Input, events: number): void {
    const number = this.partitionOf === undefined ? 0 : this.number(this.partitionOf(input));
    this.partOf[operation] = number;
    this.sizes[number] = (this.sizes[number] as number) + events;
  }

  private number(key: Key): number {
    let known = this.numbers.get(key);
    if (known !== undefined) return known;
    known = this.keys.push(key) - 1;
    this.sizes.push(0);
    this.numbers.set(key, known);
    return known;
  }

  /** The events of each in their order. NONE is no event. */
  deal(order: Int32Array): Partition[] {
    const { keys, sizes, partOf } = this;
    const next = countPool.take(keys.length);
    let total = 0;
    for (let number = 0; number < keys.length; number++) {
      next[number] = total;
      total += sizes[number] as number;
    }
    // Where they stand close together, they stand as they should.
    const events = keys.length === 1 && closeTogether(order, total) ? order : eventPool.take(total);
    for (let left = events === order ? 0 : total, at = 0; left > 0; at++) {
      const event = order[at] as number;
      if (event === NONE) continue;
      left--;
      const number = partOf[event >> 1] as number;
      const mine = next[number] as number;
      next[number] = mine + 1;
      events[mine] = event;
    }
    let from = 0;
    return keys.map((key, number) => {
      const to = from + (sizes[number] as number);
      const partition = { number, key, events, from, to };
      from = to;
      return partition;
    });
  }
}

function closeTogether(order: Int32Array, total: number): boolean {
  for (let at = 0; at < total; at++) if (order[at] === NONE) return false;
  return true;
}

// Puts every event at the place of its time, and says who belongs where. Undefined: times are not such that this can be.
function eventsInPlace<Input>(operations: readonly Operation<Input>[], parts: Parts<Input>): Int32Array | undefined {
  const count = operations.length;
  const range = 4 * count + 64;
  const places = placePool.take(range).fill(NONE, 0, range);
  let fits = true;
  for (let i = 0; i < count; i++) {
    const { outcome, call, return: ending, input } = operations[i] as Operation<Input>;
    if (outcome === "fail") continue;
    const returns = outcome === "ok";
    const end = returns ? ending : call;
    if (!(call <= end)) throw new UsageError(`operation ${i} returns at ${end}, before its call at ${call}`);
    parts.add(i, input, returns ? 2 : 1);
    if (!fits) continue;
    if (!(call >= 0 && end < range) || (call | 0) !== call || (end | 0) !== end) {
      fits = false;
      continue;
    }
    if (places[call] !== NONE) fits = false;
    places[call] = 2 * i;
    if (!returns) continue;
    if (places[end] !== NONE) fits = false;
    places[end] = 2 * i + 1;
  }
  return fits ? places : undefined;
}

function orderEvents(operations: readonly Operation[]): Int32Array {
  const count = operations.length;
  const dense = 8 * count + 64;
  const keys = keyPool.take(2 * count);
  let most = 0;
  for (let i = 0; i < count; i++) {
    const { outcome, call, return: ending } = operations[i] as Operation;
    keys[2 * i] = keys[2 * i + 1] = -1;
    if (outcome === "fail") continue;
    const end = outcome === "ok" ? ending : call;
    if (!(call >= 0 && end < dense) || (call | 0) !== call || (end | 0) !== end) return comparisonSort(operations);
    keys[2 * i] = 2 * call;
    if (outcome === "ok") keys[2 * i + 1] = 2 * end + 1;
    if (end > most) most = end;
  }
  return countingSort(keys, 2 * count, 2 * most + 2);
}

function countingSort(keys: Int32Array, length: number, range: number): Int32Array {
  const places = countPool.take(range + 1);
  places.fill(0, 0, range + 1);
  for (let i = 0; i < length; i++) {
    const key = keys[i] as number;
    if (key >= 0) places[key + 1] = (places[key + 1] as number) + 1;
  }
  for (let key = 1; key <= range; key++) places[key] = (places[key] as number) + (places[key - 1] as number);
  const events = orderPool.take(length);
  for (let i = 0; i < length; i++) {
    const key = keys[i] as number;
    if (key < 0) continue;
    const place = places[key] as number;
    places[key] = place + 1;
    events[place] = i;
  }
  return events;
}

function comparisonSort(operations: readonly Operation[]): Int32Array {
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
  const events = orderPool.take(kept.length);
  for (let e = 0; e < kept.length; e++) events[e] = kept[e] as number;
  return events;
}
