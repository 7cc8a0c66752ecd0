// A cluster as one writes it around a state machine without a simulator: one log, three replicas, and fast-check's scheduler,
// which decides whose turn it is. Every answer is held against the judge's own model, every replica against the others.
import { isDeepStrictEqual } from "node:util";
import type { Scheduler } from "fast-check";
import { isAsExpected } from "../../src/checker/answers.js";
import { models } from "../../src/checker/models/registry.js";
import { PartitionModel } from "../../src/checker/models/sessions.js";
import type { Step } from "../../src/checker/models/step.js";
import { readSavedState } from "../../src/checker/saved-state.js";
import { compareStates } from "../../src/checker/states.js";
import type { CommandInput, QueryInput } from "../../src/proto/atomix/multiraft/v1/fsm.js";
import { makeEntry } from "../../src/protocol/entry.js";
import type { Applied, Entry, MachineKind, StateMachine } from "../../src/protocol/machine.js";
import { LogIndex } from "../../src/protocol/words.js";

interface Record {
  readonly entry: Entry;
  readonly step: Step;
  /** What the first replica answered. */
  answer: Applied | null;
}

interface Replica {
  machine: StateMachine;
  applied: number;
  saved: { readonly at: number; readonly bytes: Uint8Array } | null;
}

const REPLICAS = 3;
const START_SECONDS = 946_684_800n;

export class Cluster {
  /** Entries applied, over all replicas. */
  applied = 0;
  /** The first thing that was found wrong; a promise of nobody's can't be thrown at anyone. */
  wrong: string | null = null;
  readonly model: PartitionModel;
  #millis = 0;
  readonly #log: Record[] = [];
  readonly #replicas: Replica[];

  constructor(
    readonly kind: MachineKind,
    readonly scheduler: Scheduler,
  ) {
    this.model = new PartitionModel(models, kind.capabilities.services);
    this.#replicas = Array.from({ length: REPLICAS }, () => ({ machine: kind.create(), applied: 0, saved: null }));
  }

  get last(): number {
    return this.#log.length;
  }

  /** Time goes on by so much before the next entry. */
  advance(millis: number): void {
    this.#millis += millis;
  }

  /** Commits an entry: each replica applies it when the scheduler lets it. Answers its index. */
  propose(input: CommandInput["input"]): bigint {
    const index = LogIndex(BigInt(this.#log.length + 1));
    const seconds = START_SECONDS + BigInt(Math.floor(this.#millis / 1000));
    const timestamp = { seconds, nanos: (this.#millis % 1000) * 1_000_000 };
    const entry = makeEntry(index, { timestamp, input });
    this.#log.push({ entry, step: this.model.step(this.#log.length + 1, entry.input), answer: null });
    this.#replicas.forEach((_, at) => {
      const turn = this.scheduler.schedule(Promise.resolve(), `replica ${at} applies ${index}`);
      void turn.then(() => this.#tried(() => this.#catchUp(at, Number(index))));
    });
    return index;
  }

  save(at: number): void {
    this.#tried(() => {
      const replica = this.#replicas[at % REPLICAS] as Replica;
      replica.saved = { at: replica.applied, bytes: replica.machine.snapshot() };
    });
  }

  /** A replica goes down and comes up with what it saved. */
  restart(at: number): void {
    this.#tried(() => {
      const replica = this.#replicas[at % REPLICAS] as Replica;
      replica.machine = this.kind.create();
      replica.applied = 0;
      if (replica.saved === null) return;
      const { kind } = replica.machine.restore([replica.saved.bytes]);
      if (kind !== "restored") this.#finds("a snapshot was refused");
      replica.applied = replica.saved.at;
    });
  }

  query(at: number, input: QueryInput): void {
    this.#tried(() => {
      const { machine, applied } = this.#replicas[at % REPLICAS] as Replica;
      const before = machine.snapshot();
      const answer = machine.query(input);
      if (!isDeepStrictEqual(before, machine.snapshot())) this.#finds("a query changed the state");
      const expected = this.model.at(BigInt(applied), () => this.model.query(input));
      if (expected.kind === "anything") return;
      if (expected.kind === "failure" || answer.kind === "failure") {
        if (answer.kind !== expected.kind || answer.status !== expected.status) this.#finds("a query's failure");
        return;
      }
      const got = answer.output.output?.value.output?.value.operation;
      const { status, payload } = expected.output;
      if (got?.status !== status || !isDeepStrictEqual(got.payload, payload)) this.#finds("a query's answer");
    });
  }

  /** Everybody applies everything, and all states are compared. */
  finish(): void {
    this.#tried(() => {
      for (let at = 0; at < REPLICAS; at++) this.#catchUp(at, this.#log.length);
      const states = this.#replicas.map(({ machine }) => machine.snapshot());
      for (const state of states) if (!isDeepStrictEqual(state, states[0])) this.#finds("two replicas' states differ");
      const saved = readSavedState(states[0] as Uint8Array);
      if (saved.kind !== "state") return this.#finds("a state that can't be read");
      const { differences } = compareStates(saved.state, BigInt(this.#log.length), this.model, models);
      if (differences.length > 0) this.#finds("a state that is not the model's");
    });
  }

  #catchUp(at: number, to: number): void {
    const replica = this.#replicas[at] as Replica;
    while (replica.applied < to) {
      const record = this.#log[replica.applied] as Record;
      const answer = replica.machine.apply(record.entry);
      replica.applied++;
      this.applied++;
      if (!isAsExpected(record.step, answer, models)) this.#finds(`the answer to entry ${replica.applied}`);
      record.answer ??= answer;
      if (!isDeepStrictEqual(record.answer, answer)) this.#finds(`two replicas' answers to entry ${replica.applied}`);
    }
  }

  #tried(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#finds(`it threw: ${String(error)}`);
    }
  }

  #finds(wrong: string): void {
    this.wrong ??= wrong;
  }
}
