// Plays a trace again as a world: its plan, and whoever stands trial now. First as it was played, every decision drawn by
// address from the plan's keys; where that comes out otherwise – the draws have changed since – with every decision that the
// trace recorded. Says whether the same lines come out, and the same verdict.
import { createJudge } from "../checker/judge.js";
import { fingerprint, type Judgement } from "../checker/verdict.js";
import { benchOf, type Contestant } from "../explore/contestant.js";
import { headerOf, recordTrial } from "../explore/trial.js";
import { trapsInstalled } from "../explore/traps.js";
import { readPlan } from "../sim/plan.js";
import { type PlayOptions, scheduleOf } from "../sim/world.js";
import { type Difference, firstDifference } from "../trace/diff.js";
import { linesOf, type Trace } from "../trace/file.js";

/** What came of playing a trace again as a world. */
export interface Replayed {
  /** What was played now. */
  readonly trace: Trace;
  readonly judgement: Judgement;
  /** The first line that differs from the recording; undefined where none does. */
  readonly difference: Difference | undefined;
  /** The fingerprint of the first broken claim, in the recording and now; null: all held. */
  readonly verdict: { readonly recorded: string | null; readonly now: string | null };
}

/** Plays a trace again. */
export function replayAsWorld(recorded: Trace, contestant: Contestant, version: string): Replayed {
  const plan = readPlan(recorded.header.plan);
  const header = headerOf(plan, contestant, version, recorded.header.seed);
  const shadow = recorded.events.some((line) => "replica" in line && line.replica === 0);
  const playWith = (options: PlayOptions): Play => {
    const { trace, judgement } = recordTrial({ contestant, plan, header }, options);
    return { trace, judgement, difference: differenceOf(recorded, trace) };
  };
  const drawn = playWith({ shadow });
  const played =
    drawn.difference === undefined ? drawn : nearer(drawn, playWith({ shadow, schedule: scheduleOf(recorded.events) }));
  const verdict = { recorded: firstOf(judgementOf(recorded, contestant)), now: firstOf(played.judgement) };
  return { ...played, verdict };
}

type Play = Omit<Replayed, "verdict">;

/** Of two plays the one that agrees with the recording for longer; the second where both do equally. */
function nearer(one: Play, other: Play): Play {
  const far = Number.POSITIVE_INFINITY;
  return (one.difference?.line ?? far) > (other.difference?.line ?? far) ? one : other;
}

/** What the judge says of a recording as it stands: it needs no machine, but models and properties that are not its own. */
export function judgementOf(trace: Trace, own: Pick<Contestant, "models" | "properties"> = {}): Judgement {
  const judge = createJudge(trace.header, { traps: trapsInstalled(), ...benchOf(own) });
  for (const line of trace.events) judge.see(line);
  if (trace.end !== null) judge.see(trace.end);
  return judge.finish();
}

/** The first line in which two plays of one plan part. What names the tool and the machine may differ. */
function differenceOf(recorded: Trace, now: Trace): Difference | undefined {
  const then = linesOf(recorded);
  // Of a torn trace only what there is can be compared.
  const lines = recorded.end === null ? linesOf(now).slice(0, then.length) : linesOf(now);
  return firstDifference(then, lines, (line, field) =>
    line.e === "header" ? !field.startsWith("plan") && field !== "" : line.e === "end" && field === "digest",
  );
}

function firstOf({ first }: Judgement): string | null {
  return first === null ? null : fingerprint(first);
}
