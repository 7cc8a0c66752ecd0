// A worker thread of `zoo`: told once which scenario it is, then hunts the bugs that it is sent.
import { parentPort, workerData } from "node:worker_threads";
import { type Hunt, huntDown } from "../explore/hunt.js";
import type { FromHunter } from "../explore/hunters.js";
import { installTraps } from "../explore/traps.js";
import type { Scenario } from "../sim/scenario.js";

export interface ZooTask {
  readonly scenario: Scenario;
  readonly version: string;
}

installTraps();
const { scenario, version } = workerData as ZooTask;

parentPort?.on("message", (hunt: Hunt) => {
  void answer(hunt);
});

function say(said: FromHunter): void {
  parentPort?.postMessage(said);
}

// The machines' modules are loaded late, when the traps are set.
async function answer(hunt: Hunt): Promise<void> {
  const { contestantFrom } = await import("./contestants.js");
  const { bugNamed } = await import("../../bugs/index.js");
  const { contestant, close } = await contestantFrom({ fsm: "reference", bug: hunt.bug });
  const caughtBy = bugNamed(hunt.bug)?.caughtBy ?? [];
  const hunted = huntDown({ contestant, caughtBy, scenario, version }, hunt, () => say({ kind: "tried" }));
  close();
  say({ kind: "hunted", hunted });
}
