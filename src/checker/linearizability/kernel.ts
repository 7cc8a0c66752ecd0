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

// What a class does, by its numbers `wants` and `gives`; beside the flags. The search follows these itself: a call for each step
// would cost more than the step.
/** Only `step` of the kernel knows. */
export const ASK = 0;
/** Legal in `wants`, which becomes `gives`. */
export const MEETS = 16;
/** Legal everywhere but in `wants`; changes nothing. */
export const AVOIDS = 32;
/** Legal everywhere; leads to `gives`. */
export const SETS = 48;
/** Legal everywhere; `wants` becomes `gives`. */
export const TRIES = 64;
/** Legal everywhere; changes nothing. */
export const LEAVES = 80;
/** Legal everywhere; leads to the state plus `gives`, and to `wants` + 1 where that is above `wants`. */
export const MOVES = 96;
/** All of the bits that say what a class does. */
export const DOES = 112;
/** The lowest of these bits. */
export const DOES_FROM = 4;

/** What each class is, by class. */
export class Program {
  /** Its flags, and what it does. */
  kinds = new Int32Array(64);
  wants = new Int32Array(64);
  gives = new Int32Array(64);

  /** Makes room for so many classes. */
  reserve(classes: number): void {
    if (this.kinds.length >= classes) return;
    const size = Math.max(classes, 2 * this.kinds.length);
    this.kinds = lengthened(this.kinds, size);
    this.wants = lengthened(this.wants, size);
    this.gives = lengthened(this.gives, size);
  }

  /** Says what a class is. */
  define(operationClass: number, kind: number, wants: number, gives: number): void {
    this.reserve(operationClass + 1);
    this.kinds[operationClass] = kind;
    this.wants[operationClass] = wants;
    this.gives[operationClass] = gives;
  }
}

function lengthened(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(array);
  return longer;
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
  const { kinds, wants, gives } = kernel.program;
  switch ((kinds[operationClass] as number) & DOES) {
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
