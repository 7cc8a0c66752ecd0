// One history through the checker in every way it has, beside the oracle: the verdicts must be one, and every order must hold.
import { check } from "../check.js";
import type { CheckOptions } from "../check.js";
import type { Operation } from "../history.js";
import type { Model } from "../model.js";
import { replay } from "./replay.js";
import { wingGong } from "./wing-gong.js";

/** Every combination of options that takes another path through the code. */
export const WAYS: Readonly<Record<string, CheckOptions>> = {
  "as it comes": {},
  "without special algorithms": { specials: false },
  "over the model's own steps": { specials: false, kernel: false },
  "without hints": { specials: false, hints: false },
  "verifying hints": { specials: false, debug: true },
};

/** A difference in words, or null. `expected`: where it is known by construction; else the oracle is asked. */
export function compare<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  expected: boolean | undefined,
  ways: Readonly<Record<string, CheckOptions>> = WAYS,
): string | null {
  const right = expected ?? wingGong(model, operations).linearizable;
  for (const [way, options] of Object.entries(ways)) {
    const answer = check(model, operations, options);
    if (answer.verdict === "undecided") return `${way}: undecided`;
    if ((answer.verdict === "linearizable") !== right) return `${way}: ${answer.verdict} (${answer.algorithms.join()})`;
    if (answer.verdict !== "linearizable") continue;
    const wrong = replay(model, operations, answer.order);
    if (wrong !== null) return `${way} (${answer.algorithms.join()}): ${wrong}`;
  }
  return null;
}
