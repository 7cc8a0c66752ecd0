// Whether it pays to let what seeds reached decide which seeds come next: the ten bugs of the zoo that take longest, hunted by
// a blind swarm and by a guided one from the same starts. How many seeds it takes is the same everywhere; seconds are not.
import { bugNamed } from "../bugs/index.js";
import { plainContestant, type Contestant } from "../src/explore/contestant.js";
import { Guide, reachedIn } from "../src/explore/guide.js";
import { version } from "../src/explore/package.js";
import { scenarioFrom } from "../src/explore/scenarios.js";
import { runTrial } from "../src/explore/trial.js";
import { reference } from "../src/fsm/reference.js";
import { cpuSeconds, type Figure, figureOf } from "./figure.js";

const SLOWEST = [
  "timer-cancel-stops-tick",
  "timer-ties-by-insertion",
  "ttl-timer-survives-remove",
  "retry-of-cancelled-hangs",
  "query-index-not-carried",
  "election-term-twice",
  "client-skips-gap",
  "election-anoint-last",
  "sync-query-from-deposed-leader",
  "keepalive-bad-filter-refreshes",
];
const STARTS = [0n, 10_000n, 20_000n, 30_000n, 40_000n, 50_000n];
/** As `run --guided` chooses them. */
const GENERATION = 40;
const MOST_SEEDS = 400;

interface Quarry {
  readonly contestant: Contestant;
  readonly caughtBy: readonly string[];
}

/** Seeds until the first catch, bug by bug; and seconds of the processor until all ten are caught, start by start. */
export async function guidedFigures(progress: (done: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  const seconds = { blind: STARTS.map(() => 0), guided: STARTS.map(() => 0) };
  hunt(quarryOf(SLOWEST[0] as string), 1_000_000n, true); // warm
  for (const name of SLOWEST) {
    const quarry = quarryOf(name);
    for (const way of ["blind", "guided"] as const) {
      const seeds: number[] = [];
      for (const [at, start] of STARTS.entries()) {
        const took = await cpuSeconds(() => {
          seeds.push(hunt(quarry, start, way === "guided"));
        });
        seconds[way][at] = (seconds[way][at] as number) + took;
      }
      figures.push(figureOf(`${way}: ${name}`, "seeds", seeds));
    }
    progress(name);
  }
  const ratio = seconds.guided.map((took, at) => took / (seconds.blind[at] as number));
  return [
    ...figures,
    figureOf("blind: all ten", "s", seconds.blind),
    figureOf("guided: all ten", "s", seconds.guided),
    figureOf("ratio: guided to blind", "×", ratio),
  ];
}

function quarryOf(name: string): Quarry {
  const bug = bugNamed(name);
  if (bug === undefined) throw new Error(`the zoo has no bug ${name}`);
  const { machine = reference, parts, registry, caughtBy } = bug;
  const put = { bug: name, machine, ...(parts && { parts }), ...(registry && { registry }) };
  return { contestant: { ...plainContestant(reference), ...put }, caughtBy };
}

// How many seeds it takes.
function hunt({ contestant, caughtBy }: Quarry, start: bigint, guided: boolean): number {
  const scenario = scenarioFrom("default");
  const guide = new Guide(start, guided);
  for (let tried = 0; tried < MOST_SEEDS;) {
    const learned: (readonly [bigint, readonly string[]])[] = [];
    for (const seed of guide.next(GENERATION)) {
      const result = runTrial(scenario, seed, contestant, version(), guided);
      tried++;
      const broken = result.judgement.properties.filter((each) => each.broken > 0).map((each) => each.property);
      if (broken.some((property) => caughtBy.includes(property))) return tried;
      if (guided) learned.push([seed, reachedIn(result)]);
    }
    for (const [seed, names] of learned) guide.learn(seed, names);
  }
  return MOST_SEEDS;
}
