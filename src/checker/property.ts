// The vocabulary of claims: what a property is called, what it says, what one judgement of it is. A property never keeps
// state of a run: what it counted stands in the ledger. Invariants are made of this, the catalogue lists them.
import type { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import type { AnswerDifference, QueryDifference, StateDifference } from "./difference.js";
import type { Step } from "./models/step.js";

/**
 * always: judged wherever it applies, and must hold each time; never: something that must not come up at all;
 * eventually: must have come about when the run ends; sometimes: a run that never saw it proves less (a milestone).
 */
export type Mode = "always" | "never" | "eventually" | "sometimes";

/** What a reader of a report needs to know of a property. */
export interface PropertyDoc {
  /** What must hold, as one sentence. */
  readonly claim: string;
  /** The section of the specification that demands it. */
  readonly section: string;
  /** What one judgement is: the unit of the counts. */
  readonly judgement: string;
  /** Which lines a witness names. */
  readonly witness: string;
}

/** What a difference between a machine and the model comes to under one property. */
export interface Finding {
  /** One sentence: what was expected, what was seen. */
  readonly says: string;
  /** Shapes without ids or counts: they make the fingerprint. */
  readonly expected: string;
  readonly got: string;
  /** Lines that belong to the witness beside the culprit and what the difference itself names. */
  readonly lines?: readonly number[];
}

/** How a property takes part in the comparison of a machine with the model. All of them are pure. */
export interface PropertyHooks {
  /** Whether an entry, stepped by the model, gives the property something to judge on each replica that applies it. */
  readonly judges?: (step: Step) => boolean;
  /** Whether a difference between an expected and a given answer breaks the property. */
  readonly answer?: (difference: AnswerDifference) => Finding | null;
  /** Whether a difference between an expected and a given answer to a query breaks the property. */
  readonly query?: (difference: QueryDifference) => Finding | null;
  /** Whether a saved state that can be read gives the property something to judge. */
  readonly judgesState?: (state: PartitionSnapshot) => boolean;
  /** Whether a difference between an expected and an observed state breaks the property. */
  readonly state?: (difference: StateDifference) => Finding | null;
}

/** A named claim. The name is part of the interface. */
export interface Property extends PropertyDoc, PropertyHooks {
  readonly name: string;
  readonly mode: Mode;
}

/** A claim that must hold wherever it applies. */
export const always = (name: string, doc: PropertyDoc, hooks: PropertyHooks = {}): Property =>
  make("always", name, doc, hooks);

/** A claim that something does not come up at all. */
export const never = (name: string, doc: PropertyDoc, hooks: PropertyHooks = {}): Property =>
  make("never", name, doc, hooks);

/** A claim that something has come about when the run ends. */
export const eventually = (name: string, doc: PropertyDoc, hooks: PropertyHooks = {}): Property =>
  make("eventually", name, doc, hooks);

function make(mode: Mode, name: string, doc: PropertyDoc, hooks: PropertyHooks): Property {
  return { name, mode, ...doc, ...hooks };
}
