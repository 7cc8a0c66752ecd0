// Algorithms that decide histories of a certain shape without a search. A model lists those that fit its object; each one
// looks whether it fits the history, and if it does, its answer is final.
import type { Partition } from "../event-order.js";
import type { Operation } from "../history.js";

/** A legal order: operations of the history, each with an instant of its interval, instants not descending. */
export interface Linearized {
  readonly operations: readonly number[];
  readonly times: readonly number[];
}

/** What an algorithm says of a partition. */
export type SpecialAnswer =
  /** `order` may be asked until the next check begins. */
  | { readonly legal: true; readonly order: () => Linearized }
  /** Operations that contradict each other, whatever else happened. */
  | { readonly legal: false; readonly culprits: readonly number[] };

/** See the top. Undefined: this history has another shape. */
export interface Special<Input, Output> {
  readonly name: string;
  /** Called once for each check, before any of its partitions is decided: all operations in a row are quickly read. */
  prepare?(operations: readonly Operation<Input, Output>[]): void;
  decide(operations: readonly Operation<Input, Output>[], partition: Partition): SpecialAnswer | undefined;
}

/** The instant of an event of a partition, by its place there. */
export function timeOf(operations: readonly Operation[], partition: Partition, place: number): number {
  if (place < 0) return -Infinity;
  const event = partition.events[partition.from + place] as number;
  const operation = operations[event >> 1] as Operation;
  return (event & 1) === 0 ? operation.call : operation.return;
}

/** A partition with events of its own, which stay when the next history is checked. */
export function keep(partition: Partition): Partition {
  const events = partition.events.slice(partition.from, partition.to);
  return { number: partition.number, key: partition.key, events, from: 0, to: events.length };
}
