// The service "value": one byte string or none, with a version and a time to live, and streams of its changes. SPEC 2.4.
import { encode } from "../../protocol/codec.js";
import type { Nanos } from "../../base/time.js";
import {
  DeleteInput,
  DeleteOutput,
  Event,
  Event_Kind,
  EventsInput,
  GetInput,
  GetOutput,
  InsertInput,
  SetInput,
  UpdateInput,
  ValueState as SavedValue,
  WriteOutput,
} from "../../proto/multiraft_sim/value/v1/value.js";
import { Status } from "../../protocol/failure.js";
import { accepted } from "../answers.js";
import {
  ANYTHING,
  badTtl,
  cells,
  loadCell,
  NOTHING,
  saveCell,
  type Cell,
  type Cells,
  type Guard,
  type Write,
} from "./cells.js";
import { listening, loadListeners, saveListeners, type Listening, type ListenerList } from "./listeners.js";
import { readState } from "./saved-state.js";
import {
  done,
  opened,
  operation,
  refuse,
  type At,
  type Call,
  type Loading,
  type Outcome,
  type Service,
} from "./service.js";

export interface ValueState {
  cell: Cell | undefined;
  readonly listeners: ListenerList;
}

export interface Value extends Service<ValueState> {
  readonly cells: Cells;
  readonly listening: Listening;
  /** Set, Insert and Update: a write, where the guard allows it. */
  write(at: At, state: ValueState, guard: Guard, input: Write): Outcome;
  delete(at: At, state: ValueState, input: DeleteInput): Outcome;
  events(state: ValueState, call: Call): Outcome;
  get(state: ValueState): Outcome;
  publish(at: At, state: ValueState, kind: Event_Kind, cell: Cell): void;
}

// A value has one timer at most: it needs no key to tell it from others.
const NO_KEY = "";

export const value: Value = {
  kind: "value",
  cells,
  listening,

  commands: new Map([
    [
      "Set",
      operation(SetInput, (self: Value, at, state: ValueState, _call, input) => self.write(at, state, ANYTHING, input)),
    ],
    [
      "Insert",
      operation(InsertInput, (self: Value, at, state: ValueState, _call, input) =>
        self.write(at, state, NOTHING, input),
      ),
    ],
    [
      "Update",
      operation(UpdateInput, (self: Value, at, state: ValueState, _call, input) =>
        self.write(at, state, { over: "something", version: input.version }, input),
      ),
    ],
    [
      "Delete",
      operation(DeleteInput, (self: Value, at, state: ValueState, _call, input) => self.delete(at, state, input)),
    ],
    ["Events", operation(EventsInput, (self: Value, _at, state: ValueState, call) => self.events(state, call))],
  ]),

  queries: new Map([["Get", operation(GetInput, (self: Value, _at, state: ValueState) => self.get(state))]]),

  write(at, state, guard, input) {
    const span: Nanos | undefined = this.cells.ttl.read(input.ttl);
    if (span === undefined) return badTtl();
    const old = state.cell;
    const refused = this.cells.refused(guard, old);
    if (refused !== undefined) return refused;
    state.cell = this.cells.write(at, old, NO_KEY, input.value, span);
    this.publish(at, state, old === undefined ? Event_Kind.KIND_INSERTED : Event_Kind.KIND_UPDATED, state.cell);
    return done(encode(WriteOutput, { version: state.cell.version }));
  },

  delete(at, state, input) {
    const old = state.cell;
    const refused = this.cells.refused({ over: "something", version: input.version }, old);
    if (refused !== undefined) return refused;
    const gone = old as Cell;
    this.cells.ttl.stop(at, gone.timer);
    state.cell = undefined;
    this.publish(at, state, Event_Kind.KIND_DELETED, gone);
    return done(encode(DeleteOutput, { value: gone.value, version: gone.version }));
  },

  events(state, call) {
    this.listening.add(state.listeners, { session: call.session, number: call.number, key: undefined });
    return opened();
  },

  get({ cell }) {
    if (cell === undefined) return refuse(Status.NOT_FOUND, "nothing is there");
    return done(encode(GetOutput, { value: cell.value, version: cell.version }));
  },

  publish(at, state, kind, cell) {
    this.listening.tell(at, state.listeners, undefined, () =>
      accepted(encode(Event, { kind, value: cell.value, version: cell.version })),
    );
  },

  empty: () => ({ cell: undefined, listeners: [] }),

  cancel(_at, state, open) {
    this.listening.remove(state.listeners, open);
  },

  leave: () => {},

  due(at, state) {
    const { cell } = state;
    if (cell === undefined) return;
    state.cell = undefined;
    this.publish(at, state, Event_Kind.KIND_EXPIRED, cell);
  },

  save: (state) =>
    encode(SavedValue, {
      entry: state.cell === undefined ? undefined : saveCell(state.cell),
      listeners: saveListeners(state.listeners),
    }),

  load(data, loading: Loading) {
    const { entry, listeners } = readState(SavedValue, data, loading);
    for (const { key } of listeners) loading.check(key === undefined, "a value has no keys to listen to");
    return {
      cell: entry === undefined ? undefined : loadCell(entry, NO_KEY, loading),
      listeners: loadListeners(listeners, loading),
    };
  },
};
