// The naive counter: one int64 that wraps. SPEC 2.4.
import { encode } from "../../protocol/codec.js";
import {
  CompareAndSetInput,
  CounterOutput,
  CounterState,
  DecrementInput,
  GetInput,
  IncrementInput,
  SetInput,
} from "../../proto/multiraft_sim/counter/v1/counter.js";
import { Status } from "../../protocol/failure.js";
import type {
  Answered,
  DataDifference,
  DataFacts,
  Outcome,
  ServiceKindModel,
  ServiceModel,
  Surroundings,
} from "./service.js";
import { ok, read, refuse, sameBytes } from "./service.js";

class CounterModel implements ServiceModel {
  value = 0n;
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  command(operation: string, payload: Uint8Array): Outcome {
    switch (operation) {
      case "Set": {
        const input = read(SetInput, payload);
        return input === undefined ? refuse(Status.INVALID) : this.#becomes(input.value);
      }
      case "CompareAndSet": {
        const input = read(CompareAndSetInput, payload);
        if (input === undefined) return refuse(Status.INVALID);
        return input.expect === this.value ? this.#becomes(input.update) : refuse(Status.CONFLICT);
      }
      case "Increment": {
        const input = read(IncrementInput, payload);
        return input === undefined ? refuse(Status.INVALID) : this.#becomes(this.value + (input.delta ?? 1n));
      }
      case "Decrement": {
        const input = read(DecrementInput, payload);
        return input === undefined ? refuse(Status.INVALID) : this.#becomes(this.value - (input.delta ?? 1n));
      }
      default:
        return refuse(Status.NOT_SUPPORTED);
    }
  }

  query(operation: string, payload: Uint8Array): Answered {
    if (operation !== "Get") return refuse(Status.NOT_SUPPORTED);
    return read(GetInput, payload) === undefined ? refuse(Status.INVALID) : this.#shown();
  }

  ended(): void {}
  left(): void {}
  nextTimer(): null {
    return null;
  }

  data(): Uint8Array {
    return encode(CounterState, { value: this.value });
  }

  differences(data: Uint8Array): DataDifference[] {
    const state = read(CounterState, data);
    if (state === undefined) return [{ what: "unreadable", says: "the saved counter does not decode" }];
    if (state.value === this.value) return [];
    return [{ what: "number", says: `the counter should be ${this.value}, and is ${state.value}` }];
  }

  #becomes(value: bigint): Outcome {
    const wrapped = BigInt.asIntN(64, value);
    this.#around.journal.set<CounterModel, "value">(this, "value", wrapped);
    return this.#shown();
  }

  #shown(): Answered {
    return ok(encode(CounterOutput, { value: this.value }));
  }
}

export const counter: ServiceKindModel = {
  create: (around) => new CounterModel(around),
  facts: (data): DataFacts | null => {
    const state = read(CounterState, data);
    if (state === undefined) return null;
    const same = sameBytes(encode(CounterState, state), data);
    return { disorder: same ? null : "it encodes to other bytes", deadlines: [], waiting: [], holders: [] };
  },
  answers: {
    Set: CounterOutput,
    CompareAndSet: CounterOutput,
    Increment: CounterOutput,
    Decrement: CounterOutput,
    Get: CounterOutput,
  },
};
