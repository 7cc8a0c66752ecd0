// The naive map: keys to values, each with a version and perhaps a time to live; streams for one key or for all. SPEC 2.4.
import { encode } from "../../protocol/codec.js";
import { compareKeys } from "../../base/key-order.js";
import { toNanos } from "../../base/time.js";
import type { Duration } from "../../proto/google/protobuf/duration.js";
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
  MapState,
  PutInput,
  RemoveInput,
  RemoveOutput,
  SizeInput,
  SizeOutput,
  UpdateInput,
  WriteOutput,
} from "../../proto/multiraft_sim/map/v1/map.js";
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
  Timer,
} from "./service.js";
import { listening, ok, read, refuse, sameBytes } from "./service.js";
import { deadlineOf, entryDiffers, noteRewrite, saveEntry, type TimedEntry } from "./timed-entry.js";

class MapModel implements ServiceModel {
  readonly entries = new Map<string, TimedEntry>();
  /** Keys of which any write ever named a time to live. */
  readonly everTimed = new Map<string, true>();
  readonly #listeners: Listeners;
  readonly #around: Surroundings;
  // The key that expired last, and at which index: for a milestone only.
  #expired = { key: "", index: 0n };

  constructor(around: Surroundings) {
    this.#around = around;
    this.#listeners = new Listeners(around);
  }

  command(operation: string, payload: Uint8Array, by: Caller): Outcome {
    switch (operation) {
      case "Put": {
        const input = read(PutInput, payload);
        return input === undefined ? refuse(Status.INVALID) : this.#write(input, Status.OK, by);
      }
      case "Insert": {
        const input = read(InsertInput, payload);
        if (input === undefined) return refuse(Status.INVALID);
        return this.#write(input, this.entries.has(input.key) ? Status.ALREADY_EXISTS : Status.OK, by);
      }
      case "Update": {
        const input = read(UpdateInput, payload);
        if (input === undefined) return refuse(Status.INVALID);
        return this.#write(input, this.#holds(input.key, input.version), by);
      }
      case "Remove": {
        const input = read(RemoveInput, payload);
        return input === undefined ? refuse(Status.INVALID) : this.#remove(input);
      }
      case "Clear":
        return read(ClearInput, payload) === undefined ? refuse(Status.INVALID) : this.#clear();
      case "Events": {
        const input = read(EventsInput, payload);
        if (input === undefined) return refuse(Status.INVALID);
        this.#listeners.add(by, input.key);
        return listening;
      }
      default:
        return refuse(Status.NOT_SUPPORTED);
    }
  }

  #holds(key: string, version: bigint | undefined): Status {
    const entry = this.entries.get(key);
    if (entry === undefined) return Status.NOT_FOUND;
    if (version === undefined || version === entry.version) return Status.OK;
    this.#around.note("stale-version");
    return Status.CONFLICT;
  }

  #write(input: { key: string; value: Uint8Array; ttl: Duration | undefined }, may: Status, by: Caller): Outcome {
    const deadline = deadlineOf(input.ttl, this.#around.now);
    if (deadline === undefined) return refuse(Status.INVALID);
    if (may !== Status.OK) return refuse(may);
    const before = this.entries.get(input.key) ?? null;
    const after = { value: input.value, version: by.index, deadline };
    const met = this.#expired.index === by.index && this.#expired.key === input.key;
    noteRewrite(before, after, met, this.#around);
    this.#around.journal.put(this.entries, input.key, after);
    if (input.ttl !== undefined) this.#around.journal.put(this.everTimed, input.key, true);
    this.#publish(before === null ? Event_Kind.KIND_INSERTED : Event_Kind.KIND_UPDATED, input.key, after);
    return ok(encode(WriteOutput, { version: by.index }));
  }

  #remove(input: RemoveInput): Outcome {
    const may = this.#holds(input.key, input.version);
    const entry = this.entries.get(input.key);
    if (may !== Status.OK || entry === undefined) return refuse(may);
    this.#take(input.key, entry, Event_Kind.KIND_REMOVED);
    return ok(encode(RemoveOutput, { value: entry.value, version: entry.version }));
  }

  #clear(): Outcome {
    if (this.entries.size > 1) this.#around.note("cleared-several");
    for (const [key, entry] of this.#inKeyOrder()) this.#take(key, entry, Event_Kind.KIND_REMOVED);
    return ok(encode(ClearOutput, {}));
  }

  #take(key: string, entry: TimedEntry, kind: Event_Kind): void {
    this.#around.journal.remove(this.entries, key);
    this.#publish(kind, key, entry);
  }

  #publish(kind: Event_Kind, key: string, { value, version }: TimedEntry): void {
    if (!this.#listeners.want(key)) return;
    const event = encode(Event, { kind, key, value, version });
    this.#listeners.publish(event, kind === Event_Kind.KIND_EXPIRED, key);
  }

  query(operation: string, payload: Uint8Array): Answered {
    switch (operation) {
      case "Get": {
        const input = read(GetInput, payload);
        if (input === undefined) return refuse(Status.INVALID);
        const entry = this.entries.get(input.key);
        if (entry === undefined) return refuse(Status.NOT_FOUND);
        return ok(encode(GetOutput, { value: entry.value, version: entry.version }));
      }
      case "Size":
        if (read(SizeInput, payload) === undefined) return refuse(Status.INVALID);
        return ok(encode(SizeOutput, { size: BigInt(this.entries.size) }));
      case "Entries": {
        if (read(EntriesInput, payload) === undefined) return refuse(Status.INVALID);
        const entries = this.#inKeyOrder().map(([key, { value, version }]) => ({ key, value, version }));
        return ok(encode(EntriesOutput, { entries }));
      }
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

  // Timers run by (deadline, key).
  nextTimer(): Timer | null {
    let due: { deadline: bigint; key: string; entry: TimedEntry } | null = null;
    for (const [key, entry] of this.entries) {
      const { deadline } = entry;
      if (deadline === null) continue;
      if (due !== null && (deadline > due.deadline || (deadline === due.deadline && compareKeys(key, due.key) > 0)))
        continue;
      due = { deadline, key, entry };
    }
    if (due === null) return null;
    const { deadline, key, entry } = due;
    const fire = (): void => {
      this.#around.note("ttl-expired");
      this.#expired = { key, index: this.#around.index };
      this.#take(key, entry, Event_Kind.KIND_EXPIRED);
    };
    return { deadline, fire };
  }

  data(): Uint8Array {
    const entries = this.#inKeyOrder().map(([key, entry]) => ({ key, ...saveEntry(entry) }));
    return encode(MapState, { entries, listeners: this.#listeners.saved() });
  }

  // Every operation on a key has it as its first field.
  timed(operation: string, payload: Uint8Array): boolean {
    if (operation === "Size" || operation === "Entries") return this.everTimed.size > 0;
    return this.everTimed.has(read(GetInput, payload)?.key ?? "");
  }

  differences(data: Uint8Array): DataDifference[] {
    const state = read(MapState, data);
    if (state === undefined) return [{ what: "unreadable", says: "the saved map does not decode" }];
    const theirs = new Map(state.entries.map((entry) => [entry.key, entry]));
    const keys = [...new Set([...this.entries.keys(), ...theirs.keys()])].sort(compareKeys);
    const entries = keys.flatMap((key) =>
      entryDiffers(`key "${key}"`, this.everTimed.has(key), this.entries.get(key) ?? null, theirs.get(key) ?? null),
    );
    return [...entries, ...this.#listeners.differences(state.listeners)];
  }

  #inKeyOrder(): [string, TimedEntry][] {
    return [...this.entries].sort(([a], [b]) => compareKeys(a, b));
  }
}

function facts(data: Uint8Array): DataFacts | null {
  const state = read(MapState, data);
  if (state === undefined) return null;
  const { entries } = state;
  const sorted = entries.every(
    (entry, i) => i === 0 || compareKeys((entries[i - 1] as { key: string }).key, entry.key) < 0,
  );
  const same = sameBytes(encode(MapState, state), data);
  return {
    disorder: !sorted
      ? "entries are not in key order"
      : (listenersDisorder(state.listeners) ?? (same ? null : "it encodes to other bytes")),
    deadlines: entries.flatMap(({ deadline }) => (deadline === undefined ? [] : [toNanos(deadline)])),
    waiting: waitingOf(state.listeners),
    holders: [],
  };
}

export const map: ServiceKindModel = {
  create: (around) => new MapModel(around),
  facts,
  answers: {
    Put: WriteOutput,
    Insert: WriteOutput,
    Update: WriteOutput,
    Remove: RemoveOutput,
    Get: GetOutput,
    Size: SizeOutput,
    Entries: EntriesOutput,
    event: Event,
  },
};
