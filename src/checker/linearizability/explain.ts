// Says why a partition has no legal order, by searching it again, this time with a witness. Slow beside the search itself, and
// only done when somebody reads the explanation.
import type { Candidate, Explanation, Reached } from "./answer.js";
import type { CheckOptions } from "./check.js";
import { partitionEvents } from "./event-order.js";
import type { Partition } from "./event-order.js";
import type { Operation } from "./history.js";
import { canonicalKey } from "./kernels/canonical-key.js";
import { readTrail } from "./linearization.js";
import { smallest } from "./minimal.js";
import type { Key, Model } from "./model.js";
import { Patience } from "./patience.js";
import { ADVANCED } from "./search.js";
import { sessionOrdered } from "./session-order.js";
import type { Laid } from "./timeline.js";
import { ROW } from "./timeline.js";
import { classify, kernelFor, searchPartition, timeline } from "./workbench.js";

const MOST_REACHED = 8;
/** Configurations that an explanation may cost beside the search that it repeats. */
const BUDGET = 3_000_000;
/** Configurations that may be looked at without looking ahead. */
const BLIND_BUDGET = 500_000;

/** The explanation of the partition of that key, which is known to have no legal order. */
export function explain<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  key: Key,
  options: CheckOptions,
): Explanation {
  const numbers = membersOf(model, operations, key);
  const part = numbers.map((number) => operations[number] as Operation<Input, Output>);
  const explained = new PartExplainer(model, part, options).explain(key);
  const back = (number: number): number => numbers[number] as number;
  return {
    ...explained,
    longestPrefix: explained.longestPrefix.map(back),
    blocked: back(explained.blocked),
    reached: explained.reached.map((reached) => ({
      ...reached,
      prefix: reached.prefix.map(back),
      candidates: reached.candidates.map((candidate) => ({ ...candidate, operation: back(candidate.operation) })),
    })),
    minimal: explained.minimal.map(back),
    nearMisses: explained.nearMisses.map((miss) => ({ ...miss, operation: back(miss.operation) })),
  };
}

function membersOf<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  key: Key,
): number[] {
  const members: number[] = [];
  operations.forEach(({ input, outcome }, number) => {
    if (outcome !== "fail" && (model.partition === undefined || model.partition(input) === key)) members.push(number);
  });
  return members;
}

// One partition, its operations numbered from 0.
class PartExplainer<State, Input, Output> {
  constructor(
    private readonly model: Model<State, Input, Output>,
    private readonly operations: readonly Operation<Input, Output>[],
    private readonly options: CheckOptions,
  ) {}

  explain(key: Key): Explanation {
    const culprits = this.culprits();
    // Where an algorithm names culprits they are the history: the search over all of it may be beyond reach.
    const members = culprits ?? this.operations.map((_, number) => number);
    const part = members.map((number) => this.operations[number] as Operation<Input, Output>);
    const { blocked, reached } = this.reach(part);
    const small = smallest(this.model, part, part.length > 0 ? blocked : -1, this.options, BUDGET);
    const back = (number: number): number => members[number] as number;
    const minimal = small.members.map(back).sort((a, b) => this.callOf(a) - this.callOf(b) || a - b);
    const longest = reached.reduce((best, one) => (one.prefix.length > best.prefix.length ? one : best));
    return {
      partition: key,
      longestPrefix: longest.prefix.map(back),
      blocked: back(blocked),
      blockedWhat: this.describe(this.operations[back(blocked)] as Operation<Input, Output>),
      reached: reached.map((one) => ({
        ...one,
        prefix: one.prefix.map(back),
        candidates: one.candidates.map((candidate) => ({ ...candidate, operation: back(candidate.operation) })),
      })),
      minimal,
      minimalCut: small.cut,
      nearMisses: small.nearMisses.map((number) => ({
        operation: back(number),
        what: this.describe(part[number] as Operation<Input, Output>),
        why: "it would help, but not at any time at which it was open",
      })),
    };
  }

  private callOf(number: number): number {
    return (this.operations[number] as Operation).call;
  }

  private culprits(): readonly number[] | undefined {
    if (this.options.specials === false) return undefined;
    const partition = this.partition(this.operations);
    for (const special of this.model.specials ?? []) {
      special.prepare?.(this.operations);
      const answer = special.decide(this.operations, partition);
      if (answer !== undefined) return answer.legal ? undefined : answer.culprits;
    }
    return undefined;
  }

  private partition(operations: readonly Operation<Input, Output>[]): Partition {
    return partitionEvents(operations, undefined)[0] as Partition;
  }

  // Where the search gets, and no further: first how far that is, then who gets there. Looking ahead it would give up
  // earlier than it must, at a place that says less.
  private reach(part: readonly Operation<Input, Output>[]): { blocked: number; reached: Reached[] } {
    const kernel = kernelFor(this.model, part, this.options);
    const ordered = sessionOrdered(part, undefined);
    const operations = ordered?.operations ?? part;
    const partition = this.partition(operations);
    const classes = classify(operations, [partition], kernel, new Patience({}));
    let laid: Laid<Input, Output> = { operations, classes, after: ordered?.after, blind: true };
    let first = searchPartition(laid, partition, kernel, new Patience({ configurations: BLIND_BUDGET }));
    if (first.verdict === "undecided") {
      laid = { ...laid, blind: false };
      first = searchPartition(laid, partition, kernel, new Patience({}));
    }
    const deepest = first.verdict === "legal" ? 0 : first.deepest;
    const ends = new Map<string, Reached>();
    searchPartition(laid, partition, kernel, new Patience({}), (frontier, trail, length) => {
      if (frontier !== deepest || ends.size >= MOST_REACHED) return;
      const end = this.end(part, trail, length, deepest);
      if (!ends.has(end.state)) ends.set(end.state, end);
    });
    if (ends.size === 0) ends.set("", this.end(part, new Int32Array(0), 0, 0));
    return { blocked: timeline.source[deepest] as number, reached: [...ends.values()] };
  }

  private end(part: readonly Operation<Input, Output>[], trail: Int32Array, length: number, frontier: number): Reached {
    const prefix = readTrail(timeline, part, trail, length).operations;
    const states = this.statesAfter(part, prefix);
    const gone = new Set<number>();
    for (let t = 0; t < length; t++) {
      if (trail[t] !== ADVANCED) gone.add(Math.floor((trail[t] as number) / ROW));
    }
    const candidates: Candidate[] = [];
    for (let c = 0; c < (timeline.called[frontier] as number); c++) {
      const number = (timeline.byCall[c] as number) / ROW;
      if (!gone.has(number)) candidates.push(this.candidate(part, states, timeline.source[number] as number));
    }
    return { prefix, state: states.map((state) => this.describeState(state)).join(" or "), candidates };
  }

  private statesAfter(part: readonly Operation<Input, Output>[], prefix: readonly number[]): readonly State[] {
    let states: readonly State[] = [this.model.init()];
    for (const number of prefix) states = this.after(states, part[number] as Operation<Input, Output>);
    return states;
  }

  private after(states: readonly State[], { input, output }: Operation<Input, Output>): readonly State[] {
    const { model } = this;
    const patience = new Patience({});
    const after = states.flatMap((state) => {
      if (model.steps !== undefined) return [...model.steps(state, input, output, patience)];
      const next = model.step?.(state, input, output, patience);
      return next === undefined ? [] : [next];
    });
    const keyOf = (state: State): unknown =>
      model.stateKey === undefined ? canonicalKey(state) : model.stateKey(state);
    return [...new Map(after.map((state) => [keyOf(state), state])).values()];
  }

  private candidate(part: readonly Operation<Input, Output>[], states: readonly State[], number: number): Candidate {
    const operation = part[number] as Operation<Input, Output>;
    const what = this.describe(operation);
    if (this.after(states, operation).length > 0) {
      return { operation: number, what, why: "it may be next, but no order that goes on so gets further" };
    }
    const { input, output } = operation;
    const state = states[0] as State;
    const why = this.model.explain?.(state, input, output) ?? `it is not legal in state ${this.describeState(state)}`;
    return { operation: number, what, why };
  }

  private describe({ input, output }: Operation<Input, Output>): string {
    return this.model.describeOperation?.(input, output) ?? `${canonicalKey(input)} = ${canonicalKey(output)}`;
  }

  private describeState(state: State): string {
    return this.model.describeState?.(state) ?? canonicalKey(state);
  }
}
