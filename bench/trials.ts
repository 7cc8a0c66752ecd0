// How fast trials are: seeds, entries and events a second of one core, everything judged, on the default scenario. One process,
// one thread, no workers: what a core does.
import { plainContestant } from "../src/explore/contestant.js";
import { version } from "../src/explore/package.js";
import { scenarioFrom } from "../src/explore/scenarios.js";
import { addTrial, emptyTally, type Tally } from "../src/explore/tally.js";
import { runTrial } from "../src/explore/trial.js";
import { reference } from "../src/fsm/reference.js";
import { cpuSeconds, type Figure, figureOf } from "./figure.js";

/** Before anything is measured, so that the code is compiled. */
const WARM_UP_SEEDS = 150;
const ROUNDS = 5;
const SEEDS_A_ROUND = 60;

interface Round {
  readonly seconds: number;
  readonly tally: Tally;
}

const QUANTITIES: readonly { readonly name: string; readonly unit: string; readonly of: (round: Round) => number }[] = [
  { name: "seeds", unit: "1/s", of: ({ seconds, tally }) => tally.seeds / seconds },
  { name: "entries committed", unit: "1/s", of: ({ seconds, tally }) => tally.entries / seconds },
  { name: "entries applied and judged", unit: "1/s", of: ({ seconds, tally }) => tally.applied / seconds },
  { name: "events simulated", unit: "1/s", of: ({ seconds, tally }) => tally.events / seconds },
  { name: "lines judged", unit: "1/s", of: ({ seconds, tally }) => tally.lines / seconds },
  { name: "virtual time", unit: "s/s", of: ({ seconds, tally }) => tally.virtualMicros / 1e6 / seconds },
  { name: "entries of a seed", unit: "1", of: ({ tally }) => tally.entries / tally.seeds },
  { name: "applications of a seed", unit: "1", of: ({ tally }) => tally.applied / tally.seeds },
];

/** Seconds are those of the processor. */
export async function trialFigures(): Promise<Figure[]> {
  const scenario = scenarioFrom("default");
  const contestant = plainContestant(reference);
  const playSeeds = async (from: number, count: number): Promise<Round> => {
    const tally = emptyTally();
    const seconds = await cpuSeconds(() => {
      for (let seed = from; seed < from + count; seed++) {
        addTrial(tally, runTrial(scenario, BigInt(seed), contestant, version()));
      }
    });
    return { seconds, tally };
  };
  await playSeeds(0, WARM_UP_SEEDS);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await playSeeds(round * SEEDS_A_ROUND, SEEDS_A_ROUND));
  const memory = process.resourceUsage().maxRSS / 1024;
  return [
    ...QUANTITIES.map(({ name, unit, of }) => figureOf(`trial: ${name}`, unit, rounds.map(of))),
    figureOf("trial: memory of the process at most", "MiB", [memory]),
  ];
}
