// What the search sees of a model: states and classes of operations as small integers. Two operations of one partition are
// of one class only when no state can tell them apart. Stands between the models and the search, and knows neither.
import type { Operation } from "./history.js";
import type { Patience } from "./patience.js";

/** It changes no state in which it is legal. */
export const READ_ONLY = 1;
/** It is legal in every state. */
export const TOTAL = 2;
/** TOTAL, and the state after it is always the same. */
export const RESET = 4;
/** `hopeless` has something to say of it. Never TOTAL. */
export const TARGET = 8;

/** The answer of `step` where the operation is not legal. */
export const ILLEGAL = -1;

// What a class does, by its numbers `wants` and `gives`. The search follows these itself; a call for each step would cost more
// than the step.
/** Only `step` of the kernel knows. */
export const ASK = 0;
/** Legal in `wants`, which becomes `gives`. */
export const MEETS = 1;
/** Legal everywhere but in `wants`; changes nothing. */
export const AVOIDS = 2;
/** Legal everywhere; leads to `gives`. */
export const SETS = 3;
/** Legal everywhere; `wants` becomes `gives`. */
export const TRIES = 4;
/** Legal everywhere; changes nothing. */
export const LEAVES = 5;
/** Legal everywhere; leads to the state plus `gives`, and to `wants` + 1 where that is above `wants`. */
export const MOVES = 6;

/** What each class is, by class. */
export class Program {
  /** READ_ONLY, TOTAL, RESET, TARGET. */
  flags = new Int32Array(64);
  /** ASK to MOVES. */
  does = new Int32Array(64);
  wants = new Int32Array(64);
  gives = new Int32Array(64);

  /** Says what a class is. */
  define(operationClass: number, flags: number, does: number, wants: number, gives: number): void {
    if (operationClass >= this.flags.length) this.grow();
    this.flags[operationClass] = flags;
    this.does[operationClass] = does;
    this.wants[operationClass] = wants;
    this.gives[operationClass] = gives;
  }

  private grow(): void {
    for (const name of ["flags", "does", "wants", "gives"] as const) {
      const larger = new Int32Array(2 * this[name].length);
      larger.set(this[name]);
      this[name] = larger;
    }
  }
}

/** One object over integers, for all partitions of a history. Begun anew for each check. */
export interface Kernel<Input = unknown, Output = unknown> {
  /** Of the classes that were added; good after `finish`. */
  readonly program: Program;
  begin(operations: readonly Operation<Input, Output>[], patience: Patience): void;
  /** The class of one more operation, from 0. Partitions are numbered from 0. */
  add(input: Input, output: Output | undefined, partition: number): number;
  /** All operations have been added. */
  finish(): void;
  /** A partition's first state. */
  initial(partition: number): number;
  /** Of a class that has to ASK: the state after, from 0; ILLEGAL; or, where it may go several ways, -2 - the number of a choice. */
  step(state: number, operationClass: number): number;
  /** Of a choice: the states that it may lead to. */
  choices(choice: number): readonly number[];
  /** True: from this state no operations but RESETs lead to one in which an operation of this TARGET class is legal. */
  hopeless(state: number, operationClass: number): boolean;
}

/** The state after an operation of any class, as `step` gives it. */
export function stepOf(kernel: Kernel, state: number, operationClass: number): number {
  const { does, wants, gives } = kernel.program;
  switch (does[operationClass]) {
    case MEETS:
      return wants[operationClass] === state ? (gives[operationClass] as number) : ILLEGAL;
    case AVOIDS:
      return wants[operationClass] === state ? ILLEGAL : state;
    case SETS:
      return gives[operationClass] as number;
    case TRIES:
      return wants[operationClass] === state ? (gives[operationClass] as number) : state;
    case LEAVES:
      return state;
    case MOVES: {
      const most = wants[operationClass] as number;
      const after = state + (gives[operationClass] as number);
      return after > most ? most + 1 : after;
    }
    default:
      return kernel.step(state, operationClass);
  }
}
