// First-in, first-out queues into which no value is put twice: in linear time, by the four ways in which such a history can be
// wrong (Henzinger, Sezgin and Vafeiadis, "Aspect-oriented linearizability proofs", 2013):
// a value is taken that was never put, or before it was put; a value is taken twice; x was put before y, but y was taken and x
// not, or y before x; the queue was found empty although at every instant of that operation some value was certainly in it.
//        a  |-enq 1-|                               1 was put before 2, and 2 was taken before anybody
//        b            |-enq 2-| |-deq 2-| |-deq 1-|   began to take 1: not legal.
// A value is certainly in the queue from the return of its enqueue to the call of its dequeue.
import { assert } from "../../../base/assert.js";
import { IntPool } from "../event-order.js";
import type { Partition } from "../event-order.js";
import type { Operation } from "../history.js";
import type { Key } from "../model.js";
import type { Linearized, Special, SpecialAnswer } from "./special.js";
import { keep, timeOf } from "./special.js";

/** What an operation is to a queue; undefined: something else, or of unknown answer. */
export interface QueueView<Input, Output> {
  look(
    input: Input,
    output: Output | undefined,
  ): { readonly does: "enqueue" | "dequeue"; readonly value: Key } | { readonly does: "find-empty" } | undefined;
}

const NEVER = 2 ** 31 - 1;
const NOBODY = -1;
const FINDS_EMPTY = -2;

const roomPool = new IntPool();
const activePool = new IntPool();

/** The algorithm for models whose operations `view` can read. */
export function fifoQueue<Input, Output>(view: QueueView<Input, Output>): Special<Input, Output> {
  return {
    name: "fifo-queue",
    decide(operations, partition) {
      const values = new Values(operations, partition);
      return values.gather(view) ? values.decide() : undefined;
    },
  };
}

// The values of one history, by number in the order in which they come up. Places are those of the partition's events.
class Values<Input, Output> {
  private readonly byValue = new Map<Key, number>();
  readonly put: number[] = [];
  readonly taken: number[] = [];
  readonly putCall: number[] = [];
  /** By the return of the enqueue or, if that is earlier, of the dequeue, it has been put. */
  readonly putBy: number[] = [];
  /** Nobody can begin to take it before this. */
  readonly takeFrom: number[] = [];
  readonly takenBy: number[] = [];
  /** The empty finds: operation and call. */
  private readonly valueOf: Int32Array;
  private readonly callOf: Int32Array;
  private twice: number[] | undefined;

  constructor(
    private readonly operations: readonly Operation<Input, Output>[],
    private readonly partition: Partition,
  ) {
    const room = roomPool.take(2 * operations.length);
    this.valueOf = room.subarray(0, operations.length);
    this.callOf = room.subarray(operations.length, 2 * operations.length);
  }

  // False: the history has another shape.
  gather(view: QueueView<Input, Output>): boolean {
    const { events, from, to } = this.partition;
    for (let e = from; e < to; e++) {
      const event = events[e] as number;
      const operation = event >> 1;
      if ((event & 1) === 0) {
        if (!this.called(view, operation, e - from)) return false;
      } else this.returned(operation, e - from);
    }
    return true;
  }

  private called(view: QueueView<Input, Output>, operation: number, place: number): boolean {
    const { input, output, outcome } = this.operations[operation] as Operation<Input, Output>;
    const seen = view.look(input, output);
    if (seen === undefined || (outcome === "unknown" && seen.does !== "enqueue")) return false;
    this.callOf[operation] = place;
    this.valueOf[operation] = FINDS_EMPTY;
    if (seen.does === "find-empty") return true;
    const value = this.number(seen.value);
    this.valueOf[operation] = value;
    if (seen.does === "enqueue") {
      if (this.put[value] !== NOBODY) return false;
      this.put[value] = operation;
      this.putCall[value] = place;
      if ((this.takeFrom[value] as number) < place) this.takeFrom[value] = place;
      return true;
    }
    if (this.taken[value] !== NOBODY) this.twice ??= [this.taken[value] as number, operation];
    this.taken[value] = operation;
    this.takeFrom[value] = Math.max(place, this.put[value] === NOBODY ? 0 : (this.putCall[value] as number));
    return true;
  }

  private number(value: Key): number {
    let known = this.byValue.get(value);
    if (known !== undefined) return known;
    known = this.put.length;
    this.byValue.set(value, known);
    this.put.push(NOBODY);
    this.taken.push(NOBODY);
    this.putCall.push(NEVER);
    this.putBy.push(NEVER);
    this.takeFrom.push(NOBODY);
    this.takenBy.push(NEVER);
    return known;
  }

  private returned(operation: number, place: number): void {
    const value = this.valueOf[operation] as number;
    if (value === FINDS_EMPTY) return;
    if (this.putBy[value] === NEVER) this.putBy[value] = place;
    if (this.taken[value] === operation) this.takenBy[value] = place;
  }

  decide(): SpecialAnswer {
    const { put, taken, takenBy, putCall, takeFrom } = this;
    // Who takes a value twice has put it once.
    if (this.twice !== undefined) return { legal: false, culprits: this.with(this.twice) };
    for (let v = 0; v < put.length; v++) {
      if (taken[v] === NOBODY) takeFrom[v] = NEVER;
      else if (put[v] === NOBODY) return { legal: false, culprits: [taken[v] as number] };
      else if ((takenBy[v] as number) < (putCall[v] as number)) {
        return { legal: false, culprits: [taken[v] as number, put[v] as number] };
      }
    }
    const found = this.overtaken() ?? this.foundEmpty();
    return Array.isArray(found) ? { legal: false, culprits: found } : { legal: true, order: this.keepOrder(found) };
  }

  private with(operations: readonly number[]): number[] {
    const put = this.put[this.valueOf[operations[0] as number] as number] as number;
    return put === NOBODY ? [...operations] : [put, ...operations];
  }

  // Two values of which the first one in is certainly not the first one out.
  private overtaken(): number[] | undefined {
    const { put, taken, putCall, putBy, takeFrom, takenBy, valueOf } = this;
    const { events, from, to } = this.partition;
    let latest = NOBODY;
    let latestFrom = -1;
    for (let e = from; e < to; e++) {
      const event = events[e] as number;
      const v = valueOf[event >> 1] as number;
      if (v === FINDS_EMPTY) continue;
      if (putBy[v] === e - from && (takeFrom[v] as number) > latestFrom) {
        latest = v;
        latestFrom = takeFrom[v] as number;
      }
      if (putCall[v] === e - from && (takenBy[v] as number) < latestFrom) {
        const all = [put[latest], taken[latest], put[v], taken[v]] as number[];
        return all.filter((operation) => operation !== NOBODY);
      }
    }
    return undefined;
  }

  // Gaps lie between two events; gap g follows event g. Each empty find gets a gap at which no value is certainly in.
  private foundEmpty(): number[] | EmptyGaps {
    const { putBy, takeFrom, valueOf, callOf } = this;
    const { events, from, to } = this.partition;
    const change = activePool.take(to - from + 1).fill(0, 0, to - from + 1);
    for (let v = 0; v < putBy.length; v++) {
      const into = putBy[v] as number;
      const out = takeFrom[v] as number;
      if (into >= out) continue;
      change[into] = (change[into] as number) + 1;
      if (out !== NEVER) change[out] = (change[out] as number) - 1;
    }
    const gaps: EmptyGaps = { finds: [], gaps: [] };
    let inside = 0;
    let lastEmpty = -1;
    for (let e = from; e < to; e++) {
      const event = events[e] as number;
      const operation = event >> 1;
      if ((event & 1) !== 0 && valueOf[operation] === FINDS_EMPTY) {
        const call = callOf[operation] as number;
        if (lastEmpty < call) return [operation, ...this.cover(call, e - from)];
        gaps.finds.push(operation);
        gaps.gaps.push(lastEmpty);
      }
      inside += change[e - from] as number;
      if (inside === 0) lastEmpty = e - from;
    }
    return gaps;
  }

  // Few values that hand on to one another the certainty of being in, from one event to another.
  private cover(start: number, end: number): number[] {
    const { put, taken, putBy, takeFrom } = this;
    const operations: number[] = [];
    for (let at = start; at < end;) {
      let best = NOBODY;
      for (let v = 0; v < put.length; v++) {
        if ((putBy[v] as number) > at || (takeFrom[v] as number) <= at) continue;
        if (best === NOBODY || (takeFrom[v] as number) > (takeFrom[best] as number)) best = v;
      }
      operations.push(put[best] as number);
      if (taken[best] !== NOBODY) operations.push(taken[best] as number);
      at = takeFrom[best] as number;
    }
    return operations;
  }

  private keepOrder(empty: EmptyGaps): () => Linearized {
    const partition = keep(this.partition);
    const { operations } = this;
    return () => new QueueOrder(this, empty).list(operations, partition);
  }
}

/** Empty finds in the order of their returns, and for each a gap in it at which the queue may be empty; ascending. */
interface EmptyGaps {
  readonly finds: number[];
  readonly gaps: number[];
}

interface Step {
  readonly segment: number;
  readonly place: number;
  readonly kind: number;
  readonly operation: number;
}

const PUT = 0;
const TAKE = 1;
const EMPTY = 2;

// Makes a legal order. The gaps of the empty finds cut time into segments. A value that can be taken before a gap is (then
// both its calls come before it); else it is put after the gap (it is not certainly in, so it need not be put yet). Within
// a segment the values go in an order that agrees with the intervals of their enqueues and of their dequeues, which the
// second test grants; each is put and taken as early as that order permits.
class QueueOrder {
  constructor(
    private readonly values: Values<unknown, unknown>,
    private readonly empty: EmptyGaps,
  ) {}

  list(operations: readonly Operation[], partition: Partition): Linearized {
    const gaps = [...new Set(this.empty.gaps)];
    const steps: Step[] = this.empty.finds.map((operation, i) => {
      const place = this.empty.gaps[i] as number;
      return { segment: gaps.indexOf(place), place, kind: EMPTY, operation };
    });
    const segments = this.segments(operations, gaps);
    segments.forEach((members, segment) => {
      const start = segment === 0 ? -1 : (gaps[segment - 1] as number);
      this.schedule(this.inOrder(members), segment, start, steps);
    });
    // Stable: equal places keep the queue's own order.
    steps.sort(
      (a, b) =>
        a.segment - b.segment ||
        Number(a.kind === EMPTY) - Number(b.kind === EMPTY) ||
        a.place - b.place ||
        a.kind - b.kind,
    );
    return {
      operations: steps.map((step) => step.operation),
      times: steps.map((step) => timeOf(operations, partition, step.place)),
    };
  }

  private segments(operations: readonly Operation[], gaps: readonly number[]): number[][] {
    const { put, taken, takeFrom } = this.values;
    const members: number[][] = Array.from({ length: gaps.length + 1 }, () => []);
    for (let v = 0; v < put.length; v++) {
      const unknown = (operations[put[v] as number] as Operation).outcome === "unknown";
      if (unknown && taken[v] === NOBODY) continue;
      let segment = 0;
      let above = gaps.length;
      while (segment < above) {
        const middle = (segment + above) >> 1;
        if ((gaps[middle] as number) < (takeFrom[v] as number)) segment = middle + 1;
        else above = middle;
      }
      (members[segment] as number[]).push(v);
    }
    return members;
  }

  // Repeatedly a value that nobody left was certainly put before, or certainly taken before.
  private inOrder(members: number[]): number[] {
    const { putCall, putBy, takeFrom, takenBy } = this.values;
    const left = members.toSorted((a, b) => (putCall[a] as number) - (putCall[b] as number));
    const byPut = members.toSorted((a, b) => (putBy[a] as number) - (putBy[b] as number));
    const byTaken = members.toSorted((a, b) => (takenBy[a] as number) - (takenBy[b] as number));
    const placed = new Set<number>();
    const ordered: number[] = [];
    let p = 0;
    let t = 0;
    while (left.length > 0) {
      while (placed.has(byPut[p] as number)) p++;
      while (placed.has(byTaken[t] as number)) t++;
      const put = putBy[byPut[p] as number] as number;
      const taken = takenBy[byTaken[t] as number] as number;
      const at = left.findIndex((v) => (putCall[v] as number) <= put && (takeFrom[v] as number) <= taken);
      assert(at >= 0, "fifo-queue: no value can come next");
      const [v] = left.splice(at, 1) as [number];
      placed.add(v);
      ordered.push(v);
    }
    return ordered;
  }

  private schedule(ordered: readonly number[], segment: number, start: number, steps: Step[]): void {
    const { put, taken, putCall, takeFrom } = this.values;
    let putAt = start;
    let takenAt = start;
    for (const v of ordered) {
      putAt = Math.max(putAt, putCall[v] as number);
      steps.push({ segment, place: putAt, kind: PUT, operation: put[v] as number });
      if (taken[v] === NOBODY) continue;
      takenAt = Math.max(takenAt, takeFrom[v] as number, putAt);
      steps.push({ segment, place: takenAt, kind: TAKE, operation: taken[v] as number });
    }
  }
}
