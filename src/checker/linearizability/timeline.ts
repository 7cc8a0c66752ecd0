// One partition, laid out for the search: operations numbered by return, what is called before which return, a slot for
// each operation that is open, reused after its return. Made anew for each partition in pooled arrays; holds no state.
//
// Operations that need not have happened ("optional": of unknown outcome, or relaxed while a history is made smaller) take
// part too, and come last in the numbering where they never return. Optional read-only ones say nothing and are left out.
import { UsageError } from "../../base/usage-error.js";
import type { Partition } from "./event-order.js";
import { IntPool } from "./event-order.js";
import type { Operation } from "./history.js";
import type { Kernel, Program } from "./kernel.js";
import * as kernels from "./kernel.js";

// A constant of this module is folded into the code that uses it; one of another module is loaded each time.
const { AVOIDS, DOES, DOES_FROM, ILLEGAL, LEAVES, MEETS, READ_ONLY, RESET, SETS, TARGET, TRIES } = kernels;

/** The operations that a timeline is made of. */
export interface Laid<Input, Output> {
  readonly operations: readonly Operation<Input, Output>[];
  /** By operation: its class. */
  readonly classes: Int32Array;
  /** Operations that returned, but need not have happened. */
  readonly relaxed?: ReadonlySet<number> | undefined;
  /** Operations that are over, and may have happened or not, before all the rest: left out, but for their classes. */
  readonly past?: ReadonlySet<number> | undefined;
  /** By operation: the one of the same session that must come before it, whatever their calls; -1: none. */
  readonly after?: Int32Array | undefined;
  /** Take nothing for a TARGET. */
  readonly blind?: boolean;
}

/** Beside the flags of its class: it need not happen. */
export const OPTIONAL = 256;

/** What the search asks of an operation again and again stands together, in the row of its number: so many integers. */
export const ROW = 8;
/** In a row: its class's flags and what that does, and OPTIONAL; its class; its slot in a set of open operations. */
export const FLAGS = 0;
export const CLASS = 1;
export const SLOT = 2;
/** In a row: a state, and what the operation leads to from it, and from all others: a state, ILLEGAL, SAME or ELSEWHERE. */
export const WANTS = 3;
export const MET = 4;
export const UNMET = 5;
/** In a row, left to the search: the open operations beside it. */
export const NEXT = 6;
export const PREVIOUS = 7;

/** The state does not change. */
export const SAME = -2;
/** Its class has to be asked. */
export const ELSEWHERE = -3;

const GIVEN = 0;

const LEFT_OUT = -(2 ** 31);
const NEVER_RETURNS = -1;
const BY_NUMBER = ["source", "byCall", "callRank", "called", "resets", "target", "after"] as const;

/** See above. "By number": indexed by the number that an operation has here. */
export class Timeline {
  /** How many operations take part. Those that return come first, in the order of their returns. */
  count = 0;
  /** How many of them return: the frontiers of the search. */
  returns = 0;
  /** Words of 32 slots that a set of open operations needs. */
  words = 1;
  /** By number: the operation's place in the history. */
  source: Int32Array = new Int32Array(0);
  /** By number: its row; and two more, for the ends of lists. */
  rows: Int32Array = new Int32Array(0);
  /** Rows in the order of the calls, and by number the place in that order. */
  byCall: Int32Array = new Int32Array(0);
  callRank: Int32Array = new Int32Array(0);
  /** By frontier: how many operations are called before that return. */
  called: Int32Array = new Int32Array(0);
  /** By frontier: how many RESETs are called before that return. */
  resets: Int32Array = new Int32Array(0);
  /** By frontier (and one more): the first TARGET that must happen from here on; `returns` where there is none. */
  target: Int32Array = new Int32Array(0);
  /** By number: the operation that has to be linearized before; -1: none. Only where `constrained`. */
  after: Int32Array = new Int32Array(0);
  constrained = false;
  /** The kernel's initial state. */
  initial = 0;

  /** The classes of the operations that are past. */
  readonly pastClasses = new Set<number>();

  private readonly numbers = new IntPool();
  private readonly freeSlots: number[] = [];

  /** Lays out `partition` for `kernel`, to which all operations have been added. */
  build<Input, Output>(laid: Laid<Input, Output>, partition: Partition, kernel: Kernel<Input, Output>): void {
    const numbers = this.numbers.take(laid.operations.length);
    const { program } = kernel;
    this.initial = kernel.initial(partition.number);
    this.number(partition, numbers);
    // So many calls, and the ends of two lists.
    this.reserve(partition.to - partition.from - this.returns + 2);
    if (laid.relaxed !== undefined) this.relax(laid, laid.relaxed, partition, program.kinds, numbers);
    this.layOut(laid, partition, program, numbers);
  }

  private reserve(length: number): void {
    if (this.source.length >= length) return;
    const size = Math.max(256, length + (length >> 1));
    for (const name of BY_NUMBER) this[name] = new Int32Array(size);
    this.rows = new Int32Array(ROW * size);
  }

  private number({ events, from, to }: Partition, numbers: Int32Array): void {
    let returns = 0;
    for (let e = from; e < to; e++) {
      const event = events[e] as number;
      const isReturn = event & 1;
      // What is a call and what a return nobody can guess, a processor neither: so this is `isReturn ? returns : NEVER_RETURNS`.
      numbers[event >> 1] = (returns & -isReturn) | (isReturn - 1);
      returns += isReturn;
    }
    this.returns = returns;
  }

  // Takes out those that are past, and those that say nothing now that they need not happen.
  private relax<Input, Output>(
    { classes, past }: Laid<Input, Output>,
    relaxed: ReadonlySet<number>,
    { events, from, to }: Partition,
    kinds: Int32Array,
    numbers: Int32Array,
  ): void {
    let returns = 0;
    this.pastClasses.clear();
    for (let e = from; e < to; e++) {
      const event = events[e] as number;
      const operation = event >> 1;
      if ((event & 1) !== 0) {
        if (numbers[operation] !== LEFT_OUT) numbers[operation] = returns++;
      } else if (past !== undefined && past.has(operation)) {
        this.pastClasses.add(classes[operation] as number);
        numbers[operation] = LEFT_OUT;
      } else if (relaxed.has(operation) && ((kinds[classes[operation] as number] as number) & READ_ONLY) !== 0) {
        numbers[operation] = LEFT_OUT;
      }
    }
    this.returns = returns;
  }

  private layOut<Input, Output>(
    { operations, classes: classOf, relaxed, after, blind }: Laid<Input, Output>,
    { events, from, to }: Partition,
    { kinds, wants, gives }: Program,
    numbers: Int32Array,
  ): void {
    const { returns, source, rows, byCall, callRank, called, resets } = this;
    const { freeSlots } = this;
    const seen = blind === true ? ~TARGET : -1;
    let freeCount = 0;
    let slotCount = 0;
    let calls = 0;
    let resetCount = 0;
    let heard = 0;
    let count = returns;
    for (let e = from; e < to; e++) {
      const event = events[e] as number;
      const operation = event >> 1;
      let number = numbers[operation] as number;
      if (number === LEFT_OUT) continue;
      if ((event & 1) !== 0) {
        called[number] = calls;
        resets[number] = resetCount;
        freeSlots[freeCount++] = rows[ROW * number + SLOT] as number;
        continue;
      }
      const operationClass = classOf[operation] as number;
      const mine = (kinds[operationClass] as number) & seen;
      const unknown = number === NEVER_RETURNS;
      if (unknown) {
        number = (mine & READ_ONLY) === 0 ? count++ : LEFT_OUT;
        numbers[operation] = number;
        if (number === LEFT_OUT) continue;
      }
      source[number] = operation;
      const row = ROW * number;
      rows[row + FLAGS] = unknown || (relaxed !== undefined && relaxed.has(operation)) ? mine | OPTIONAL : mine;
      rows[row + CLASS] = operationClass;
      rows[row + SLOT] = freeCount > 0 ? (freeSlots[--freeCount] as number) : slotCount++;
      rows[row + WANTS] = wants[operationClass] as number;
      const does = (mine & DOES) >> DOES_FROM;
      const given = gives[operationClass] as number;
      rows[row + MET] = (given & (metMask[does] as number)) | (metElse[does] as number);
      rows[row + UNMET] = (given & (unmetMask[does] as number)) | (unmetElse[does] as number);
      heard |= mine;
      if ((mine & RESET) !== 0) resetCount++;
      callRank[number] = calls;
      byCall[calls++] = row;
    }
    this.count = count;
    called[returns] = calls;
    resets[returns] = resetCount;
    this.words = Math.max(1, (slotCount + 31) >> 5);
    this.constrained = after !== undefined;
    if (after !== undefined) this.constrain(operations, after, numbers);
    if ((heard & TARGET) === 0) this.target.fill(returns, 0, returns + 1);
    else this.lookAhead();
  }

  private constrain(operations: readonly Operation[], after: Int32Array, numbers: Int32Array): void {
    for (let number = 0; number < this.count; number++) {
      const operation = this.source[number] as number;
      const before = after[operation] as number;
      const known = before >= 0 && numbers[before] !== LEFT_OUT && !this.is(numbers[before] as number, OPTIONAL);
      this.after[number] = known ? (numbers[before] as number) : -1;
      if ((operations[operation] as Operation).sessionOrdered === true && !this.is(number, READ_ONLY)) {
        throw new UsageError(`operation ${operation} is session-ordered, but the model does not call it read-only`);
      }
    }
  }

  /** Whether the operation of this number has a flag of its class. */
  is(number: number, flag: number): boolean {
    return ((this.rows[ROW * number + FLAGS] as number) & flag) !== 0;
  }

  private lookAhead(): void {
    const { target, rows, returns } = this;
    target[returns] = returns;
    for (let r = returns - 1; r >= 0; r--) {
      target[r] = ((rows[ROW * r + FLAGS] as number) & (TARGET | OPTIONAL)) === TARGET ? r : (target[r + 1] as number);
    }
  }
}

// Where an operation leads by what its class does, from the state that it wants and from all others: `gives` as far as the mask
// lets it through, or what is beside it.
const metMask = new Int32Array(8);
const metElse = new Int32Array(8).fill(ELSEWHERE);
const unmetMask = new Int32Array(8);
const unmetElse = new Int32Array(8).fill(ELSEWHERE);
for (const [does, met, unmet] of [
  [MEETS, GIVEN, ILLEGAL],
  [AVOIDS, ILLEGAL, SAME],
  [SETS, GIVEN, GIVEN],
  [TRIES, GIVEN, SAME],
  [LEAVES, SAME, SAME],
] as const) {
  const at = does >> DOES_FROM;
  metMask[at] = met === GIVEN ? -1 : 0;
  metElse[at] = met === GIVEN ? 0 : met;
  unmetMask[at] = unmet === GIVEN ? -1 : 0;
  unmetElse[at] = unmet === GIVEN ? 0 : unmet;
}
