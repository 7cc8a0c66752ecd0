// Objects that hold one value at a time, over integers: an operation has a guard (any value, this one, any but this one) and
// an effect (none, or this value). Registers, with and without compare-and-set; what the values are does not matter.
import { READ_ONLY, RESET, TOTAL, ILLEGAL } from "../kernel.js";
import type { Kernel } from "../kernel.js";
import type { Key } from "../model.js";
import { PairClasses } from "./pair-classes.js";

// A class is the pair of (guarded value, written value), the kind in the low bits of the first.
const READ = 0;
const READ_OTHER = 1;
const WRITE = 2;
const SWAP = 3;
const TRY_SWAP = 4;
const ANY = 5;
const KIND_BITS = 3;
const KIND = 7;

const SMALL = 256;
const NEVER_SMALL = 0;

/** Says of one operation which of the methods below it is; what that gives back is the operation's class. */
export type CellReader<Input, Output> = (cell: CellClasses, input: Input, output: Output | undefined) => number;

/** What an operation on a cell may be. */
export class CellClasses {
  readonly pairs = new PairClasses();
  private readonly numbers = new Map<Key, number>();
  private readonly small = new Int32Array(SMALL);
  private count = 0;

  clear(): void {
    this.pairs.clear();
    if (this.numbers.size > 0) this.numbers.clear();
    this.small.fill(NEVER_SMALL);
    this.count = 0;
  }

  /** The number of a value, from 1. Small whole numbers, the usual ones, cost no look-up. */
  number(value: Key): number {
    if (typeof value === "number" && value >= 0 && value < SMALL && (value | 0) === value) {
      const known = this.small[value] as number;
      if (known !== NEVER_SMALL) return known;
      this.small[value] = ++this.count;
      return this.count;
    }
    let known = this.numbers.get(value);
    if (known === undefined) {
      known = ++this.count;
      this.numbers.set(value, known);
    }
    return known;
  }

  /** Legal everywhere; then the cell holds `value`. */
  write(value: Key): number {
    return this.pairs.of(WRITE, this.number(value));
  }
  /** Legal where the cell holds `value`. */
  read(value: Key): number {
    return this.pairs.of((this.number(value) << KIND_BITS) | READ, 0);
  }
  /** Legal where the cell does not hold `value`. */
  readOther(value: Key): number {
    return this.pairs.of((this.number(value) << KIND_BITS) | READ_OTHER, 0);
  }
  /** Legal where the cell holds `value`, which becomes `next`. */
  swap(value: Key, next: Key): number {
    return this.pairs.of((this.number(value) << KIND_BITS) | SWAP, this.number(next));
  }
  /** Legal everywhere; where the cell holds `value`, that becomes `next`. */
  trySwap(value: Key, next: Key): number {
    return this.pairs.of((this.number(value) << KIND_BITS) | TRY_SWAP, this.number(next));
  }
  /** Legal everywhere; changes nothing. */
  any(): number {
    return this.pairs.of(ANY, 0);
  }
}

/** See the top. */
export class CellKernel<Input, Output> implements Kernel<Input, Output> {
  private readonly classes = new CellClasses();
  private initialState = 0;

  constructor(
    private readonly initial: Key,
    private readonly read: CellReader<Input, Output>,
  ) {}

  begin(): void {
    this.classes.clear();
    this.initialState = this.classes.number(this.initial);
  }

  add(input: Input, output: Output | undefined): number {
    return this.read(this.classes, input, output);
  }

  finish(): number {
    return this.initialState;
  }

  flags(operationClass: number): number {
    switch ((this.classes.pairs.first[operationClass] as number) & KIND) {
      case READ:
      case READ_OTHER:
        return READ_ONLY;
      case ANY:
        return READ_ONLY | TOTAL;
      case WRITE:
        return RESET | TOTAL;
      case TRY_SWAP:
        return TOTAL;
      default: {
        const { first, second } = this.classes.pairs;
        // A swap of a value for itself reads.
        return (first[operationClass] as number) >> KIND_BITS === second[operationClass] ? READ_ONLY : 0;
      }
    }
  }

  step(state: number, operationClass: number): number {
    const { first, second } = this.classes.pairs;
    const guard = first[operationClass] as number;
    switch (guard & KIND) {
      case READ:
        return guard >> KIND_BITS === state ? state : ILLEGAL;
      case READ_OTHER:
        return guard >> KIND_BITS === state ? ILLEGAL : state;
      case WRITE:
        return second[operationClass] as number;
      case SWAP:
        return guard >> KIND_BITS === state ? (second[operationClass] as number) : ILLEGAL;
      case TRY_SWAP:
        return guard >> KIND_BITS === state ? (second[operationClass] as number) : state;
      default:
        return state;
    }
  }

  choices(): readonly number[] {
    return [];
  }

  hopeless(): boolean {
    return false;
  }
}
