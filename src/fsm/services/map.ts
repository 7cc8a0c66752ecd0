// The service "map": strings to byte strings, each with a version and a time to live, and streams of changes. SPEC 2.4.
import { encode } from "../../protocol/codec.js";
import {
  ClearInput,
  ClearOutput,
  EntriesInput,
  EntriesOutput,
  Event,
  Event_Kind,
  EventsInput,
  GetInput,
  GetOutput,
  InsertInput,
  MapState as SavedMap,
  PutInput,
  RemoveInput,
  RemoveOutput,
  SizeInput,
  SizeOutput,
  UpdateInput,
  WriteOutput,
} from "../../proto/multiraft_sim/map/v1/map.js";
import { compareKeys } from "../../base/key-order.js";
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
import { inKeyOrder } from "./keys.js";
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

export interface MapState {
  readonly cells: Map<string, Cell>;
  readonly listeners: ListenerList;
}

export interface MapService extends Service<MapState> {
  readonly cells: Cells;
  readonly listening: Listening;
  /** Put, Insert and Update: a write, where the guard allows it. */
  write(at: At, state: MapState, guard: Guard, key: string, input: Write): Outcome;
  remove(at: At, state: MapState, input: RemoveInput): Outcome;
  clear(at: At, state: MapState): Outcome;
  events(state: MapState, call: Call, input: EventsInput): Outcome;
  get(state: MapState, input: GetInput): Outcome;
  size(state: MapState): Outcome;
  entries(state: MapState): Outcome;
  /** The keys that Clear takes away and Entries lists, in key order. */
  keys(state: MapState): string[];
  /** A key is taken away, and its time to live with it. */
  drop(at: At, state: MapState, key: string, cell: Cell): void;
  publish(at: At, state: MapState, kind: Event_Kind, key: string, cell: Cell): void;
}

export const map: MapService = {
  kind: "map",
  cells,
  listening,

  commands: new Map([
    [
      "Put",
      operation(PutInput, (self: MapService, at, state: MapState, _call, input) =>
        self.write(at, state, ANYTHING, input.key, input),
      ),
    ],
    [
      "Insert",
      operation(InsertInput, (self: MapService, at, state: MapState, _call, input) =>
        self.write(at, state, NOTHING, input.key, input),
      ),
    ],
    [
      "Update",
      operation(UpdateInput, (self: MapService, at, state: MapState, _call, input) =>
        self.write(at, state, { over: "something", version: input.version }, input.key, input),
      ),
    ],
    [
      "Remove",
      operation(RemoveInput, (self: MapService, at, state: MapState, _call, input) => self.remove(at, state, input)),
    ],
    ["Clear", operation(ClearInput, (self: MapService, at, state: MapState) => self.clear(at, state))],
    [
      "Events",
      operation(EventsInput, (self: MapService, _at, state: MapState, call, input) => self.events(state, call, input)),
    ],
  ]),

  queries: new Map([
    ["Get", operation(GetInput, (self: MapService, _at, state: MapState, _call, input) => self.get(state, input))],
    ["Size", operation(SizeInput, (self: MapService, _at, state: MapState) => self.size(state))],
    ["Entries", operation(EntriesInput, (self: MapService, _at, state: MapState) => self.entries(state))],
  ]),

  write(at, state, guard, key, input) {
    const span = this.cells.ttl.read(input.ttl);
    if (span === undefined) return badTtl();
    const old = state.cells.get(key);
    const refused = this.cells.refused(guard, old);
    if (refused !== undefined) return refused;
    const cell = this.cells.write(at, old, key, input.value, span);
    state.cells.set(key, cell);
    this.publish(at, state, old === undefined ? Event_Kind.KIND_INSERTED : Event_Kind.KIND_UPDATED, key, cell);
    return done(encode(WriteOutput, { version: cell.version }));
  },

  remove(at, state, { key, version }) {
    const old = state.cells.get(key);
    const refused = this.cells.refused({ over: "something", version }, old);
    if (refused !== undefined) return refused;
    const gone = old as Cell;
    this.drop(at, state, key, gone);
    this.publish(at, state, Event_Kind.KIND_REMOVED, key, gone);
    return done(encode(RemoveOutput, { value: gone.value, version: gone.version }));
  },

  clear(at, state) {
    for (const key of this.keys(state)) {
      const cell = state.cells.get(key) as Cell;
      this.drop(at, state, key, cell);
      this.publish(at, state, Event_Kind.KIND_REMOVED, key, cell);
    }
    return done(encode(ClearOutput, {}));
  },

  events(state, { session, number }, { key }) {
    this.listening.add(state.listeners, { session, number, key });
    return opened();
  },

  get(state, { key }) {
    const cell = state.cells.get(key);
    if (cell === undefined) return refuse(Status.NOT_FOUND, "the key is not there");
    return done(encode(GetOutput, { value: cell.value, version: cell.version }));
  },

  size: (state) => done(encode(SizeOutput, { size: BigInt(state.cells.size) })),

  entries(state) {
    const entries = this.keys(state).map((key) => {
      const { value, version } = state.cells.get(key) as Cell;
      return { key, value, version };
    });
    return done(encode(EntriesOutput, { entries }));
  },

  keys: (state) => inKeyOrder(state.cells.keys()),

  drop(at, state, key, cell) {
    this.cells.ttl.stop(at, cell.timer);
    state.cells.delete(key);
  },

  publish(at, state, kind, key, { value, version }) {
    this.listening.tell(at, state.listeners, key, () => accepted(encode(Event, { kind, key, value, version })));
  },

  empty: () => ({ cells: new Map(), listeners: [] }),

  cancel(_at, state, open) {
    this.listening.remove(state.listeners, open);
  },

  leave: () => {},

  due(at, state, { key }) {
    const cell = state.cells.get(key);
    if (cell === undefined) return;
    state.cells.delete(key);
    this.publish(at, state, Event_Kind.KIND_EXPIRED, key, cell);
  },

  save(state) {
    const entries = this.keys(state).map((key) => ({ key, ...saveCell(state.cells.get(key) as Cell) }));
    return encode(SavedMap, { entries, listeners: saveListeners(state.listeners) });
  },

  load(data, loading: Loading) {
    const saved = readState(SavedMap, data, loading);
    const loaded = new Map<string, Cell>();
    let before: string | undefined;
    for (const entry of saved.entries) {
      loading.check(before === undefined || compareKeys(before, entry.key) < 0, "a map's keys are out of order");
      before = entry.key;
      loaded.set(entry.key, loadCell(entry, entry.key, loading));
    }
    return { cells: loaded, listeners: loadListeners(saved.listeners, loading) };
  },
};
