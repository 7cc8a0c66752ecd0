// Plays long-haul's seed 0 once, everything judged, and prints what it came to as one line of JSON. A process of its own: the
// memory that is measured is that of this run and of nothing before it.
import { plainContestant } from "../src/explore/contestant.js";
import { version } from "../src/explore/package.js";
import { scenarioFrom } from "../src/explore/scenarios.js";
import { installTraps } from "../src/explore/traps.js";
import { runUntil, trialOf } from "../src/explore/trial.js";
import { reference } from "../src/fsm/reference.js";

/** How many entries are timed together. */
const STRETCH = 50_000;

/** What the process prints. */
export interface LongRun {
  readonly entries: number;
  readonly broken: boolean;
  readonly seconds: number;
  /** At most, in MiB. */
  readonly memory: number;
  /** Processor time of each stretch of entries, in microseconds an entry. */
  readonly stretches: readonly number[];
}

installTraps();
const stretches: number[] = [];
let entries = 0;
let since = process.cpuUsage();
const begin = performance.now();
const { judgement, played } = runUntil(
  trialOf(scenarioFrom("long-haul"), 0n, plainContestant(reference), version()),
  (line) => {
    if (line.e !== "commit" || ++entries % STRETCH !== 0) return false;
    const { user, system } = process.cpuUsage(since);
    since = process.cpuUsage();
    stretches.push((user + system) / STRETCH);
    process.stderr.write(`  ${entries} entries\n`);
    return false;
  },
);
const seconds = (performance.now() - begin) / 1000;
const memory = process.resourceUsage().maxRSS / 1024;
const result: LongRun = { entries: played.entries, broken: judgement.first !== null, seconds, memory, stretches };
process.stdout.write(`${JSON.stringify(result)}\n`);
