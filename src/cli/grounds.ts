// Where whoever stands trial is played: in this thread where it is known to come to an end, else in one that is watched, so
// that a machine that hangs is seen to hang. One set of questions, two ways to have them answered.
import { unreachable } from "../base/assert.js";
import type { Judgement } from "../checker/verdict.js";
import type { Contestant } from "../explore/contestant.js";
import { Guard } from "../explore/guard.js";
import type { LoadedContestant } from "../explore/load-contestant.js";
import { version } from "../explore/package.js";
import { type HowFar, type JudgedPlay, playsHere, type RecordedPlay } from "../explore/plays.js";
import type { TwoPlays } from "../explore/same-seed.js";
import type { Json } from "../protocol/wire.js";
import { replayAsLog, type ReplayedLog } from "../replay/as-log.js";
import { type Replayed, replayAsWorld } from "../replay/as-world.js";
import type { Place } from "../replay/place.js";
import { stateAt } from "../replay/state.js";
import { type Stopped, stopIn } from "../replay/stop.js";
import { judgeLog } from "../shrink/log-play.js";
import type { LogStep } from "../shrink/log-steps.js";
import type { Bench } from "../shrink/target.js";
import type { Plan } from "../sim/plan.js";
import type { Trace } from "../trace/file.js";
import { type ContestantOptions, contestantFrom } from "./contestants.js";

/** Everything that commands ask of a contestant. */
export interface Grounds extends Bench {
  readonly contestant: Contestant;
  /** The trace again as a world, or only the calls of its machines. */
  world(trace: Trace): Replayed;
  calls(trace: Trace): ReplayedLog;
  /** The state after the entry at a place. */
  state(trace: Trace, place: Place): Json;
  /** Where a trace comes to what was asked for, and what its machines hold there. */
  stop(trace: Trace, at: string): Stopped;
  /** To be called before many questions are asked in haste. */
  hurry(): Promise<void>;
  close(): void;
}

/** What a thread that is watched is asked. */
export type Question =
  | { readonly ask: "judge"; readonly plan: Plan; readonly how: HowFar }
  | { readonly ask: "record"; readonly plan: Plan; readonly shadow: boolean }
  | { readonly ask: "twice"; readonly plan: Plan }
  | { readonly ask: "log"; readonly steps: readonly LogStep[]; readonly hasty: boolean }
  | { readonly ask: "world"; readonly trace: Trace }
  | { readonly ask: "calls"; readonly trace: Trace }
  | { readonly ask: "state"; readonly trace: Trace; readonly place: Place }
  | { readonly ask: "stop"; readonly trace: Trace; readonly at: string };

/** How long one call of a machine may take. Milliseconds of processor time; much more by the clock on the wall. */
const PATIENCE = 2000;
/** How long a log may take of which hundreds are tried, and the answer of another process. Milliseconds. */
const LOG_HASTE = 100;
const HASTE = 500;

/** Loads a contestant. What may hang is played elsewhere: a module of a user's, a bug; a process is watched as it is. */
export async function groundsFor({ fsm, bug }: ContestantOptions): Promise<Grounds> {
  // Nothing more than that: it goes into another thread.
  const options: ContestantOptions = bug === undefined ? { fsm } : { fsm, bug };
  const { contestant, close } = await contestantFrom(options);
  if (!contestant.inThisProcess) return inAnotherProcess(contestant, close, options);
  if (contestant.fsm === "reference" && contestant.bug === null) {
    return groundsOf(contestant, (question) => answerHere(contestant, question), close);
  }
  const guard = new Guard({ file: new URL("./guard-worker.js", import.meta.url), data: options });
  return groundsOf(
    contestant,
    (question) => guard.ask(question, PATIENCE, playsIn(question)),
    () => {
      guard.close();
      close();
    },
  );
}

/** The process is watched by whoever talks to it; for questions in haste there may be a second one, with less patience. */
function inAnotherProcess(contestant: Contestant, close: () => void, options: ContestantOptions): Grounds {
  let hasty: LoadedContestant | undefined;
  const ask = (question: Question): unknown =>
    answerHere(isHasty(question) ? (hasty?.contestant ?? contestant) : contestant, question);
  const closeBoth = (): void => {
    hasty?.close();
    close();
  };
  return {
    ...groundsOf(contestant, ask, closeBoth),
    hurry: async () => {
      hasty ??= await contestantFrom(options, { answerWithin: HASTE });
    },
  };
}

function isHasty(question: Question): boolean {
  return question.ask === "judge" ? question.how.hasty === true : question.ask === "log" && question.hasty;
}

/** Questions that put the same calls before the machine have one name. */
function playsIn(question: Question): string | undefined {
  if (question.ask === "judge") return question.how.until === undefined ? JSON.stringify(question.plan) : undefined;
  if (question.ask !== "record") return undefined;
  return `${question.shadow ? "with a shadow " : ""}${JSON.stringify(question.plan)}`;
}

function groundsOf(contestant: Contestant, ask: (question: Question) => unknown, close: () => void): Grounds {
  return {
    contestant,
    judge: (plan, how) => ask({ ask: "judge", plan, how }) as JudgedPlay,
    record: (plan, shadow) => ask({ ask: "record", plan, shadow }) as RecordedPlay,
    twice: (plan) => ask({ ask: "twice", plan }) as TwoPlays | undefined,
    log: (steps, hasty) => ask({ ask: "log", steps, hasty }) as Judgement,
    world: (trace) => ask({ ask: "world", trace }) as Replayed,
    calls: (trace) => ask({ ask: "calls", trace }) as ReplayedLog,
    state: (trace, place) => ask({ ask: "state", trace, place }) as Json,
    stop: (trace, at) => ask({ ask: "stop", trace, at }) as Stopped,
    hurry: async () => undefined,
    close,
  };
}

/** Answers in this thread. */
export function answerHere(contestant: Contestant, question: Question): unknown {
  switch (question.ask) {
    case "judge":
      return playsHere(contestant, version()).judge(question.plan, question.how);
    case "record":
      return playsHere(contestant, version()).record(question.plan, question.shadow);
    case "twice":
      return playsHere(contestant, version()).twice(question.plan);
    case "log":
      return judgeLog(contestant, question.steps, ...(question.hasty ? [LOG_HASTE] : []));
    case "world":
      return replayAsWorld(question.trace, contestant, version());
    case "calls":
      return replayAsLog(question.trace, contestant.machine);
    case "state":
      return stateAt(question.trace, contestant.machine, question.place);
    case "stop":
      return stopIn(question.trace, contestant, question.at);
    default:
      return unreachable(question);
  }
}
