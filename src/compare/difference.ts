// A difference between two machines, as data: what kind it is, what makes two of them one, and where it was first seen. A
// fingerprint names no ids, no counts and no seeds, so that a person can accept a difference once, with a reason.

/** The kinds, in the order in which they are reported. */
export const KINDS = {
  broke: "one of them broke, the other did not",
  status: "an answer has another status",
  output: "an answer says something else, is missing, or comes in addition",
  order: "what one entry sets off comes in another order",
  expiry: "a session lives longer with the one than with the other",
  restore: "a saved state is taken by the one and refused by the other",
  forward: "the candidate goes on otherwise from a state that the baseline saved",
  back: "the baseline goes on otherwise from a state that the candidate saved",
  upgrade: "a property breaks while both serve one partition",
  state: "the state is another, as far as it can be read",
  "snapshot bytes": "the same state is saved as other bytes",
  ambient: "one of them touches a clock, randomness or a timer",
  cost: "the candidate takes more time or room than is granted",
} as const;
export type Kind = keyof typeof KINDS;

/** One machine against the other, at one place of one play. */
export interface Finding {
  readonly kind: Kind;
  /** What it is about, without ids: "counter Increment", "map.entries.deadline". */
  readonly about: string;
  /** From what to what, without ids or counts; "" where there is nothing more to say. */
  readonly how: string;
  /** What a person reads: the same with ids. */
  readonly baseline: string;
  readonly candidate: string;
}

/** A finding at its place. */
export interface Found extends Finding {
  readonly fingerprint: string;
  readonly partition: number;
  readonly replica: number;
  /** Of the entry applied last, or being applied. */
  readonly index: bigint;
  /** Which of the calls of the play, from 0. */
  readonly call: number;
}

export function fingerprintOf({ kind, about, how }: Finding): string {
  return [kind, about, how].filter((part) => part !== "").join(" | ");
}

const VISIBLE: readonly Kind[] = ["broke", "status", "output", "order", "expiry", "restore"];

/** What shows outside at once: a play that found one has nothing more to say, since everything after may follow from it. */
export function isVisible(kind: Kind): boolean {
  return VISIBLE.includes(kind);
}
