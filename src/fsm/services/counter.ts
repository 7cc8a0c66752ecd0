// The service "counter": one int64 that wraps. SPEC 2.4.
import { encode } from "../../protocol/codec.js";
import {
  CompareAndSetInput,
  CounterOutput,
  CounterState as SavedCounter,
  DecrementInput,
  GetInput,
  IncrementInput,
  SetInput,
} from "../../proto/multiraft_sim/counter/v1/counter.js";
import { Status } from "../../protocol/failure.js";
import { readState } from "./saved-state.js";
import { done, operation, refuse, type At, type Call, type Outcome, type Service } from "./service.js";

export interface CounterState {
  value: bigint;
}

export interface Counter extends Service<CounterState> {
  set(at: At, state: CounterState, call: Call, input: SetInput): Outcome;
  compareAndSet(at: At, state: CounterState, call: Call, input: CompareAndSetInput): Outcome;
  add(state: CounterState, delta: bigint): Outcome;
  get(state: CounterState): Outcome;
  /** What every command answers: the value after it. */
  answer(state: CounterState): Outcome;
}

const ONE = 1n;

export const counter: Counter = {
  kind: "counter",

  commands: new Map([
    [
      "Set",
      operation(SetInput, (self: Counter, at, state: CounterState, call, input) => self.set(at, state, call, input)),
    ],
    [
      "CompareAndSet",
      operation(CompareAndSetInput, (self: Counter, at, state: CounterState, call, input) =>
        self.compareAndSet(at, state, call, input),
      ),
    ],
    [
      "Increment",
      operation(IncrementInput, (self: Counter, _at, state: CounterState, _call, input) =>
        self.add(state, input.delta ?? ONE),
      ),
    ],
    [
      "Decrement",
      operation(DecrementInput, (self: Counter, _at, state: CounterState, _call, input) =>
        self.add(state, -(input.delta ?? ONE)),
      ),
    ],
  ]),

  queries: new Map([["Get", operation(GetInput, (self: Counter, _at, state: CounterState) => self.get(state))]]),

  set(_at, state, _call, input) {
    state.value = input.value;
    return this.answer(state);
  },

  compareAndSet(_at, state, _call, input) {
    if (state.value !== input.expect) return refuse(Status.CONFLICT, `the counter is not ${input.expect}`);
    state.value = input.update;
    return this.answer(state);
  },

  add(state, delta) {
    state.value = BigInt.asIntN(64, state.value + delta);
    return this.answer(state);
  },

  get(state) {
    return this.answer(state);
  },

  answer: (state) => done(encode(CounterOutput, { value: state.value })),

  empty: () => ({ value: 0n }),
  cancel: () => {},
  leave: () => {},
  due: () => {},
  save: (state) => encode(SavedCounter, state),
  load: (data, loading) => ({ value: readState(SavedCounter, data, loading).value }),
};
