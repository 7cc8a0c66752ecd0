// The order that a chain of texts has found, written down as it is found: who is used at which event, and who stands just
// before the last put, where nobody sees it.
import type { Partition } from "../event-order.js";
import type { Operation } from "../history.js";
import type { Linearized } from "./special.js";
import { timeOf } from "./special.js";

/** See the top. */
export class ChainOrder {
  private readonly operations: number[] = [];
  private readonly times: number[] = [];
  private lastPut = -1;
  // By place: who stands just before it.
  private readonly hidden = new Map<number, number[]>();

  constructor(
    private readonly history: readonly Operation[],
    private readonly partition: Partition,
  ) {}

  /** Used at the partition's event of that place. */
  add(operation: number, event: number, isPut: boolean): void {
    if (isPut) this.lastPut = this.operations.length;
    this.operations.push(operation);
    this.times.push(timeOf(this.history, this.partition, event - this.partition.from));
  }

  /** Stands before the last put: it was open then, and is free since. */
  hide(operation: number): void {
    this.hidden.set(this.lastPut, [...(this.hidden.get(this.lastPut) ?? []), operation]);
  }

  read(): Linearized {
    const operations: number[] = [];
    const times: number[] = [];
    this.operations.forEach((operation, place) => {
      for (const one of [...(this.hidden.get(place) ?? []), operation]) {
        operations.push(one);
        times.push(this.times[place] as number);
      }
    });
    return { operations, times };
  }
}
