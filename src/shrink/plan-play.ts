// Plays a plan for whoever holds one in a test: whole, judged, and once more to see whether the same comes out.
import type { Judgement } from "../checker/verdict.js";
import { type Contestant, plainContestant } from "../explore/contestant.js";
import { version } from "../explore/package.js";
import { playTwice, unseenDifference } from "../explore/same-seed.js";
import { headerOf, runUntil, type Trial } from "../explore/trial.js";
import { installTraps } from "../explore/traps.js";
import type { MachineKind } from "../protocol/machine.js";
import { readPlan } from "../sim/plan.js";

/**
 * Plays a plan, as a trace's header or an emitted test holds it, and says what the judge says.
 *
 *     expect(judgePlan(myMachine, plan).first).toBeNull();
 */
export function judgePlan(accused: MachineKind | Contestant, json: unknown): Judgement {
  installTraps();
  const contestant = "create" in accused ? plainContestant(accused) : accused;
  const plan = readPlan(json);
  const trial: Trial = { contestant, plan, header: headerOf(plan, contestant, version(), null) };
  const { judgement, digest } = runUntil(trial, () => false);
  if (judgement.first !== null || runUntil(trial, () => false).digest === digest) return judgement;
  return { ...judgement, first: playTwice(() => trial)?.witness ?? unseenDifference() };
}
