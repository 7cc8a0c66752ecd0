// What an object promises when it is used by one client at a time. A model is `init` and a pure `step`; everything else is
// a hint that makes the search faster or its answer clearer. A wrong hint makes the answer wrong, so `debug` verifies them.
import type { Operation } from "./history.js";
import type { Kernel } from "./kernel.js";
import type { Patience } from "./patience.js";
import type { Special } from "./special/special.js";

/** What can be a key of a state, an operation or a partition. */
export type Key = string | number | bigint | boolean | null | undefined;

/** A sequential object. `undefined` is no state. An `output` of undefined: any answer would do. */
export interface Model<State, Input, Output> {
  readonly name: string;
  init(): State;
  /** The state after; undefined where this answer is not legal in this state. Pure. One of `step` and `steps` is there. */
  step?(state: State, input: Input, output: Output | undefined, patience: Patience): State | undefined;
  /** As `step`, for an object that may go several ways. Empty: not legal. */
  steps?(state: State, input: Input, output: Output | undefined, patience: Patience): readonly State[];

  /** Equal keys, equal states. Default: a canonical form of the whole state. */
  stateKey?(state: State): Key;
  /** Equal keys, equal operations: in every state they are both legal or not, and lead to the same state. */
  opKey?(input: Input, output: Output | undefined): Key;
  /** It changes no state in which it is legal. (`write(5)` does not qualify: it changes state 4.) */
  readOnly?(input: Input, output: Output | undefined): boolean;
  /** It is legal in every state. */
  alwaysLegal?(input: Input, output: Output | undefined): boolean;
  /** It is legal in every state, and the state after it does not depend on the state before. Implies `alwaysLegal`. */
  isReset?(input: Input, output: Output | undefined): boolean;
  /** Operations of different partitions do not touch one another. */
  partition?(input: Input): Key;
  /** False: from this state no operations but resets lead to a state in which this operation is legal. */
  canStillReach?(state: State, input: Input, output: Output | undefined): boolean;

  describeState?(state: State): string;
  describeOperation?(input: Input, output: Output | undefined): string;
  /** Why the operation is not legal in this state, in words. */
  explain?(state: State, input: Input, output: Output | undefined): string;

  /** The same object over integers, where there is one that fits the history: the fuzz compares it with `step`. It may be one for all. */
  kernel?(operations: readonly Operation<Input, Output>[]): Kernel<Input, Output> | undefined;
  /** Algorithms without search for histories of a certain shape, tried in this order. */
  readonly specials?: readonly Special<Input, Output>[];
}
