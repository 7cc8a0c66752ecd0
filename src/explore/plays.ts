// Plays of plans as questions with plain answers. Who asks – the shrinker, the ledger, bisect – does not know where it is
// played: in this thread, or in one that is watched, because the machine may hang (guard.ts).
import type { Judgement } from "../checker/verdict.js";
import type { Plan } from "../sim/plan.js";
import type { Trace } from "../trace/file.js";
import type { Contestant } from "./contestant.js";
import { playTwice, type TwoPlays } from "./same-seed.js";
import { headerOf, recordTrial, runUntil, type Trial } from "./trial.js";

/** How far a plan is played, and what is judged. */
export interface HowFar {
  /** Stop at the first broken claim; "early": also where the liveness phase begins. Absent: play to the end. */
  readonly until?: "broken" | "early";
  /** Only these are judged; absent: all. */
  readonly properties?: readonly string[];
  /** One of many plays: a machine that does not answer soon is taken for one that hangs, until it is asked again. */
  readonly hasty?: boolean;
}

export interface JudgedPlay {
  readonly judgement: Judgement;
  readonly digest: string;
  /** When it ended. Microseconds of virtual time. */
  readonly at: number;
  /** Whether it came to the liveness phase. */
  readonly live: boolean;
}

export interface RecordedPlay {
  readonly trace: Trace;
  readonly judgement: Judgement;
}

export interface Plays {
  judge(plan: Plan, how: HowFar): JudgedPlay;
  /** `shadow`: with a replica that plays no part and is observed at every entry. */
  record(plan: Plan, shadow: boolean): RecordedPlay;
  /** Two plays of the same; undefined where they don't differ. */
  twice(plan: Plan): TwoPlays | undefined;
}

/** Plays in this thread. */
export function playsHere(contestant: Contestant, version: string): Plays {
  const trialOf = (plan: Plan): Trial => ({ plan, contestant, header: headerOf(plan, contestant, version, null) });
  return {
    judge(plan, { until, properties }) {
      let at = 0;
      let live = false;
      const { judgement, digest } = runUntil(
        trialOf(plan),
        (line, broken) => {
          at = line.t;
          if (line.e === "phase" && line.phase === "liveness") live = true;
          return until !== undefined && (broken || (until === "early" && live));
        },
        properties,
      );
      return { judgement, digest, at, live };
    },
    record(plan, shadow) {
      const { trace, judgement } = recordTrial(trialOf(plan), { shadow });
      return { trace, judgement };
    },
    twice: (plan) => playTwice(() => trialOf(plan)),
  };
}
