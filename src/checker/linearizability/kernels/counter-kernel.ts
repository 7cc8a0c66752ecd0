// A counter over integers: the state is its value, moved up so that it is never negative. Fit while every value that can
// come up lies within COUNTER_RANGE; the model looks before it takes this kernel.
import { AssertionFailure } from "../../../base/assert.js";
import type { Kernel } from "../kernel.js";
import { AVOIDS, LEAVES, MEETS, MOVES, Program, READ_ONLY, RESET, SETS, TARGET, TOTAL } from "../kernel.js";
import { PairClasses } from "./pair-classes.js";

/** The sum of the sizes of all that is added or set has to stay below this. */
export const COUNTER_RANGE = 2 ** 29;

// A class is a pair: (value after it, what it adds), legal at one value only; or one of these.
const ADD = -1;
const SET = -2;
const NOWHERE = -3;
const READ = COUNTER_RANGE * 2;
const READ_OTHER = COUNTER_RANGE * 2 + 1;
const NO_TOP = 2 ** 31 - 2;

/** Says of one operation which of the methods of {@link CounterClasses} it is. */
export type CounterReader<Input, Output> = (
  classes: CounterClasses,
  input: Input,
  output: Output | undefined,
) => number;

/** What an operation on a counter may be. */
export class CounterClasses {
  readonly pairs = new PairClasses();
  /** Whether every operation but sets leaves it at least (at most) where it was. */
  rises = true;
  falls = true;
  /** The highest state that anybody asks for. Where it only rises, all states above are alike. */
  top = 0;

  clear(): void {
    this.pairs.clear();
    this.top = 0;
    this.rises = true;
    this.falls = true;
  }

  private asked(value: number): number {
    const state = stateOf(value);
    if (state > this.top) this.top = state;
    return state;
  }
  private move(by: number): void {
    if (by < 0) this.rises = false;
    if (by > 0) this.falls = false;
  }
  /** Legal everywhere. */
  add(by: number): number {
    this.move(by);
    return this.pairs.of(ADD, by);
  }
  /** Legal where it leads to `value`. */
  addTo(value: number, by: number): number {
    this.move(by);
    return this.pairs.of(this.asked(value), by);
  }
  /** Legal everywhere. */
  set(value: number): number {
    return this.pairs.of(SET, stateOf(value));
  }
  /** Legal at `value`. */
  read(value: number): number {
    return this.pairs.of(this.asked(value), READ);
  }
  /** Legal everywhere but at `value`. */
  readOther(value: number): number {
    return this.pairs.of(this.asked(value), READ_OTHER);
  }
  /** Legal everywhere, changes nothing. */
  any(): number {
    return this.pairs.of(ADD, 0);
  }
}

function stateOf(value: number): number {
  return value > -COUNTER_RANGE && value < COUNTER_RANGE ? value + COUNTER_RANGE : NOWHERE;
}

/** See the top. */
export class CounterKernel<Input, Output> implements Kernel<Input, Output> {
  readonly program = new Program();
  private readonly classes = new CounterClasses();

  constructor(private readonly reader: CounterReader<Input, Output>) {}

  begin(): void {
    this.classes.clear();
  }

  add(input: Input, output: Output | undefined): number {
    return this.reader(this.classes, input, output);
  }

  finish(): void {
    const { program } = this;
    const { pairs, rises, top } = this.classes;
    const most = rises ? top : NO_TOP;
    for (let c = 0; c < pairs.count; c++) {
      const to = pairs.first[c] as number;
      const by = pairs.second[c] as number;
      if (by === READ) program.define(c, READ_ONLY | TARGET | MEETS, to, to);
      else if (by === READ_OTHER) program.define(c, READ_ONLY | AVOIDS, to, 0);
      else if (to === ADD && by === 0) program.define(c, TOTAL | READ_ONLY | LEAVES, 0, 0);
      else if (to === ADD) program.define(c, TOTAL | MOVES, most, by);
      else if (to === SET) program.define(c, TOTAL | RESET | SETS, 0, Math.min(by, most + 1));
      else program.define(c, (by === 0 ? READ_ONLY : 0) | TARGET | MEETS, to === NOWHERE ? NOWHERE : to - by, to);
    }
  }

  initial(): number {
    return stateOf(0);
  }

  step(): number {
    throw new AssertionFailure("linearizability: a counter's program says all");
  }

  choices(): readonly number[] {
    return [];
  }

  // A counter that only ever rises has passed what lies below it for good.
  hopeless(state: number, operationClass: number): boolean {
    const wanted = this.program.wants[operationClass] as number;
    return (this.classes.rises && state > wanted) || (this.classes.falls && state < wanted);
  }
}
