// The states of the registry's entries and the moves between them, as functions that a maker of registries takes in.
// What is not a move here is refused, with a reason and without harm: clients and their supervisor report the same
// thing twice, and late. SPEC 4.
import { type Micros, MICROS_PER_SECOND } from "../base/time.js";
import { SessionStatus_State } from "../proto/atomix/runtime/v1/session.js";

/** The states of an entry, by name. NONE is the state of what is not there: no entry is kept in it. */
export const State: typeof SessionStatus_State = SessionStatus_State;
export type State = SessionStatus_State;

/** What is reported of a use of a service after its opening was asked for. lost: the machine's session is gone. */
export type Report = "opened" | "closing" | "closed" | "lost";

/** A report that changes nothing, and why. */
export interface Refused {
  readonly kind: "refused";
  readonly reason: string;
}

/** What a report does to an entry. later: nothing yet, but as soon as its opening is answered. */
export type Move = { readonly kind: "to"; readonly state: State } | { readonly kind: "later" } | Refused;

/** What a registry is put together from. */
export interface RegistryParts {
  /** What each report does to an entry in a given state. */
  readonly moves: Readonly<Record<Report, (from: State) => Move>>;
  /** How an entry ends that gives way to a new use under its name, before it is compacted. */
  readonly replaced: (from: State) => Move;
  /** Whether an entry that has been CLOSED for that long goes. */
  readonly compactable: (closedFor: Micros) => boolean;
}

/** How long a CLOSED entry stays listed at least: one hour of virtual time. */
export const KEPT_AFTER_CLOSED_MICROS = 3600 * MICROS_PER_SECOND;

/** The real parts of the registry of sessions. */
export const registryParts: RegistryParts = {
  moves: { opened, closing, closed: ended, lost: ended },
  replaced: ended,
  compactable: (closedFor) => closedFor >= KEPT_AFTER_CLOSED_MICROS,
};

export function to(state: State): Move {
  return { kind: "to", state };
}

export function refuse(reason: string): Refused {
  return { kind: "refused", reason };
}

function opened(from: State): Move {
  return from === State.OPENING ? to(State.OPENED) : refuse("its opening was answered before");
}

function closing(from: State): Move {
  if (from === State.OPENED) return to(State.CLOSING);
  return from === State.OPENING ? { kind: "later" } : refuse("it was closing before");
}

// OPENING, OPENED and CLOSING end alike: who closes knows that it did, who loses its session may have got no further.
function ended(from: State): Move {
  return from === State.CLOSED ? refuse("it has ended before") : to(State.CLOSED);
}
