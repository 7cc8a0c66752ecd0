// What a check answers: legal with an order, illegal with the reasons, or undecided with what ran out. Plain data, but for
// what costs something and is made when it is read.
import type { Key } from "./model.js";
import type { Exhausted } from "./patience.js";

/** "search", or the name of the algorithm that did without. */
export type Algorithm = string;

interface Common {
  readonly model: string;
  /** Of the whole history, failed ones included. */
  readonly operations: number;
  /** The algorithms that decided its partitions, each once. */
  readonly algorithms: readonly Algorithm[];
  /** How many configurations were looked at, over all partitions and turns. */
  readonly configurations: number;
  /** Bits of the widest set of open operations in a configuration's key; 0 where nothing was searched. */
  readonly keyBits: number;
}

/** There is a legal order. */
export interface Linearizable extends Common {
  readonly verdict: "linearizable";
  /** Places in the history: the operations that took effect, in a legal order that respects time over all partitions. */
  readonly order: readonly number[];
}

/** Why one operation could not come next. */
export interface Candidate {
  readonly operation: number;
  /** In words: the operation, and why it is not legal there. */
  readonly what: string;
  readonly why: string;
}

/** Somewhere the search came to that no order gets beyond. */
export interface Reached {
  /** Places in the history, in the order in which they took effect. */
  readonly prefix: readonly number[];
  /** The state after it, in words. */
  readonly state: string;
  readonly candidates: readonly Candidate[];
}

/** An operation that would help, and can't. */
export interface NearMiss {
  readonly operation: number;
  readonly what: string;
  readonly why: string;
}

/** What a person needs to see that there is no legal order. */
export interface Explanation {
  /** The key of the partition that has none; undefined where the model has no partitions. */
  readonly partition: Key;
  /** One of the longest legal orders of a beginning of the partition. */
  readonly longestPrefix: readonly number[];
  /** The operation whose return no order meets. */
  readonly blocked: number;
  readonly blockedWhat: string;
  /** Where those orders end that get as far as anybody does: the open operations, and why none can be next. */
  readonly reached: readonly Reached[];
  /**
   * Operations that contradict each other, whether or not the others happened: no legal order holds all of these and any
   * selection of the others. None of them can be missed. Places in the history, by call.
   */
  readonly minimal: readonly number[];
  /** Others that would resolve the contradiction, if they had been open at another time: the first few. */
  readonly nearMisses: readonly NearMiss[];
  /** Whether a budget ran out while `minimal` was made smaller, so that it may not be smallest. */
  readonly minimalCut: boolean;
}

/** There is no legal order. */
export interface NotLinearizable extends Common {
  readonly verdict: "not-linearizable";
  /** The key of the partition that has no legal order. */
  readonly partition: Key;
  /** Made when it is first read, by searching that partition again. */
  readonly explanation: Explanation;
}

/** Nobody knows. */
export interface Undecided extends Common {
  readonly verdict: "undecided";
  readonly exhausted: Exhausted;
  /** Keys of the partitions that are open. */
  readonly open: readonly Key[];
}

export type Answer = Linearizable | NotLinearizable | Undecided;
