// A worker thread of `zoo`: told once which scenario it is, then hunts the bugs that it is sent.
import { parentPort, workerData } from "node:worker_threads";
import type { Contestant } from "../explore/contestant.js";
import { type Catch, type Hunt, huntDown } from "../explore/hunt.js";
import type { FromHunter } from "../explore/hunters.js";
import { installTraps } from "../explore/traps.js";
import { shrinkCatch } from "../shrink/catch.js";
import { draw, type Scenario } from "../sim/scenario.js";

export interface ZooTask {
  readonly scenario: Scenario;
  readonly version: string;
  /** Whether the catch of each bug's first start is made small. */
  readonly small: boolean;
}

/** Longer than this nobody waits for a small run; most take less than a second. Wall-clock milliseconds. */
const SHRINK_MILLIS = 60_000;

installTraps();
const { scenario, version, small } = workerData as ZooTask;

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
  const { caught } = hunted;
  const shrinks = small && caught !== null && hunt.from === 0n;
  const made = shrinks ? { ...hunted, caught: madeSmall(contestant, caught) } : hunted;
  close();
  say({ kind: "hunted", hunted: made });
}

function madeSmall(contestant: Contestant, caught: Catch): Catch {
  const begin = performance.now();
  const spent = (): number => performance.now() - begin;
  const plan = draw(scenario, caught.seed);
  const shrunk = shrinkCatch({ contestant, plan, by: caught.by }, () => {
    say({ kind: "tried" });
    return spent() > SHRINK_MILLIS;
  });
  if (shrunk === undefined) return caught;
  const { operations, faults } = shrunk.after;
  return { ...caught, operations, faults, shrinkSeconds: spent() / 1000 };
}
