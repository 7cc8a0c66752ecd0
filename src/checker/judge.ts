// The judge: sees the lines of a run as they come and says what they come to. It never sees a machine, only its answers.
import type { EndLine, EventLine, HeaderLine } from "../trace/line.js";
import { catalogue } from "./catalogue.js";
import type { Judgement } from "./verdict.js";

/** What a search for a legal order found of the history of one service. */
export interface SearchAnswer {
  readonly verdict: "legal" | "illegal" | "undecided";
  /** Of undecided: which budget ran out. Of illegal: what is in nobody's order. */
  readonly reason?: string;
}

/** How the judge is to judge. Everything has a default. */
export interface JudgeOptions {
  /** Names of the properties to judge; absent: all. */
  readonly properties?: readonly string[];
  /** Whether traps for clocks, randomness and timers are set while the machine runs. Without: not judged. */
  readonly traps?: boolean;
}

/** A run's judge. */
export interface Judge {
  /** The next line. The header is line 1, the first line seen here is line 2. */
  see(line: EventLine | EndLine): void;
  /** Whether any property is broken by now. */
  readonly broken: boolean;
  /** What the run came to. Called once, after the last line. */
  finish(): Judgement;
}

/** A judge for the run that `header` opens. */
export function createJudge(_header: HeaderLine, _options: JudgeOptions = {}): Judge {
  return {
    see: () => undefined,
    broken: false,
    finish: () => ({
      properties: catalogue.map((property) => ({
        property: property.name,
        verdict: "not-judged",
        judged: 0,
        broken: 0,
        undecided: 0,
        notJudged: 0,
        witnesses: [],
      })),
      first: null,
      reached: {},
      reachedBy: {},
    }),
  };
}
