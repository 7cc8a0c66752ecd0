// The naive set of strings. SPEC 2.4.
import { encode } from "../../protocol/codec.js";
import { compareKeys } from "../../base/key-order.js";
import {
  AddInput,
  ChangeOutput,
  ClearInput,
  ClearOutput,
  ContainsInput,
  ContainsOutput,
  ElementsInput,
  ElementsOutput,
  Event,
  Event_Kind,
  EventsInput,
  RemoveInput,
  SetState,
  SizeInput,
  SizeOutput,
} from "../../proto/multiraft_sim/set/v1/set.js";
import { Status } from "../../protocol/failure.js";
import { Listeners, listenersDisorder, waitingOf } from "./listeners.js";
import type {
  Answered,
  Caller,
  DataDifference,
  DataFacts,
  Outcome,
  ServiceKindModel,
  ServiceModel,
  Surroundings,
} from "./service.js";
import { listening, ok, read, refuse, sameBytes } from "./service.js";

class SetModel implements ServiceModel {
  readonly elements = new Map<string, true>();
  readonly #listeners: Listeners;
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#listeners = new Listeners(around);
  }

  command(operation: string, payload: Uint8Array, by: Caller): Outcome {
    switch (operation) {
      case "Add": {
        const input = read(AddInput, payload);
        return input === undefined ? refuse(Status.INVALID) : this.#add(input.element);
      }
      case "Remove": {
        const input = read(RemoveInput, payload);
        return input === undefined ? refuse(Status.INVALID) : this.#remove(input.element);
      }
      case "Clear":
        return read(ClearInput, payload) === undefined ? refuse(Status.INVALID) : this.#clear();
      case "Events":
        if (read(EventsInput, payload) === undefined) return refuse(Status.INVALID);
        this.#listeners.add(by);
        return listening;
      default:
        return refuse(Status.NOT_SUPPORTED);
    }
  }

  #add(element: string): Outcome {
    const changed = !this.elements.has(element);
    if (changed) {
      this.#around.journal.put(this.elements, element, true);
      this.#publish(Event_Kind.KIND_ADDED, element);
    }
    return ok(encode(ChangeOutput, { changed }));
  }

  #remove(element: string): Outcome {
    const changed = this.elements.has(element);
    if (changed) this.#take(element);
    return ok(encode(ChangeOutput, { changed }));
  }

  #clear(): Outcome {
    if (this.elements.size > 1) this.#around.note("cleared-several");
    for (const element of this.#inKeyOrder()) this.#take(element);
    return ok(encode(ClearOutput, {}));
  }

  #take(element: string): void {
    this.#around.journal.remove(this.elements, element);
    this.#publish(Event_Kind.KIND_REMOVED, element);
  }

  #publish(kind: Event_Kind, element: string): void {
    if (this.#listeners.want()) this.#listeners.publish(encode(Event, { kind, element }), false);
  }

  query(operation: string, payload: Uint8Array): Answered {
    switch (operation) {
      case "Contains": {
        const input = read(ContainsInput, payload);
        if (input === undefined) return refuse(Status.INVALID);
        return ok(encode(ContainsOutput, { contains: this.elements.has(input.element) }));
      }
      case "Size":
        if (read(SizeInput, payload) === undefined) return refuse(Status.INVALID);
        return ok(encode(SizeOutput, { size: BigInt(this.elements.size) }));
      case "Elements":
        if (read(ElementsInput, payload) === undefined) return refuse(Status.INVALID);
        return ok(encode(ElementsOutput, { elements: this.#inKeyOrder() }));
      default:
        return refuse(Status.NOT_SUPPORTED);
    }
  }

  ended(session: bigint, num: bigint): void {
    this.#listeners.ended(session, num);
  }

  left(session: bigint): void {
    this.#listeners.left(session);
  }

  nextTimer(): null {
    return null;
  }

  data(): Uint8Array {
    return encode(SetState, { elements: this.#inKeyOrder(), listeners: this.#listeners.saved() });
  }

  differences(data: Uint8Array): DataDifference[] {
    const state = read(SetState, data);
    if (state === undefined) return [{ what: "unreadable", says: "the saved set does not decode" }];
    const theirs = new Set(state.elements);
    const found: DataDifference[] = [];
    for (const element of this.#inKeyOrder()) {
      if (!theirs.has(element)) found.push({ what: "element-missing", says: `"${element}" should be in the set` });
    }
    for (const element of theirs) {
      if (!this.elements.has(element))
        found.push({ what: "element-extra", says: `"${element}" should not be in the set` });
    }
    return [...found, ...this.#listeners.differences(state.listeners)];
  }

  #inKeyOrder(): string[] {
    return [...this.elements.keys()].sort(compareKeys);
  }
}

function facts(data: Uint8Array): DataFacts | null {
  const state = read(SetState, data);
  if (state === undefined) return null;
  const { elements } = state;
  const sorted = elements.every((element, i) => i === 0 || compareKeys(elements[i - 1] as string, element) < 0);
  const same = sameBytes(encode(SetState, state), data);
  return {
    disorder: !sorted
      ? "elements are not in key order"
      : (listenersDisorder(state.listeners) ?? (same ? null : "it encodes to other bytes")),
    deadlines: [],
    waiting: waitingOf(state.listeners),
    holders: [],
  };
}

export const set: ServiceKindModel = {
  create: (around) => new SetModel(around),
  facts,
  answers: {
    Add: ChangeOutput,
    Remove: ChangeOutput,
    Contains: ContainsOutput,
    Size: SizeOutput,
    Elements: ElementsOutput,
    event: Event,
  },
};
