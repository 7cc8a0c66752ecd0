// The service "set": a set of strings, and streams of its changes. SPEC 2.4.
import { encode } from "../../protocol/codec.js";
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
  SetState as SavedSet,
  SizeInput,
  SizeOutput,
} from "../../proto/multiraft_sim/set/v1/set.js";
import { compareKeys } from "../../base/key-order.js";
import { accepted } from "../answers.js";
import { inKeyOrder } from "./keys.js";
import { listening, loadListeners, saveListeners, type Listening, type ListenerList } from "./listeners.js";
import { readState } from "./saved-state.js";
import { done, opened, operation, type At, type Call, type Loading, type Outcome, type Service } from "./service.js";

export interface SetState {
  readonly elements: Set<string>;
  readonly listeners: ListenerList;
}

export interface SetService extends Service<SetState> {
  readonly listening: Listening;
  add(at: At, state: SetState, input: AddInput): Outcome;
  remove(at: At, state: SetState, input: RemoveInput): Outcome;
  clear(at: At, state: SetState): Outcome;
  events(state: SetState, call: Call): Outcome;
  contains(state: SetState, input: ContainsInput): Outcome;
  size(state: SetState): Outcome;
  elements(state: SetState): Outcome;
  /** What Clear takes away and Elements lists, in key order. */
  keys(state: SetState): string[];
  changed(changed: boolean): Outcome;
  publish(at: At, state: SetState, kind: Event_Kind, element: string): void;
}

export const set: SetService = {
  kind: "set",
  listening,

  commands: new Map([
    ["Add", operation(AddInput, (self: SetService, at, state: SetState, _call, input) => self.add(at, state, input))],
    [
      "Remove",
      operation(RemoveInput, (self: SetService, at, state: SetState, _call, input) => self.remove(at, state, input)),
    ],
    ["Clear", operation(ClearInput, (self: SetService, at, state: SetState) => self.clear(at, state))],
    ["Events", operation(EventsInput, (self: SetService, _at, state: SetState, call) => self.events(state, call))],
  ]),

  queries: new Map([
    [
      "Contains",
      operation(ContainsInput, (self: SetService, _at, state: SetState, _call, input) => self.contains(state, input)),
    ],
    ["Size", operation(SizeInput, (self: SetService, _at, state: SetState) => self.size(state))],
    ["Elements", operation(ElementsInput, (self: SetService, _at, state: SetState) => self.elements(state))],
  ]),

  add(at, state, { element }) {
    if (state.elements.has(element)) return this.changed(false);
    state.elements.add(element);
    this.publish(at, state, Event_Kind.KIND_ADDED, element);
    return this.changed(true);
  },

  remove(at, state, { element }) {
    if (!state.elements.delete(element)) return this.changed(false);
    this.publish(at, state, Event_Kind.KIND_REMOVED, element);
    return this.changed(true);
  },

  clear(at, state) {
    for (const element of this.keys(state)) {
      state.elements.delete(element);
      this.publish(at, state, Event_Kind.KIND_REMOVED, element);
    }
    return done(encode(ClearOutput, {}));
  },

  events(state, { session, number }) {
    this.listening.add(state.listeners, { session, number, key: undefined });
    return opened();
  },

  contains: (state, { element }) => done(encode(ContainsOutput, { contains: state.elements.has(element) })),

  size: (state) => done(encode(SizeOutput, { size: BigInt(state.elements.size) })),

  elements(state) {
    return done(encode(ElementsOutput, { elements: this.keys(state) }));
  },

  keys: (state) => inKeyOrder(state.elements),

  changed: (changed) => done(encode(ChangeOutput, { changed })),

  publish(at, state, kind, element) {
    this.listening.tell(at, state.listeners, undefined, () => accepted(encode(Event, { kind, element })));
  },

  empty: () => ({ elements: new Set(), listeners: [] }),

  cancel(_at, state, open) {
    this.listening.remove(state.listeners, open);
  },

  leave: () => {},
  due: () => {},

  save(state) {
    return encode(SavedSet, { elements: this.keys(state), listeners: saveListeners(state.listeners) });
  },

  load(data, loading: Loading) {
    const { elements, listeners } = readState(SavedSet, data, loading);
    for (const [at, element] of elements.entries()) {
      const before = elements[at - 1];
      loading.check(before === undefined || compareKeys(before, element) < 0, "a set's elements are out of order");
    }
    for (const { key } of listeners) loading.check(key === undefined, "a set has no keys to listen to");
    return { elements: new Set(elements), listeners: loadListeners(listeners, loading) };
  },
};
