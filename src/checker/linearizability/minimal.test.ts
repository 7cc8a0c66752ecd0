// A smallest contradiction is one, whatever the other operations did, and none of it can be missed: by brute force, on histories
// of up to nine operations, with every selection of the others.
import { describe, expect, test } from "vitest";
import { check } from "./check.js";
import type { Operation } from "./history.js";
import type { Model } from "./model.js";
import { counter } from "./models/counter.js";
import { kv } from "./models/kv.js";
import { queue } from "./models/queue.js";
import { casRegister } from "./models/register.js";
import type { Subject } from "./oracle/generate.js";
import { Draws, generate } from "./oracle/generate.js";
import { counters, queues, registers, texts } from "./oracle/subjects.js";
import { wingGong } from "./oracle/wing-gong.js";

const HISTORIES = 150;

function judgeAll<S, State, Input, Output>(
  subject: Subject<S, Input, Output>,
  model: Model<State, Input, Output>,
): number {
  let illegal = 0;
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const draws = new Draws(seed);
    const shape = { clients: 3, operations: 9, unknown: draws.pick([0, 10]), failed: 0, lies: 2, eager: 60 };
    const history = generate(subject, shape, draws);
    const answer = check(model, history, { specials: draws.chance(50) });
    if (answer.verdict !== "not-linearizable") continue;
    illegal++;
    const { minimal, minimalCut } = answer.explanation;
    expect(minimalCut, `seed ${seed}`).toBe(false);
    expect(resolvable(model, history, minimal), `seed ${seed}: ${minimal.join()} do not contradict`).toBe(false);
    for (const one of minimal) {
      const rest = minimal.filter((other) => other !== one);
      expect(resolvable(model, history, rest), `seed ${seed}: ${one} of ${minimal.join()} is not needed`).toBe(true);
    }
  }
  return illegal;
}

// Whether some selection of the other operations makes a legal history with `kept`.
function resolvable<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: readonly Operation<Input, Output>[],
  kept: readonly number[],
): boolean {
  const others = history.flatMap((_, number) => (kept.includes(number) ? [] : [number]));
  for (let selection = 0; selection < 2 ** others.length; selection++) {
    const taken = others.filter((_, i) => ((selection >> i) & 1) === 1);
    const part = history.filter((_, number) => kept.includes(number) || taken.includes(number));
    if (wingGong(model, part).linearizable === true) return true;
  }
  return false;
}

describe("a smallest contradiction is a proof, and smallest", () => {
  test("cas-register", () => expect(judgeAll(registers(3, true), casRegister)).toBeGreaterThan(20));
  test("kv", () => expect(judgeAll(texts(1), kv)).toBeGreaterThan(20));
  test("counter", () => expect(judgeAll(counters(true, true), counter)).toBeGreaterThan(20));
  test("queue", () => expect(judgeAll(queues(false), queue)).toBeGreaterThan(20));
});
