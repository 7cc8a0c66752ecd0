// What the search sees of a model: states and classes of operations as small integers. Two operations are of one class
// when no state can tell them apart. Stands between the models and the search, and knows neither.
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

/** One partition's object over integers. Begun anew for each partition. */
export interface Kernel<Input = unknown, Output = unknown> {
  begin(operations: readonly Operation<Input, Output>[], patience: Patience): void;
  /** The class of one more operation, from 0. */
  add(input: Input, output: Output | undefined): number;
  /** All operations have been added. The initial state. */
  finish(): number;
  /** READ_ONLY, TOTAL, RESET, TARGET of a class; true after `finish`. */
  flags(operationClass: number): number;
  /** The state after, from 0; ILLEGAL; or, of a kernel that may go several ways, -2 - the number of a choice. */
  step(state: number, operationClass: number): number;
  /** Of a choice: the states that it may lead to. */
  choices(choice: number): readonly number[];
  /** True: from this state no operations but RESETs lead to one in which an operation of this TARGET class is legal. */
  hopeless(state: number, operationClass: number): boolean;
}
