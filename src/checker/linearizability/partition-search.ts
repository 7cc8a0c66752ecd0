// Decides a history partition by partition: first by an algorithm without search, else by turns of the search with budgets
// that grow, so that an illegal partition is found before a hard legal one is finished. Owns the pooled tables.
import { assert } from "../../base/assert.js";
import type { Answer, Explanation, Linearizable, NotLinearizable, Undecided } from "./answer.js";
import type { CheckOptions } from "./check.js";
import type { Partition } from "./event-order.js";
import { partitionEvents } from "./event-order.js";
import { explain } from "./explain.js";
import type { Operation } from "./history.js";
import type { Kernel } from "./kernel.js";
import { readTrail } from "./linearization.js";
import type { Key, Model } from "./model.js";
import type { Exhausted } from "./patience.js";
import { Patience } from "./patience.js";
import type { Found } from "./search.js";
import type { SessionOrdered } from "./session-order.js";
import { sessionOrdered } from "./session-order.js";
import type { Linearized, Special, SpecialAnswer } from "./special/special.js";
import type { Laid } from "./timeline.js";
import { classify, kernelFor, searchPartition, timeline } from "./workbench.js";

const FIRST_TURN = 4096;
const TURN_GROWS = 8;

let busy = false;

/** One check of one history. */
export function checkOperations<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  options: CheckOptions,
): Answer {
  return alone(() => new Check(model, operations, options).run());
}

function alone<Result>(work: () => Result): Result {
  assert(!busy, "linearizability: a check inside a step of another check");
  busy = true;
  try {
    return work();
  } finally {
    busy = false;
  }
}

class Check<State, Input, Output> {
  private readonly patience: Patience;
  private readonly kernel: Kernel<Input, Output>;
  private readonly algorithms = new Set<string>();
  private readonly ordered: SessionOrdered<Input, Output> | undefined;
  // Made once it is known what has to be searched.
  private laid: Laid<Input, Output> | undefined;
  private words = 0;

  constructor(
    private readonly model: Model<State, Input, Output>,
    private readonly operations: readonly Operation<Input, Output>[],
    private readonly options: CheckOptions,
  ) {
    this.patience = new Patience(options);
    this.kernel = kernelFor(model, operations, options);
    this.ordered = sessionOrdered(operations, model.partition);
  }

  run(): Answer {
    const partitions = this.partitions();
    let open: Partition[] = [];
    for (const partition of partitions) {
      const decided = this.special(partition);
      if (decided === undefined) open.push(partition);
      else if (!decided.legal) return this.illegal(partition.key);
    }
    if (open.length > 0) this.lay(open);
    for (let turn = FIRST_TURN; open.length > 0; turn *= TURN_GROWS) {
      const still: Partition[] = [];
      for (const partition of open) {
        this.patience.turn(open.length === 1 ? Infinity : Math.max(turn, partition.to - partition.from));
        const found = this.search(partition);
        if (found.verdict === "illegal") return this.illegal(partition.key);
        if (found.verdict === "legal") continue;
        still.push(partition);
        const ended = found.exhausted !== "configurations" || !this.patience.onlyTurn;
        if (ended) return this.undecided(found.exhausted, [...still, ...open.slice(open.indexOf(partition) + 1)]);
      }
      open = still;
    }
    return this.legal();
  }

  private partitions(): readonly Partition[] {
    const partitions = partitionEvents(this.ordered?.operations ?? this.operations, this.model.partition);
    for (const special of this.specials()) special.prepare?.(this.operations);
    return partitions;
  }

  private specials(): readonly Special<Input, Output>[] {
    const fits = this.options.specials !== false && this.options.debug !== true && this.ordered === undefined;
    return fits ? (this.model.specials ?? []) : [];
  }

  private special(partition: Partition): SpecialAnswer | undefined {
    for (const special of this.specials()) {
      const answer = special.decide(this.operations, partition);
      if (answer === undefined) continue;
      this.algorithms.add(special.name);
      return answer;
    }
    return undefined;
  }

  private search(partition: Partition): Found {
    this.algorithms.add("search");
    const found = searchPartition(this.laid as Laid<Input, Output>, partition, this.kernel, this.patience);
    this.words = Math.max(this.words, timeline.words);
    return found;
  }

  // Only what is searched needs classes.
  private lay(partitions: readonly Partition[]): void {
    const operations = this.ordered?.operations ?? this.operations;
    const classes = classify(operations, partitions, this.kernel, this.patience);
    this.laid = { operations, classes, after: this.ordered?.after };
  }

  private common(): Omit<Linearizable, "verdict" | "order"> {
    return {
      model: this.model.name,
      operations: this.operations.length,
      algorithms: [...this.algorithms],
      configurations: this.patience.configurations,
      keyBits: 32 * this.words,
    };
  }

  private legal(): Linearizable {
    const { model, operations, options } = this;
    let order: readonly number[] | undefined;
    return {
      verdict: "linearizable",
      ...this.common(),
      get order() {
        order ??= alone(() => new Check(model, operations, unlimited(options)).merged());
        return order;
      },
    };
  }

  // The same once more, without limits, and this time the orders are read off.
  private merged(): readonly number[] {
    const partitions = this.partitions();
    const decided = partitions.map((partition): Linearized | undefined => {
      const answer = this.special(partition);
      assert(answer?.legal !== false, "linearizability: a legal partition became illegal");
      return answer?.order();
    });
    const open = partitions.filter((_, i) => decided[i] === undefined);
    if (open.length > 0) this.lay(open);
    const parts = partitions.map((partition, i): Linearized => {
      const known = decided[i];
      if (known !== undefined) return known;
      const found = this.search(partition);
      assert(found.verdict === "legal", "linearizability: a legal partition became illegal");
      return readTrail(timeline, this.operations, found.trail, found.length);
    });
    return merge(parts);
  }

  private illegal(partition: Key): NotLinearizable {
    const { model, operations, options } = this;
    let explanation: Explanation | undefined;
    return {
      verdict: "not-linearizable",
      ...this.common(),
      partition,
      get explanation() {
        explanation ??= alone(() => explain(model, operations, partition, options));
        return explanation;
      },
    };
  }

  private undecided(exhausted: Exhausted, open: readonly Partition[]): Undecided {
    return { verdict: "undecided", ...this.common(), exhausted, open: open.map((partition) => partition.key) };
  }
}

function unlimited(options: CheckOptions): CheckOptions {
  const { debug = false, kernel = true, specials = true, hints = true } = options;
  return { debug, kernel, specials, hints, memory: Infinity };
}

// By time; where times are equal any order will do, since who precedes another one does so strictly.
function merge(parts: readonly Linearized[]): readonly number[] {
  if (parts.length === 1) return (parts[0] as Linearized).operations;
  const all = parts.flatMap(({ operations, times }) =>
    operations.map((operation, i) => ({ operation, time: times[i] as number })),
  );
  return all.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)).map(({ operation }) => operation);
}
