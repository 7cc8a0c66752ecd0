// placeholder
import type { Explanation } from "./answer.js";
import type { CheckOptions } from "./check.js";
import type { Operation } from "./history.js";
import type { Key, Model } from "./model.js";
export function explain<State, Input, Output>(
  _model: Model<State, Input, Output>, _operations: readonly Operation<Input, Output>[], _partition: Key, _options: CheckOptions): Explanation { throw new Error("no"); }
