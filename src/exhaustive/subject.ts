// What one exhaustive search goes through: a prefix that every history begins with, and the letters that follow it in every
// order. Letters are written in the words of a log (shrink/log-steps.ts), so that a history can be read, kept and played again.
import type { EntryStep, LogStep, QueryStep } from "../shrink/log-steps.js";

/** Who enters: one of the two sessions, which are equal in all but their ids, or neither. */
export type Role = "A" | "B" | null;

type Without<Step> = Step extends unknown ? Omit<Step, "at"> : never;

/** One entry that may come next. */
export interface Letter {
  /** For a person: "A acquires #1". */
  readonly says: string;
  readonly role: Role;
  /** Seconds of log time that pass before it; below zero: its timestamp is so much too early. Absent: it has no timestamp. */
  readonly after?: number;
  readonly step: Without<EntryStep>;
}

export interface Subject {
  readonly name: string;
  /** What it goes into, in a sentence. */
  readonly what: string;
  /** The kind of service that both sessions have open. */
  readonly service: string;
  readonly letters: readonly Letter[];
  /** Asked of every state that is reached. */
  readonly queries: readonly QueryStep[];
}

/** The sessions' ids, and the service's: the indexes of the entries that made them. */
export const A = 1;
export const B = 2;
export const SERVICE = 3;

/** The index of the first letter, behind the prefix: the version of what it writes. */
export const FIRST = 5;

/** The sessions' time-out, in seconds. Ticks of 1 s and 1.5 s reach it to the nanosecond. */
const TIMEOUT = 2.5;
/** Log time of the prefix, in seconds. */
const BEGIN = 10;

/** What every history of the subject begins with: two sessions, one service, open in both. */
export function prefixOf({ service }: Subject): readonly LogStep[] {
  const at = `${BEGIN}s`;
  return [
    { at, open: `${TIMEOUT}s` },
    { at, open: `${TIMEOUT}s` },
    { at, session: A, create: service, name: "one" },
    { at, session: B, create: service, name: "one" },
  ];
}

/** One session's letters, as they are for either. */
export type OfEither = (who: { readonly name: "A" | "B"; readonly session: number }) => readonly Omit<Letter, "role">[];

/** The same letters for both sessions. */
export function both(letters: OfEither): Letter[] {
  return [
    ...letters({ name: "A", session: A }).map((letter): Letter => ({ ...letter, role: "A" })),
    ...letters({ name: "B", session: B }).map((letter): Letter => ({ ...letter, role: "B" })),
  ];
}

/** Time goes on, by an entry without input. */
export function tick(after: number): Letter {
  return { says: `${after} s pass`, role: null, after, step: { tick: true } };
}

/** A command of a session. */
export function run(
  who: { readonly name: string; readonly session: number },
  number: number,
  operation: string,
  words: Readonly<Record<string, string | number>> = {},
  after = 0,
): Omit<Letter, "role"> {
  const step = { session: who.session, service: SERVICE, number, operation };
  const told = Object.entries(words).map(([name, word]) => ` ${name} ${word}`);
  return {
    says: `${who.name} #${number} ${operation}${told.join("")}`,
    after,
    step: Object.keys(words).length === 0 ? step : { ...step, with: words },
  };
}

/** A keep-alive: `open` are the numbers in its filter. */
export function keepAlive(
  who: { readonly name: string; readonly session: number },
  lastInput: number,
  open: readonly number[] = [],
  received: Readonly<Record<number, number>> = {},
  after = 0,
): Omit<Letter, "role"> {
  const acknowledged = Object.entries(received).map(([number, output]) => `, has output ${output} of #${number}`);
  const kept = open.length === 0 ? "" : `, open ${open.map((number) => `#${number}`).join(" ")}`;
  return {
    says: `${who.name} keeps alive to #${lastInput}${kept}${acknowledged.join("")}${after === 0 ? "" : ` after ${after} s`}`,
    after,
    step: {
      session: who.session,
      keepAlive: {
        lastInput,
        ...(open.length === 0 ? {} : { open }),
        ...(acknowledged.length === 0 ? {} : { received }),
      },
    },
  };
}

/** The session ends. */
export function close(who: { readonly name: string; readonly session: number }): Omit<Letter, "role"> {
  return { says: `${who.name} closes its session`, after: 0, step: { session: who.session, close: true } };
}

/** The session closes the service. */
export function leave(who: { readonly name: string; readonly session: number }): Omit<Letter, "role"> {
  return { says: `${who.name} closes the service`, after: 0, step: { session: who.session, leave: SERVICE } };
}

/** The session opens the service, which it may have open. */
export function openAgain(
  who: { readonly name: string; readonly session: number },
  service: string,
): Omit<Letter, "role"> {
  return {
    says: `${who.name} opens the service`,
    after: 0,
    step: { session: who.session, create: service, name: "one" },
  };
}
