// A user's model as its clients see it, for the search for a legal order: the same functions, asked without a log. Where they
// look at what only a log has – an index, a time, who waits – no order can be searched, and that is said.
import { Status } from "../../protocol/failure.js";
import type { Model } from "../linearizability/model.js";
import type { ModelDefinition, Moment, Move } from "./own-model.js";
import { type Answered, type Caller, refuse, sameBytes } from "./service.js";

/** What was asked of a service: an operation, or that a session's use of it ended. */
export interface Asked {
  readonly how: "command" | "query" | "end";
  readonly operation: string;
  readonly payload: Uint8Array;
  readonly session: bigint;
}

/** What was answered. */
export type Told = Pick<Answered, "status" | "payload">;

/** A service without a log. */
export interface Sequential extends Model<unknown, Asked, Told> {
  /** Whether the end of a session changes anything. */
  readonly endsMatter: boolean;
}

/** The model looked at what clients don't see. */
export class NotSequential extends Error {
  constructor() {
    super("the service's model looks at what clients don't see: the log's index, its time, or who waits");
  }
}

/** undefined where the service has timers: what they do is no operation of anyone. */
export function sequentialOf<State>(definition: ModelDefinition<State>): Sequential | undefined {
  const { empty, commands, queries = {}, left, timer, save, show = String } = definition;
  if (timer !== undefined) return undefined;

  const command = (state: State, { operation, payload, session }: Asked): Move<State> =>
    Object.hasOwn(commands, operation)
      ? (commands[operation]?.(state, payload, new CallerWithoutLog(session), NO_MOMENT) ?? NOT_SUPPORTED)
      : NOT_SUPPORTED;
  const query = (state: State, { operation, payload }: Asked): Answered =>
    Object.hasOwn(queries, operation) ? (queries[operation]?.(state, payload) ?? NOT_SUPPORTED) : NOT_SUPPORTED;

  function step(state: State, asked: Asked, told: Told | undefined): State | undefined {
    if (asked.how === "end") return left === undefined ? state : left(state, asked.session, NO_MOMENT);
    if (asked.how === "query") return told === undefined || isSame(query(state, asked), told) ? state : undefined;
    const [next, outcome] = changed(state, command(state, asked));
    if (told === undefined) return next;
    // What comes later is no answer of this operation alone.
    if (outcome === "waits" || outcome.open) throw new NotSequential();
    return isSame(outcome, told) ? next : undefined;
  }
  return {
    name: "a user's own",
    endsMatter: left !== undefined,
    init: () => empty,
    step: (state, asked, told) => step(state as State, asked, told),
    stateKey: (state) => hex(save(state as State)),
    opKey: (asked, told) => `${asked.how} ${asked.session} ${described(asked, told)}`,
    readOnly: ({ how }) => how === "query",
    describeOperation: described,
    describeState: (state) => show(state as State),
  };
}

const NOT_SUPPORTED = refuse(Status.NOT_SUPPORTED);

const NO_MOMENT: Moment = {
  get now(): bigint {
    throw new NotSequential();
  },
  get index(): bigint {
    throw new NotSequential();
  },
  tell() {
    throw new NotSequential();
  },
};

class CallerWithoutLog implements Caller {
  constructor(readonly session: bigint) {}

  get num(): bigint {
    throw new NotSequential();
  }

  get index(): bigint {
    throw new NotSequential();
  }
}

function changed<State>(state: State, move: Move<State>): readonly [State, Answered | "waits"] {
  return Array.isArray(move) ? (move as readonly [State, Answered | "waits"]) : [state, move as Answered | "waits"];
}

function isSame(expected: Told, told: Told): boolean {
  return expected.status === told.status && sameBytes(expected.payload, told.payload);
}

function described({ how, operation, payload }: Asked, told: Told | undefined): string {
  const asked = how === "end" ? "the end of a session" : `${operation}(${hex(payload)})`;
  return told === undefined ? asked : `${asked} = ${told.status} ${hex(told.payload)}`;
}

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}
