// What the judge says: four answers, never a silent pass, and for a broken claim the smallest part of the trace that shows it.

/** holds: judged, and never broken. not-judged: nothing to judge came up, or what it needs was missing. */
export type Verdict = "holds" | "broken" | "undecided" | "not-judged";

/** Why a property is broken, for a person and for grouping failures. */
export interface Witness {
  readonly property: string;
  /** Numbers of the trace's lines (the header is line 1) that together show it, ascending; the last one is the culprit. */
  readonly lines: readonly number[];
  /** One sentence in words: what was expected, what was seen. */
  readonly says: string;
  /** What the culprit line is about, without ids or counts: "session_command Acquire", "keep_alive", "snapshot", … */
  readonly entry: string;
  /** Statuses or shapes expected and got, without ids or counts. */
  readonly expected: string;
  readonly got: string;
}

/** Failures with one fingerprint are one failure: property, kind of entry and operation, statuses expected and got. */
export function fingerprint(witness: Witness): string {
  return [witness.property, witness.entry, witness.expected, witness.got].join(" | ");
}

/** What one property came to in one run. */
export interface PropertyResult {
  readonly property: string;
  readonly verdict: Verdict;
  /** How often it had something to judge; the property's docstring says what one judgement is. */
  readonly judged: number;
  readonly broken: number;
  readonly undecided: number;
  readonly notJudged: number;
  /** Of "undecided" and "not-judged": which budget ran out, what was missing. */
  readonly reason?: string;
  /** The first few, in the order in which they came up. */
  readonly witnesses: readonly Witness[];
}

/** What the judge says of a whole run. */
export interface Judgement {
  /** Every property of the catalogue, in its order. */
  readonly properties: readonly PropertyResult[];
  /** The first broken claim of the run, by line; null when all held. */
  readonly first: Witness | null;
  /** Milestones of the state machine's life that the run came by, and how often. */
  readonly reached: Readonly<Record<string, number>>;
  /** Where that was asked for: faults at work, times the state of an entry's session, times the kind of entry; how often. */
  readonly pairs?: Readonly<Record<string, number>>;
}
