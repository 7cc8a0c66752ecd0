// What the fuzz draws: which objects, in which shapes, one seed a history. Used by the quick test and by the long form.
import { check } from "../check.js";
import type { Operation } from "../history.js";
import type { Model } from "../model.js";
import { counter } from "../models/counter.js";
import { kv } from "../models/kv.js";
import { queue } from "../models/queue.js";
import { casRegister, register } from "../models/register.js";
import { stack } from "../models/stack.js";
import { compare } from "./compare.js";
import type { Shape, Subject } from "./generate.js";
import { Draws, generate } from "./generate.js";
import { counters, distinctRegisters, distinctTexts, queues, registers, stacks, texts } from "./subjects.js";

const MOST_CONFIGURATIONS = 50_000;

/** An object, and what one history of it came to: null, or a difference in words. */
export interface FuzzCase {
  readonly name: string;
  small(seed: number): string | null;
  large(seed: number): string | null;
  /** A large history in which one answer was never possible. */
  largeIllegal(seed: number): string | null;
}

function fuzzCase<S, State, Input, Output>(
  name: string,
  subject: Subject<S, Input, Output>,
  model: Model<State, Input, Output>,
  impossible: Output,
  unknowns: readonly number[] = [0, 3, 6],
): FuzzCase {
  const inWords = (operations: readonly Operation[], difference: string | null): string | null =>
    difference === null ? null : `${difference}\n${operations.map((one) => JSON.stringify(one)).join("\n")}`;
  return {
    name,
    small(seed) {
      const draws = new Draws(seed);
      const operations = generate(subject, smallShape(draws), draws);
      return inWords(operations, compare(model, operations, undefined));
    },
    large(seed) {
      const draws = new Draws(seed);
      const operations = generate(subject, largeShape(draws, unknowns), draws);
      return inWords(operations, compare(model, operations, true, { "as it comes": {} }));
    },
    largeIllegal(seed) {
      const draws = new Draws(seed);
      const legal = generate(subject, largeShape(draws, unknowns), draws);
      // A refused cas reads too, but whatever is not `true` is the same refusal: no answer to it is impossible.
      const asks = legal.flatMap(({ outcome, input, output }, place) =>
        outcome === "ok" && typeof output !== "boolean" && model.readOnly?.(input, impossible) === true ? [place] : [],
      );
      const place = asks[draws.below(Math.max(1, asks.length))];
      if (place === undefined) return null;
      const operations = legal.with(place, { ...(legal[place] as Operation<Input, Output>), output: impossible });
      // To go through all orders may take for ever; it must not find one.
      const { verdict } = check(model, operations, { configurations: MOST_CONFIGURATIONS });
      return verdict === "linearizable" ? inWords(operations, "found legal") : null;
    },
  };
}

/** Up to 16 operations: few enough for the oracle. */
function smallShape(draws: Draws): Shape {
  return {
    clients: 1 + draws.below(6),
    operations: 1 + draws.below(16),
    unknown: draws.pick([0, 0, 10, 30]),
    failed: draws.pick([0, 10]),
    lies: draws.below(3),
    eager: draws.pick([20, 60, 90]),
  };
}

/** Legal by construction, with masks of several words. */
function largeShape(draws: Draws, unknowns: readonly number[]): Shape {
  return {
    clients: 40,
    operations: 200,
    unknown: draws.pick(unknowns),
    failed: 2,
    lies: 0,
    eager: draws.pick([3, 10, 40]),
  };
}

/** Every object with its model. */
export const fuzzCases: readonly FuzzCase[] = [
  fuzzCase("cas-register of 3", registers(3, true), casRegister, 999),
  fuzzCase("cas-register of 2", registers(2, true), casRegister, 999),
  fuzzCase("register of 3", registers(3, false), register, 999),
  fuzzCase("register of distinct values", distinctRegisters, casRegister, 99_999),
  fuzzCase("kv of 1 key", texts(1), kv, "never"),
  fuzzCase("kv of 3 keys", texts(3), kv, "never"),
  fuzzCase("kv of distinct values", distinctTexts(2), kv, "never"),
  fuzzCase("counter that rises", counters(false, false), counter, 999_999),
  fuzzCase("counter with sets", counters(true, true), counter, 999_999),
  fuzzCase("queue", queues(false), queue, 999),
  // A dequeue of unknown outcome may have taken any value: that takes the search.
  fuzzCase("queue of distinct values", queues(true), queue, 99_999, [0]),
  fuzzCase("stack", stacks, stack, 999),
];
