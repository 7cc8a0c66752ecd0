// Models of a user's own services, written as functions from a state to the next: the journal, which lets the judge look at
// a model as it stood at an earlier entry, is kept here and never seen by whoever writes one.
import { UsageError } from "../../base/usage-error.js";
import { Status } from "../../protocol/failure.js";
import { sequentialOf } from "./own-sequential.js";
import {
  type Answered,
  type Caller,
  type DataDifference,
  type DataFacts,
  ok,
  type Outcome,
  refuse,
  sameBytes,
  type ServiceKindModel,
  type ServiceModel,
  type Surroundings,
  type Timer,
} from "./service.js";

/** What a model may know and do while it answers. */
export interface Moment {
  /** Log time, in nanoseconds; inside a timer, the timer's deadline. */
  readonly now: bigint;
  /** The index of the entry. */
  readonly index: bigint;
  /** An output for a command that stayed open. `complete`: its last one. */
  tell(to: OpenCommand, answer: Answered, complete: boolean): void;
}

/** A command that stayed open. */
export interface OpenCommand {
  readonly session: bigint;
  readonly num: bigint;
}

/** What a command comes to: an answer or "waits", alone where it changes nothing, else behind the state that it leads to. */
export type Move<State> = Outcome | readonly [State, Outcome];

/** The naive truth of one kind of service. A state is a value: each change makes another one. */
export interface ModelDefinition<State> {
  /** The state of a new one. */
  readonly empty: State;
  /** By operation. An operation that is not here is NOT_SUPPORTED. */
  readonly commands: Readonly<
    Record<string, (state: State, payload: Uint8Array, by: Caller, moment: Moment) => Move<State>>
  >;
  readonly queries?: Readonly<Record<string, (state: State, payload: Uint8Array) => Answered>>;
  /** A session closed the service or ended: the state without what it held. Default: nothing is held. */
  left?(state: State, session: bigint, moment: Moment): State;
  /** An open command is no more: the state without what waited or listened for it. Default: nothing waits. */
  ended?(state: State, open: OpenCommand, moment: Moment): State;
  /** The timer that runs next, and the state that it leads to; null without. Default: there are none. */
  timer?(state: State): { readonly deadline: bigint; fire(moment: Moment): State } | null;
  /** The bytes that the service is to save. Equal states, equal bytes. */
  save(state: State): Uint8Array;
  /** The state that saved bytes say. Throws where they say none. */
  load(data: Uint8Array): State;
  /** The state in words, for whoever reads of a difference. Default: as JSON. */
  show?(state: State): string;
  /** Sessions that hold something. Default: none. */
  holders?(state: State): readonly bigint[];
  /** Open commands that wait or listen. Default: none. */
  waiting?(state: State): readonly OpenCommand[];
}

/**
 * A model of a kind of service, for the judge. It shares no code with the service on trial.
 *
 *     const quota = defineModel<bigint>({
 *       empty: 10n,
 *       commands: {
 *         Spend: (left, [many = 0]) =>
 *           BigInt(many) > left ? refused(Status.CONFLICT) : [left - BigInt(many), answered()],
 *       },
 *       queries: { Left: (left) => answered(Uint8Array.of(Number(left))) },
 *       save: (left) => Uint8Array.of(Number(left)),
 *       load: ([left = 0]) => BigInt(left),
 *     });
 */
export function defineModel<State>(definition: ModelDefinition<State>): ServiceKindModel {
  const { empty, save, load, holders, waiting, timer } = definition;
  if (!sameBytes(save(load(save(empty))), save(empty))) {
    throw new UsageError("the model does not load what it saves", "load(save(state)) is to be the same state.");
  }
  const sequential = sequentialOf(definition);
  return {
    create: (around) => new OwnModel(definition, around),
    facts(data): DataFacts | null {
      const state = stateIn(definition, data);
      if (state === undefined) return null;
      const deadline = timer?.(state.is)?.deadline;
      return {
        disorder: sameBytes(save(state.is), data) ? null : "it is not written as it should be",
        deadlines: deadline === undefined ? [] : [deadline],
        waiting: waiting?.(state.is) ?? [],
        holders: holders?.(state.is) ?? [],
      };
    },
    // What operations answer is compared byte by byte.
    answers: {},
    ...(sequential && { sequential }),
  };
}

/** An answer of OK, and nothing follows. */
export const answered = (payload: Uint8Array = new Uint8Array(0)): Answered => ok(payload);

/** Any answer but OK: nothing was changed. */
export const refused = (status: Status): Answered => refuse(status);

class OwnModel<State> implements ServiceModel {
  state: State;
  readonly #definition: ModelDefinition<State>;
  readonly #around: Surroundings;
  readonly #moment: Moment;

  constructor(definition: ModelDefinition<State>, around: Surroundings) {
    this.#definition = definition;
    this.#around = around;
    this.state = definition.empty;
    this.#moment = {
      get now() {
        return around.now;
      },
      get index() {
        return around.index;
      },
      tell: ({ session, num }, { status, payload }, complete) =>
        around.emit(session, num, complete ? "grant" : "event", status, payload, complete),
    };
    this.#watchTime();
  }

  command(operation: string, payload: Uint8Array, by: Caller): Outcome {
    const { commands } = this.#definition;
    if (!Object.hasOwn(commands, operation)) return refuse(Status.NOT_SUPPORTED);
    const move = commands[operation]?.(this.state, payload, by, this.#moment) ?? refuse(Status.NOT_SUPPORTED);
    if (!isChange(move)) return move;
    const [state, outcome] = move;
    this.#becomes(state);
    return outcome;
  }

  query(operation: string, payload: Uint8Array): Answered {
    const { queries = {} } = this.#definition;
    if (!Object.hasOwn(queries, operation)) return refuse(Status.NOT_SUPPORTED);
    return queries[operation]?.(this.state, payload) ?? refuse(Status.NOT_SUPPORTED);
  }

  ended(session: bigint, num: bigint): void {
    this.#becomes(this.#definition.ended?.(this.state, { session, num }, this.#moment) ?? this.state);
  }

  left(session: bigint): void {
    this.#becomes(this.#definition.left?.(this.state, session, this.#moment) ?? this.state);
  }

  nextTimer(): Timer | null {
    const timer = this.#definition.timer?.(this.state) ?? null;
    return timer && { deadline: timer.deadline, fire: () => this.#becomes(timer.fire(this.#moment)) };
  }

  data(): Uint8Array {
    return this.#definition.save(this.state);
  }

  differences(data: Uint8Array): DataDifference[] {
    const seen = stateIn(this.#definition, data);
    if (seen === undefined) return [{ what: "unreadable", says: "what the service saved says nothing" }];
    const { show = json, save } = this.#definition;
    if (sameBytes(save(this.state), save(seen.is))) return [];
    const says = `the service should hold ${show(this.state)}, and holds ${show(seen.is)}`;
    return [{ what: "entry-value", says }];
  }

  #becomes(state: State): void {
    if (state === this.state) return;
    this.#around.journal.set<OwnModel<State>, "state">(this, "state", state);
    this.#watchTime();
  }

  #watchTime(): void {
    const deadline = this.#definition.timer?.(this.state)?.deadline;
    if (deadline !== undefined) this.#around.due(deadline);
  }
}

function isChange<State>(move: Move<State>): move is readonly [State, Outcome] {
  return Array.isArray(move);
}

function stateIn<State>({ load }: ModelDefinition<State>, data: Uint8Array): { readonly is: State } | undefined {
  try {
    return { is: load(data) };
  } catch {
    return undefined;
  }
}

function json(state: unknown): string {
  return JSON.stringify(state, (_, value: unknown) => {
    if (typeof value === "bigint") return String(value);
    return value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value;
  });
}
