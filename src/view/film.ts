// What the page is given beside the trace itself: everything that only the judge's models, or a codec of protobuf, can tell.
// Plain data, made in film-of.ts when the file is made, read by viewer/ in the browser, which computes none of it.
// Lines are numbered as everywhere: the header is line 1. Instants are microseconds of virtual time.

/** The version of what is embedded; the page and its film are always made by one version of the tool. */
export const FILM_FORMAT = 1;

/** A run of the simulator, judged. */
export interface RunFilm {
  readonly film: typeof FILM_FORMAT;
  readonly kind: "run";
  readonly name: string;
  readonly run: RunFacts;
  readonly verdict: VerdictFacts;
  /** What each line says, in words: line n at place n - 1. */
  readonly words: readonly string[];
  /** Every committed entry, in the order of the trace. */
  readonly entries: readonly EntryFacts[];
  readonly sessions: readonly SessionFacts[];
  readonly services: readonly ServiceFacts[];
  readonly queries: readonly QueryFacts[];
  /** Services whose clients' view has no legal order. */
  readonly orders: readonly OrderFacts[];
}

/** A history that was recorded elsewhere, judged. */
export interface HistoryFilm {
  readonly film: typeof FILM_FORMAT;
  readonly kind: "history";
  readonly name: string;
  readonly order: OrderFacts;
}

export type Film = RunFilm | HistoryFilm;

/** What the run was. */
export interface RunFacts {
  readonly tool: string;
  readonly version: string;
  readonly seed: string | null;
  readonly scenario: string;
  readonly bug: string | null;
  readonly machine: string;
  readonly played: "world" | "log";
  /** With the numbers of their replicas: those that were taken away leave a gap. */
  readonly partitions: readonly { readonly partition: number; readonly replicas: readonly number[] }[];
  /** How long a message takes at most when nothing is wrong; null where the plan does not say. */
  readonly usualDelay: number | null;
}

/** A claim that did not hold, and what shows it. */
export interface BrokenClaim {
  readonly property: string;
  readonly claim: string;
  readonly says: string;
  readonly expected: string;
  readonly got: string;
  readonly entry: string;
  /** Ascending; the last one is the culprit. */
  readonly lines: readonly number[];
  /** How often it was broken in the run. */
  readonly times: number;
}

export interface PropertyFacts {
  readonly property: string;
  readonly verdict: "holds" | "broken" | "undecided" | "not-judged";
  readonly judged: number;
  readonly claim: string;
}

export interface VerdictFacts {
  /** The one that the run is known by first. */
  readonly broken: readonly BrokenClaim[];
  readonly properties: readonly PropertyFacts[];
}

/** A row of a partition's state: which one, and what it says; null: it went. */
export type RowChange = readonly [row: string, text: string | null];

/** What somebody answered to an entry. */
export interface AnswerFacts {
  readonly reply: string;
  readonly emissions: readonly string[];
}

/** The same answer, and everybody who gave it. */
export interface GivenAnswer extends AnswerFacts {
  readonly replicas: readonly number[];
  readonly lines: readonly number[];
  readonly expected: boolean;
}

/** A state that was looked at and is not what the models hold. */
export interface OddState {
  readonly line: number;
  readonly replica: number;
  /** The rows in which it differs from the models' state at that entry; null: it lacks the row. */
  readonly rows: readonly RowChange[];
  readonly says: readonly string[];
}

/** One committed entry, what the models expect of it, and what came. */
export interface EntryFacts {
  readonly partition: number;
  readonly index: string;
  readonly line: number;
  readonly words: string;
  /** A word or two for a small box: "Acquire", "keep-alive". */
  readonly label: string;
  /** Log time after it. */
  readonly log: number;
  readonly session?: string;
  readonly service?: string;
  /** The number of its command. */
  readonly command?: string;
  /** What must become of its command: it runs, is answered from memory, since its number has run, or is refused. */
  readonly must?: "run" | "be answered from memory" | "be refused";
  readonly expected: AnswerFacts;
  /** In how the models see it: "a retry: nothing runs again". */
  readonly notes: readonly string[];
  /** What it changes in the models' state. */
  readonly changed: readonly RowChange[];
  readonly given: readonly GivenAnswer[];
  readonly odd: readonly OddState[];
  /** Replicas whose state was looked at here and is the models'. */
  readonly agreed: readonly number[];
}

/** A deadline that is in force from an entry on; entries by their place in {@link RunFilm.entries}. */
export type DeadlineChange = readonly [entry: number, deadline: number];

/** A session, from its opening to its end, by the models; and as it was observed, where that is another life. */
export interface SessionFacts {
  readonly partition: number;
  readonly id: string;
  readonly client: string;
  readonly timeout: number;
  readonly opened: number;
  readonly deadlines: readonly DeadlineChange[];
  readonly ended: { readonly entry: number; readonly how: "expired" | "closed" } | null;
  /** By the shadow's states: when it was there, and with which deadlines; absent where they agree with the models. */
  readonly seen?: {
    readonly from: number;
    /** The first entry after which it was gone; null: it was there to the end. */
    readonly gone: number | null;
    readonly deadlines: readonly DeadlineChange[];
  };
}

/** What a service shows from an entry on: a holder, a leader, a value. */
export interface Segment {
  readonly entry: number;
  /** "" where there is nothing to show: a free lock. */
  readonly text: string;
  readonly session?: string;
  readonly note?: string;
}

/** A service over the run, by the models, and by the shadow's states where those differ. */
export interface ServiceFacts {
  readonly partition: number;
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly segments: readonly Segment[];
  readonly seen?: readonly Segment[];
}

/** A query that was answered: what the models' state at that index says, beside it. */
export interface QueryFacts {
  readonly line: number;
  readonly asked: number;
  readonly words: string;
  readonly index: string;
  /** It must not be answered before this index is applied. */
  readonly least: string;
  readonly isEarly: boolean;
  readonly expected: string;
  readonly got: string;
  readonly same: boolean;
}

/** Operations as clients saw them, and the search for an order. */
export interface OrderFacts {
  readonly title: string;
  readonly verdict: "linearizable" | "not-linearizable" | "undecided";
  readonly says: string;
  /** "line" where instants are lines of the trace, "event" where they are places in a list of events. */
  readonly unit: "line" | "event";
  readonly operations: readonly OperationFacts[];
  /** Places in `operations`, in a legal order of a beginning; of all of them where the verdict is linearizable. */
  readonly longest: readonly number[];
  readonly blocked: number | null;
  readonly minimal: readonly number[];
  readonly nearMisses: readonly { readonly operation: number; readonly why: string }[];
  readonly reached: readonly {
    readonly prefix: readonly number[];
    readonly state: string;
    readonly candidates: readonly { readonly operation: number; readonly why: string }[];
  }[];
}

export interface OperationFacts {
  readonly process: string;
  readonly call: number;
  /** Null: it is not known when, or whether, it took effect. */
  readonly return: number | null;
  readonly outcome: "ok" | "fail" | "unknown";
  readonly what: string;
}
