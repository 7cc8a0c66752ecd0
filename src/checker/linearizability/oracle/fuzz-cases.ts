// What the fuzz draws: which objects, in which shapes, one seed a history. Used by the quick test and by the long form.
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
import { counters, distinctRegisters, queues, registers, stacks, texts } from "./subjects.js";

/** An object, and what one history of it came to: null, or a difference in words. */
export interface FuzzCase {
  readonly name: string;
  small(seed: number): string | null;
  large(seed: number): string | null;
}

function fuzzCase<S, State, Input, Output>(
  name: string,
  subject: Subject<S, Input, Output>,
  model: Model<State, Input, Output>,
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
      const operations = generate(subject, largeShape(draws), draws);
      return inWords(operations, compare(model, operations, true, { "as it comes": {} }));
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
function largeShape(draws: Draws): Shape {
  return {
    clients: 40,
    operations: 200,
    unknown: draws.pick([0, 3, 6]),
    failed: 2,
    lies: 0,
    eager: draws.pick([3, 10, 40]),
  };
}

/** Every object with its model. */
export const fuzzCases: readonly FuzzCase[] = [
  fuzzCase("cas-register of 3", registers(3, true), casRegister),
  fuzzCase("cas-register of 2", registers(2, true), casRegister),
  fuzzCase("register of 3", registers(3, false), register),
  fuzzCase("register of distinct values", distinctRegisters, casRegister),
  fuzzCase("kv of 1 key", texts(1), kv),
  fuzzCase("kv of 3 keys", texts(3), kv),
  fuzzCase("counter that rises", counters(false, false), counter),
  fuzzCase("counter with sets", counters(true, true), counter),
  fuzzCase("queue", queues(false), queue),
  fuzzCase("queue of distinct values", queues(true), queue),
  fuzzCase("stack", stacks, stack),
];
