// The thread in which a machine that may hang is played: told once who stands trial, then answers the questions of
// grounds.ts. What hangs in it costs the thread, not the command; one of many plays costs not even that.
import { workerData } from "node:worker_threads";
import type { Contestant } from "../explore/contestant.js";
import { endsWithin } from "../explore/ends-within.js";
import { answerQuestions, type GuardStart } from "../explore/guard.js";
import { installTraps, withTraps } from "../explore/traps.js";
import { Pulse, watchedRuns } from "../explore/watch.js";
import type { ContestantOptions } from "./contestants.js";
import type { Question } from "./grounds.js";

/** One of many plays may take so long, or so many times as long as the longest that came to an end. Milliseconds. */
const HASTE = 150;
const TIMES = 4;
/** What used less of the processor had not its turn. Milliseconds. */
const LEAST_WORK = 40;

// Real time, before the traps may stand in for it.
const now = performance.now.bind(performance);

/** Knows since when a call is under way, too. */
class TimedPulse extends Pulse {
  since = 0;

  override began(call: number): void {
    this.since = now();
    super.began(call);
  }
}

installTraps();
const start = workerData as GuardStart;
const pulse = new TimedPulse(start.pulse);
const loaded = load();
let longest = 0;

type Hangs = ReadonlyMap<number, readonly number[]>;

answerQuestions(start, async ({ question, hangs }) => {
  const { answerHere } = await import("./grounds.js");
  const contestant = await loaded;
  const asked = question as Question;
  const answer = (known: Hangs): unknown =>
    answerHere({ ...contestant, machine: watchedRuns(contestant.machine, pulse, known) }, asked);
  return asked.ask === "judge" && asked.how.hasty === true ? inHaste(answer) : answer(hangs);
});

/** Stops a play that takes too long where it stands, and plays it again with that call known to hang. */
function inHaste(answer: (hangs: Hangs) => unknown): unknown {
  let limit = Math.ceil(Math.max(HASTE, TIMES * longest));
  for (;;) {
    const begin = now();
    const cpu = process.cpuUsage();
    let answered: unknown;
    // What stops a play passes by its `finally`s, those of the traps too: they are put to sleep out here.
    const ended = withTraps(
      () => undefined,
      () =>
        endsWithin(limit, () => {
          answered = answer(new Map());
        }),
    );
    if (ended) {
      longest = Math.max(longest, now() - begin);
      return answered;
    }
    const stuck = pulse.inCall && now() - pulse.since > limit / 2;
    // Whoever asked waits: what this process used is what the play used.
    const { user, system } = process.cpuUsage(cpu);
    const worked = (user + system) / 1000 > LEAST_WORK;
    if (stuck && worked) return answer(new Map([[pulse.seed, [pulse.calls]]]));
    limit *= 2;
  }
}

// The machine's module is loaded late, when the traps are set.
async function load(): Promise<Contestant> {
  const { contestantFrom } = await import("./contestants.js");
  return (await contestantFrom(start.data as ContestantOptions)).contestant;
}
