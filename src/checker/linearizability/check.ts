// The public face: is there an order of these operations that one client alone could have seen, and that respects time?
//
//     const answer = check(casRegister, history);
//     if (answer.verdict === "not-linearizable") print(answer.explanation);
//
// It knows neither clock nor thread; limits bring their own. Everything is on one thread and done when it returns.
import type { Answer } from "./answer.js";
import { checkOperations } from "./partition-search.js";
import type { History } from "./history.js";
import { operationsOf } from "./history.js";
import type { Model } from "./model.js";
import type { Limits } from "./patience.js";

/** What a caller may ask for beside limits. */
export interface CheckOptions extends Limits {
  /** Verify the model's hints while searching, and throw a UsageError where one is wrong. Slow. */
  readonly debug?: boolean;
  /** Use the model's own kernel of integers, where it has one. Default: true. */
  readonly kernel?: boolean;
  /** Use algorithms without search, where one fits. Default: true. */
  readonly specials?: boolean;
  /** Use the model's hints. Default: true. */
  readonly hints?: boolean;
}

/** Judges a history, given as operations or as events. Throws a UsageError where it is not a history of this model. */
export function check<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: History<Input, Output>,
  options: CheckOptions = {},
): Answer {
  return checkOperations(model, operationsOf(history), options);
}
