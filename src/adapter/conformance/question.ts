// What a question to a machine is: a short script of entries, and in words what must come out. The words of what came out are
// made by subject.ts in the same way, so that expected and got can be compared as texts, by a person too.
import type { ServiceKind } from "../../protocol/operations.js";
import type { Subject } from "./subject.js";

export interface Question {
  /** The section of the specification that demands it, e.g. "2.3". */
  readonly section: string;
  readonly asked: string;
  readonly expected: string;
  /** What is likely wrong where something else comes. */
  readonly hint: string;
  /** What the machine must be able to do for the question to make sense. */
  readonly needs: readonly Need[];
  /** Puts the question to a machine as new, and says in words what came out. */
  readonly ask: (subject: Subject) => string;
}

/** A kind of service, or snapshots that can be read, or such as are equal for equal states. */
export type Need = ServiceKind | "readable" | "canonical";

/** A machine's answer to one question. */
export interface Answered {
  readonly section: string;
  readonly asked: string;
  readonly expected: string;
  readonly got: string;
  readonly passed: boolean;
  /** Empty where it passed. */
  readonly hint: string;
}

/** Makes questions of one section that need the same. */
export function section(
  name: string,
  needs: readonly Need[],
  questions: readonly (readonly [asked: string, expected: string, hint: string, ask: (subject: Subject) => string])[],
): readonly Question[] {
  return questions.map(([asked, expected, hint, ask]) => ({ section: name, asked, expected, hint, needs, ask }));
}
