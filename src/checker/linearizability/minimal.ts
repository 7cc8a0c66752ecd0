// Makes an illegal history smaller: which operations contradict each other whatever the others did? An operation is given up by
// making it optional within its interval, not by forgetting it: so a read whose write is given up does not become illegal
// for that, and what is left over is a proof for the whole history. Giving up more never makes it illegal again, so
// QuickXplain (Junker, 2004) finds a set of which none can be given up, in about k · log n searches for k that stay.
// Contradictions are near one another in time, mostly: it looks for one among the last few operations first, then among more. What
// was given up and over before they began may have led to any state that its operations can lead to, in any order and number.
import type { CheckOptions } from "./check.js";
import type { Partition } from "./event-order.js";
import { orderEvents, partitionEvents } from "./event-order.js";
import type { Operation } from "./history.js";
import type { Kernel } from "./kernel.js";
import type { Model } from "./model.js";
import { Patience } from "./patience.js";
import { kernelFor, searchAfterPast } from "./workbench.js";

/** The numbers that stay, ascending; `cut`: a budget ran out, so that some of them might not have to. */
export interface Smallest {
  readonly members: readonly number[];
  readonly cut: boolean;
}

/** The smallest part of an illegal partition. `blocked`: the operation whose return no order meets. */
export function smallest<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  blocked: number,
  options: CheckOptions,
  budget: number,
): Smallest {
  return new Shrinker(model, cutAfter(operations, blocked), options, budget).run(blocked);
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
const LOOK_GROWS = 4;
const MOST_STATES = 4096;

class Shrinker<State, Input, Output> {
  private readonly patience: Patience;
  private readonly kernel: Kernel<Input, Output>;
  private cut = false;

  constructor(
    model: Model<State, Input, Output>,
    private readonly operations: readonly Operation<Input, Output>[],
    options: CheckOptions,
    private readonly budget: number,
  ) {
    this.kernel = kernelFor(model, operations, options);
    this.patience = new Patience({ configurations: budget });
  }

  run(blocked: number): Smallest {
    const all = this.operations.flatMap(({ outcome }, number) =>
      outcome === "ok" && number !== blocked ? [number] : [],
    );
    // Latest returns first: those near the end are likelier to matter.
    all.sort((a, b) => this.returnOf(b) - this.returnOf(a) || a - b);
    for (let look = FIRST_LOOK; ; look *= LOOK_GROWS) {
      const some = all.slice(0, look);
      if (look < all.length && !this.isIllegal([blocked, ...some])) continue;
      this.cut = false;
      // Of less than all it is known by now; of all it is the history's own verdict.
      const members = this.isIllegal([blocked]) ? [blocked] : [blocked, ...this.needed([blocked], false, some)];
      return { members: members.sort((a, b) => a - b), cut: this.cut };
    }
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
    const stays = new Set(kept);
    const begin = kept.reduce(
      (least, number) => Math.min(least, (this.operations[number] as Operation).call),
      Infinity,
    );
    const relaxed = new Set<number>();
    const past = new Set<number>();
    this.operations.forEach(({ outcome, return: end }, number) => {
      if (outcome !== "ok" || stays.has(number)) return;
      relaxed.add(number);
      if (end < begin) past.add(number);
    });
    const { operations } = this;
    const partition = partitionEvents(operations, orderEvents(operations), undefined)[0] as Partition;
    this.patience.turn(this.budget / 20);
    const verdict = searchAfterPast({ operations, relaxed, past }, partition, this.kernel, this.patience, MOST_STATES);
    if (verdict === undefined || verdict === "undecided") this.cut = true;
    return verdict === "illegal";
  }
}
