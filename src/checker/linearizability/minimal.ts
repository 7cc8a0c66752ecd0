// Makes an illegal history smaller: which operations contradict each other whatever the others did? An operation is given up by
// making it optional within its interval, not by forgetting it: so a read whose write is given up does not become illegal
// for that, and what is left over is a proof for the whole history. Giving up more never makes it illegal again, so
// QuickXplain (Junker, 2004) finds a set of which none can be given up, in about k · log n searches for k that stay.
// Contradictions are near one another in time, mostly: it looks for one with a read not long ago first, then among the last few
// operations, then among more. What
// was given up and over before they began may have led to any state that its operations can lead to, in any order and number.
import type { CheckOptions } from "./check.js";
import type { Partition } from "./event-order.js";
import { partitionEvents } from "./event-order.js";
import type { Operation } from "./history.js";
import type { Kernel } from "./kernel.js";
import { READ_ONLY } from "./kernel.js";
import { InternedKernel } from "./kernels/interned-kernel.js";
import type { Model } from "./model.js";
import { Patience } from "./patience.js";
import type { Found } from "./search.js";
import { sessionOrdered } from "./session-order.js";
import { classify, kernelFor, searchAfterPast, searchPartition } from "./workbench.js";

/** The numbers that stay, ascending; `cut`: a budget ran out, so that some of them might not have to. */
export interface Smallest {
  readonly members: readonly number[];
  readonly cut: boolean;
  /** Others that would resolve the contradiction if they could have happened at any time: the first few. */
  readonly nearMisses: readonly number[];
}

/** The smallest part of an illegal partition. `blocked`: the operation whose return no order meets. */
export function smallest<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  blocked: number,
  options: CheckOptions,
  budget: number,
): Smallest {
  return new Shrinker(model, operations, blocked, options, budget).run();
}

/**
 * What had happened by the return of `blocked`: a beginning of the history, which is illegal as well. What is called later is
 * marked as failed, what returns later need not have happened (if it did, with the answer that it got); so the numbers stay.
 */
function cutAfter<Input, Output>(
  operations: readonly Operation<Input, Output>[],
  blocked: number,
): readonly Operation<Input, Output>[] {
  const end = (operations[blocked] as Operation).return;
  return operations.map((operation) => {
    if (operation.call > end) return { ...operation, outcome: "fail" };
    return operation.outcome === "ok" && operation.return > end ? { ...operation, outcome: "unknown" } : operation;
  });
}

const FIRST_LOOK = 8;
const MOST_READS = 12;
const LOOK_GROWS = 4;
// Of a kernel over integers; a model's own steps take longer.
const MOST_STATES = 4096;
const MOST_INTERNED_STATES = 64;
const MOST_MISSES = 8;
const MOST_RETRIED = 20;
// The latest ones; asking each of more would take long.
const MOST_ASKED = 100;
const MOST_UNDECIDED = 10;

class Shrinker<State, Input, Output> {
  private readonly patience: Patience;
  private readonly kernel: Kernel<Input, Output>;
  private readonly mostStates: number;
  private readonly classes: Int32Array;
  private readonly operations: readonly Operation<Input, Output>[];
  private cut = false;

  constructor(
    model: Model<State, Input, Output>,
    history: readonly Operation<Input, Output>[],
    private readonly blocked: number,
    options: CheckOptions,
    private readonly budget: number,
  ) {
    this.operations = cutAfter(history, blocked);
    this.kernel = kernelFor(model, history, options);
    this.mostStates = this.kernel instanceof InternedKernel ? MOST_INTERNED_STATES : MOST_STATES;
    this.patience = new Patience({ configurations: budget });
    // Whatever becomes of an operation, its class is what it was.
    this.classes = classify(history, partitionEvents(history, undefined), this.kernel, this.patience);
  }

  run(): Smallest {
    const { blocked } = this;
    const all = this.operations.flatMap(({ outcome }, number) =>
      outcome === "ok" && number !== blocked ? [number] : [],
    );
    // Latest returns first: those near the end are likelier to matter.
    all.sort((a, b) => this.returnOf(b) - this.returnOf(a) || a - b);
    const some = this.sinceARead(all) ?? this.window(all);
    this.cut = false;
    // Of less than all it is known by now; of all it is the history's own verdict.
    const found = this.isIllegal([blocked]) ? [blocked] : [blocked, ...this.needed([blocked], false, some)];
    const members = this.without(found).toSorted((a, b) => a - b);
    const { cut } = this;
    return { members, cut, nearMisses: this.nearMisses(members) };
  }

  // Often it contradicts what somebody read a little before it, and what was done since then.
  private sinceARead(all: readonly number[]): readonly number[] | undefined {
    const { blocked, operations, classes } = this;
    const { kinds } = this.kernel.program;
    const { call } = operations[blocked] as Operation;
    const before = all.filter((one) => this.returnOf(one) < call);
    let reads = 0;
    for (const read of before) {
      if (((kinds[classes[read] as number] as number) & READ_ONLY) === 0) continue;
      if (++reads > MOST_READS) return undefined;
      const since = before.filter((one) => (operations[one] as Operation).call > this.returnOf(read));
      const verdict = this.judge([blocked, read, ...since], operations, this.budget / 100);
      if (verdict === "illegal") return [...since, read];
    }
    return undefined;
  }

  // The least of the latest operations that are enough, as far as halving finds it within the budget.
  private window(all: readonly number[]): readonly number[] {
    const { blocked } = this;
    let less = 0;
    let enough = FIRST_LOOK;
    while (enough < all.length && !this.isIllegal([blocked, ...all.slice(0, enough)])) {
      less = enough;
      enough *= LOOK_GROWS;
    }
    enough = Math.min(enough, all.length);
    while (enough - less > FIRST_LOOK) {
      const middle = (less + enough) >> 1;
      if (this.isIllegal([blocked, ...all.slice(0, middle)])) enough = middle;
      else less = middle;
    }
    return all.slice(0, enough);
  }

  // Once more, one by one and without assuming anything of the past: what was missed for its sake goes.
  private without(found: readonly number[]): readonly number[] {
    if (found.length > MOST_RETRIED) return found;
    let members = found;
    for (const one of found) {
      const rest = members.filter((other) => other !== one);
      const verdict = this.judge(rest, this.operations, this.budget / 100, true);
      if (verdict === "undecided") this.cut = true;
      if (verdict === "illegal") members = rest;
    }
    return members;
  }

  private nearMisses(members: readonly number[]): number[] {
    const { operations } = this;
    const misses: number[] = [];
    let undecided = 0;
    const begin = operations.reduce((least, { call }) => Math.min(least, call), Infinity);
    for (let number = operations.length - 1; number >= 0 && misses.length < MOST_MISSES; number--) {
      if (number < operations.length - MOST_ASKED) break;
      const operation = operations[number] as Operation<Input, Output>;
      if (members.includes(number)) continue;
      const atAnyTime = operations.with(number, { ...operation, outcome: "unknown", call: begin });
      const verdict = this.judge(members, atAnyTime, this.budget / 1000);
      if (verdict === "legal") misses.push(number);
      if (verdict === "undecided" && ++undecided > MOST_UNDECIDED) break;
    }
    return misses.reverse();
  }

  private returnOf(number: number): number {
    return (this.operations[number] as Operation).return;
  }

  // Those of `candidates` that are needed beside `kept` for a contradiction, which all of them together are.
  private needed(kept: readonly number[], isNew: boolean, candidates: readonly number[]): readonly number[] {
    if (isNew && this.isIllegal(kept)) return [];
    if (candidates.length <= 1) return candidates;
    const half = candidates.length >> 1;
    const first = candidates.slice(0, half);
    const second = candidates.slice(half);
    const ofSecond = this.needed([...kept, ...first], first.length > 0, second);
    const ofFirst = this.needed([...kept, ...ofSecond], ofSecond.length > 0, first);
    return [...ofFirst, ...ofSecond];
  }

  // Whether `kept` contradict each other, with all others optional. Undecided counts as no.
  private isIllegal(kept: readonly number[]): boolean {
    const verdict = this.judge(kept, this.operations, this.budget / 10);
    if (verdict === "undecided") this.cut = true;
    return verdict === "illegal";
  }

  // The verdict on `kept` with all others optional. Not `exact`: what is past may have led to more states than it could; where
  // these are too many, it is exact after all.
  private judge(
    kept: readonly number[],
    history: readonly Operation<Input, Output>[],
    budget: number,
    exact = false,
  ): Found["verdict"] {
    if (this.patience.configurations >= this.budget) return "undecided";
    const stays = new Set(kept);
    const begin = kept.reduce((least, number) => Math.min(least, (history[number] as Operation).call), Infinity);
    const relaxed = new Set<number>();
    const past = new Set<number>();
    history.forEach(({ outcome, return: end }, number) => {
      if (outcome !== "ok" || stays.has(number)) return;
      relaxed.add(number);
      if (end < begin) past.add(number);
    });
    const ordered = sessionOrdered(history, undefined);
    const operations = ordered?.operations ?? history;
    const partition = partitionEvents(operations, undefined)[0] as Partition;
    const { kernel, patience, classes } = this;
    patience.turn(budget);
    if (!exact && ordered === undefined) {
      const verdict = searchAfterPast(
        { operations, classes, relaxed, past },
        partition,
        kernel,
        patience,
        this.mostStates,
      );
      if (verdict !== undefined) return verdict;
    }
    const laid = { operations, classes, relaxed, after: ordered?.after };
    return searchPartition(laid, partition, kernel, patience).verdict;
  }
}
