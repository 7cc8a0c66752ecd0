// The naive value: nothing, or one byte string with a version and perhaps a time to live. SPEC 2.4.
import { encode } from "../../protocol/codec.js";
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
  ValueState,
  WriteOutput,
} from "../../proto/multiraft_sim/value/v1/value.js";
import type { Duration } from "../../proto/google/protobuf/duration.js";
import { Status } from "../../protocol/failure.js";
import { toNanos } from "../../base/time.js";
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

class ValueModel implements ServiceModel {
  entry: TimedEntry | null = null;
  /** Whether any write ever named a time to live. */
  everTimed = false;
  readonly #listeners: Listeners;
  readonly #around: Surroundings;
  // The index at which it expired last: for a milestone only.
  #expiredAt = 0n;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#listeners = new Listeners(around);
  }

  command(operation: string, payload: Uint8Array, by: Caller): Outcome {
    switch (operation) {
      case "Set": {
        const input = read(SetInput, payload);
        return input === undefined ? refuse(Status.INVALID) : this.#write(input, Status.OK, by);
      }
      case "Insert": {
        const input = read(InsertInput, payload);
        const refusal = this.entry === null ? Status.OK : Status.ALREADY_EXISTS;
        return input === undefined ? refuse(Status.INVALID) : this.#write(input, refusal, by);
      }
      case "Update": {
        const input = read(UpdateInput, payload);
        return input === undefined ? refuse(Status.INVALID) : this.#write(input, this.#holds(input.version), by);
      }
      case "Delete": {
        const input = read(DeleteInput, payload);
        return input === undefined ? refuse(Status.INVALID) : this.#delete(this.#holds(input.version));
      }
      case "Events":
        if (read(EventsInput, payload) === undefined) return refuse(Status.INVALID);
        this.#listeners.add(by);
        return listening;
      default:
        return refuse(Status.NOT_SUPPORTED);
    }
  }

  #holds(version: bigint | undefined): Status {
    if (this.entry === null) return Status.NOT_FOUND;
    if (version === undefined || version === this.entry.version) return Status.OK;
    this.#around.note("stale-version");
    return Status.CONFLICT;
  }

  #write(input: { value: Uint8Array; ttl: Duration | undefined }, may: Status, by: Caller): Outcome {
    const deadline = deadlineOf(input.ttl, this.#around.now);
    if (deadline === undefined) return refuse(Status.INVALID);
    if (may !== Status.OK) return refuse(may);
    const before = this.entry;
    const after = { value: input.value, version: by.index, deadline };
    noteRewrite(before, after, this.#expiredAt === by.index, this.#around);
    this.#become(after);
    if (input.ttl !== undefined) this.#around.journal.set<ValueModel, "everTimed">(this, "everTimed", true);
    this.#publish(before === null ? Event_Kind.KIND_INSERTED : Event_Kind.KIND_UPDATED, after);
    return ok(encode(WriteOutput, { version: by.index }));
  }

  #delete(may: Status): Outcome {
    const before = this.entry;
    if (may !== Status.OK || before === null) return refuse(may);
    this.#become(null);
    this.#publish(Event_Kind.KIND_DELETED, before);
    return ok(encode(DeleteOutput, { value: before.value, version: before.version }));
  }

  #publish(kind: Event_Kind, { value, version }: TimedEntry): void {
    if (!this.#listeners.want()) return;
    const event = encode(Event, { kind, value, version });
    this.#listeners.publish(event, kind === Event_Kind.KIND_EXPIRED);
  }

  query(operation: string, payload: Uint8Array): Answered {
    if (operation !== "Get") return refuse(Status.NOT_SUPPORTED);
    if (read(GetInput, payload) === undefined) return refuse(Status.INVALID);
    if (this.entry === null) return refuse(Status.NOT_FOUND);
    return ok(encode(GetOutput, { value: this.entry.value, version: this.entry.version }));
  }

  ended(session: bigint, num: bigint): void {
    this.#listeners.ended(session, num);
  }

  left(session: bigint): void {
    this.#listeners.left(session);
  }

  nextTimer(): Timer | null {
    const entry = this.entry;
    if (entry === null || entry.deadline === null) return null;
    const fire = (): void => {
      this.#around.note("ttl-expired");
      this.#expiredAt = this.#around.index;
      this.#become(null);
      this.#publish(Event_Kind.KIND_EXPIRED, entry);
    };
    return { deadline: entry.deadline, fire };
  }

  data(): Uint8Array {
    const entry = this.entry === null ? undefined : saveEntry(this.entry);
    return encode(ValueState, { entry, listeners: this.#listeners.saved() });
  }

  timed(): boolean {
    return this.everTimed;
  }

  differences(data: Uint8Array): DataDifference[] {
    const state = read(ValueState, data);
    if (state === undefined) return [{ what: "unreadable", says: "the saved value does not decode" }];
    return [
      ...entryDiffers("the value", this.everTimed, this.entry, state.entry ?? null),
      ...this.#listeners.differences(state.listeners),
    ];
  }

  #become(entry: TimedEntry | null): void {
    this.#around.journal.set<ValueModel, "entry">(this, "entry", entry);
  }
}

function facts(data: Uint8Array): DataFacts | null {
  const state = read(ValueState, data);
  if (state === undefined) return null;
  const same = sameBytes(encode(ValueState, state), data);
  const deadline = state.entry?.deadline;
  return {
    disorder: listenersDisorder(state.listeners) ?? (same ? null : "it encodes to other bytes"),
    deadlines: deadline === undefined ? [] : [toNanos(deadline)],
    waiting: waitingOf(state.listeners),
    holders: [],
  };
}

export const value: ServiceKindModel = {
  create: (around) => new ValueModel(around),
  facts,
  answers: {
    Set: WriteOutput,
    Insert: WriteOutput,
    Update: WriteOutput,
    Delete: DeleteOutput,
    Get: GetOutput,
    event: Event,
  },
};
