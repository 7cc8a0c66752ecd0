// How fast trials are: seeds, entries and events a second of one core, everything judged, on the default scenario. The
// figures of the README come from here. One process, one thread, no workers: what a core does.
import { availableParallelism, cpus } from "node:os";
import { plainContestant } from "../src/explore/contestant.js";
import { version } from "../src/explore/package.js";
import { scenarioFrom } from "../src/explore/scenarios.js";
import { addTrial, emptyTally } from "../src/explore/tally.js";
import { installTraps } from "../src/explore/traps.js";
import { runTrial } from "../src/explore/trial.js";
import { reference } from "../src/fsm/reference.js";

/** Before anything is measured, so that the code is compiled. */
const WARM_UP_SEEDS = 60;
const ROUNDS = 5;
const SEEDS_A_ROUND = 60;

interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly of: (round: Round) => number;
}

interface Round {
  readonly seconds: number;
  readonly tally: ReturnType<typeof emptyTally>;
}

const figures: readonly Figure[] = [
  { name: "seeds", unit: "1/s", of: ({ seconds, tally }) => tally.seeds / seconds },
  { name: "entries committed", unit: "1/s", of: ({ seconds, tally }) => tally.entries / seconds },
  { name: "entries applied and judged", unit: "1/s", of: ({ seconds, tally }) => tally.applied / seconds },
  { name: "events simulated", unit: "1/s", of: ({ seconds, tally }) => tally.events / seconds },
  { name: "lines judged", unit: "1/s", of: ({ seconds, tally }) => tally.lines / seconds },
  { name: "virtual time", unit: "s/s", of: ({ seconds, tally }) => tally.virtualMicros / 1e6 / seconds },
  { name: "a seed's entries", unit: "1", of: ({ tally }) => tally.entries / tally.seeds },
];

installTraps();
const scenario = scenarioFrom("default");
const contestant = plainContestant(reference);
playSeeds(0, WARM_UP_SEEDS);
const rounds = Array.from({ length: ROUNDS }, (_, round) => playSeeds(round * SEEDS_A_ROUND, SEEDS_A_ROUND));

const rows = figures.map(({ name, unit, of }) => {
  const values = rounds.map(of).sort((a, b) => a - b);
  const [min, median, max] = [values[0], values[Math.floor(values.length / 2)], values.at(-1)].map((value) =>
    Math.round(value ?? 0),
  );
  return { name, unit, median, min, max };
});
if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ figures: rows }, null, 2));
} else {
  console.log(
    `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} processors, Node ${process.version}`,
  );
  console.table(rows);
}

function playSeeds(from: number, count: number): Round {
  const tally = emptyTally();
  const begin = performance.now();
  for (let seed = from; seed < from + count; seed++) {
    addTrial(tally, runTrial(scenario, BigInt(seed), contestant, version()));
  }
  return { seconds: (performance.now() - begin) / 1000, tally };
}
