// Objects that hold one value at a time, over integers: an operation has a guard (any value, this one, any but this one) and
// an effect (none, or this value). Registers, with and without compare-and-set; what the values are does not matter.
import { AssertionFailure } from "../../../base/assert.js";
import type { Kernel } from "../kernel.js";
import { AVOIDS, DOES, DOES_FROM, LEAVES, MEETS, Program, READ_ONLY, RESET, SETS, TOTAL, TRIES } from "../kernel.js";
import type { Key } from "../model.js";
import { PairClasses } from "./pair-classes.js";

// A class is the pair of (guarded value, written value), its kind in the low bits of the first.
const KIND_BITS = 7;

// With few values a class is found without a look-up.
const FEW_BITS = 4;
const FEW = 1 << FEW_BITS;
const HIGHEST_BASE = 2 ** 30;

const SMALL = 256;
const NEVER_SMALL = 0;

/** Says of one operation which of the methods below it is; what that gives back is the operation's class. */
export type CellReader<Input, Output> = (cell: CellClasses, input: Input, output: Output | undefined) => number;

/** What an operation on a cell may be. */
export class CellClasses {
  readonly program = new Program();
  private readonly pairs = new PairClasses();
  private readonly numbers = new Map<Key, number>();
  private readonly small = new Int32Array(SMALL);
  private count = 0;
  // By what a class does and two numbers of values that are small: `base` and the class; below `base` it is one of a check before.
  private readonly known = new Int32Array(8 << (2 * FEW_BITS));
  private base = 1;

  clear(): void {
    this.base += this.pairs.count;
    if (this.base > HIGHEST_BASE) {
      this.known.fill(0);
      this.base = 1;
    }
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
    return this.of(RESET | TOTAL | SETS, 0, this.number(value));
  }
  /** Legal where the cell holds `value`. */
  read(value: Key): number {
    const number = this.number(value);
    return this.of(READ_ONLY | MEETS, number, number);
  }
  /** Legal where the cell does not hold `value`. */
  readOther(value: Key): number {
    return this.of(READ_ONLY | AVOIDS, this.number(value), 0);
  }
  /** Legal where the cell holds `value`, which becomes `next`. */
  swap(value: Key, next: Key): number {
    const from = this.number(value);
    const to = this.number(next);
    // A swap of a value for itself reads.
    return this.of(from === to ? READ_ONLY | MEETS : MEETS, from, to);
  }
  /** Legal everywhere; where the cell holds `value`, that becomes `next`. */
  trySwap(value: Key, next: Key): number {
    return this.of(TOTAL | TRIES, this.number(value), this.number(next));
  }
  /** Legal everywhere; changes nothing. */
  any(): number {
    return this.of(READ_ONLY | TOTAL | LEAVES, 0, 0);
  }

  private of(kind: number, wants: number, gives: number): number {
    if (wants >= FEW || gives >= FEW) return this.lookUp(kind, wants, gives);
    const at = ((kind & DOES) << (2 * FEW_BITS - DOES_FROM)) | (wants << FEW_BITS) | gives;
    const known = (this.known[at] as number) - this.base;
    if (known >= 0) return known;
    const added = this.lookUp(kind, wants, gives);
    this.known[at] = this.base + added;
    return added;
  }

  private lookUp(kind: number, wants: number, gives: number): number {
    const { count } = this.pairs;
    const known = this.pairs.of((wants << KIND_BITS) | kind, gives);
    if (known === count) this.program.define(known, kind, wants, gives);
    return known;
  }
}

/** See the top. */
export class CellKernel<Input, Output> implements Kernel<Input, Output> {
  private readonly classes = new CellClasses();
  readonly program = this.classes.program;
  private initialState = 0;

  constructor(
    private readonly value: Key,
    private readonly read: CellReader<Input, Output>,
  ) {}

  begin(): void {
    this.classes.clear();
    this.initialState = this.classes.number(this.value);
  }

  add(input: Input, output: Output | undefined): number {
    return this.read(this.classes, input, output);
  }

  finish(): void {}

  initial(): number {
    return this.initialState;
  }

  step(): number {
    throw new AssertionFailure("linearizability: a cell's program says all");
  }

  choices(): readonly number[] {
    return [];
  }

  hopeless(): boolean {
    return false;
  }
}
