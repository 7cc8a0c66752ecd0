// Records the golden traces anew: small runs of the reference machine, each with something of its own. Run after
// `npm run build`; what it changes has to be explained.
import { fileURLToPath } from "node:url";
import { defineScenario, reference, saveTrace, scenarioFrom, simulate } from "../dist/src/index.js";

const shipped = scenarioFrom("default");

/** A few seconds, few clients, and only these faults, in every run. */
function small(name, services, faults) {
  return defineScenario({
    ...shipped,
    name,
    about: "A golden trace's.",
    services,
    topology: { partitions: [1], replicas: [3], clients: [2, 2], servicesOfAKind: [1, 1] },
    length: { seconds: [6, 6], operations: [24, 24], entries: 60, rounds: 1 },
    sessions: { timeout: [1000, 2000], even: 500 },
    faults: Object.fromEntries(faults.map((fault) => [fault, { chance: 1000 }])),
    observe: { perMille: [60, 60], saves: [40, 40] },
  });
}

const golden = [
  [small("locks-across-a-restore", ["lock"], ["replica-crash", "message-duplication", "client-crash"]), 1n],
  [small("ttl-and-events", ["value", "map", "set"], ["snapshot-install", "timestamps-coarse", "stream-break"]), 2n],
  [small("late-duplicates", ["counter", "election"], ["message-replay", "keep-alive-delay", "replies-lost"]), 3n],
  [small("hostile", ["counter", "lock"], ["hostile-bytes", "hostile-inputs", "snapshot-damage", "number-reuse"]), 4n],
];

for (const [scenario, seed] of golden) {
  const path = fileURLToPath(new URL(`../traces/golden/${scenario.name}.jsonl`, import.meta.url));
  const simulation = simulate(scenario, reference, seed);
  if (simulation.judgement.first !== null) throw new Error(`${scenario.name}: ${simulation.judgement.first.says}`);
  const trace = simulation.record({ shadow: false });
  saveTrace(path, trace);
  console.log(`${scenario.name}: ${trace.events.length} events`);
}
