// One trial: a plan is played, the judge sees every line, a running digest is all that is kept. A trial that is to be looked
// at is played again and recorded, with a shadow replica that is observed at each entry. Here the three peers meet.
import { Micros } from "../base/time.js";
import { createJudge } from "../checker/judge.js";
import { fingerprint, type Judgement, type Witness } from "../checker/verdict.js";
import { draw, type Scenario } from "../sim/scenario.js";
import type { Plan } from "../sim/plan.js";
import { termsOf } from "../sim/terms.js";
import { play, type Played, type PlayOptions } from "../sim/world.js";
import { Digest } from "../trace/digest.js";
import { type Trace, TRACE_TOOL } from "../trace/file.js";
import { type EventLine, type HeaderLine, TRACE_FORMAT } from "../trace/line.js";
import { endOf, Recorder } from "../trace/recorder.js";
import { benchOf, castOf, type Contestant } from "./contestant.js";
import { mustKnow } from "./own.js";
import { type Touch, trapsInstalled, withTraps } from "./traps.js";

/** What is tried: a seed of a scenario, or a plan that was drawn before. */
export interface Trial {
  readonly contestant: Contestant;
  readonly header: HeaderLine;
  readonly plan: Plan;
}

/** What a trial came to. */
export interface TrialResult {
  readonly judgement: Judgement;
  readonly played: Played;
  /** Of the header and every line after it. */
  readonly digest: string;
  readonly lines: number;
  /** Bytes that the machines encoded: what they saved, and what was observed of them. */
  readonly bytesEncoded: number;
}

/** A trial with its lines. */
export interface RecordedTrial extends TrialResult {
  readonly trace: Trace;
}

/** The trial of one seed. */
export function trialOf(scenario: Scenario, seed: bigint, contestant: Contestant, version: string): Trial {
  const plan = draw(scenario, seed, contestant);
  return { contestant, plan, header: headerOf(plan, contestant, version, seed.toString()) };
}

/** The first line of a plan's trace. `seed`: decimal, or null for a plan that no seed draws. */
export function headerOf(plan: Plan, contestant: Contestant, version: string, seed: string | null): HeaderLine {
  return {
    e: "header",
    format: TRACE_FORMAT,
    tool: TRACE_TOOL,
    version,
    seed,
    scenario: plan.scenario,
    bug: contestant.bug,
    terms: termsOf(plan, contestant.machine),
    plan,
  };
}

/** Draws, plays and judges one seed. */
export function runTrial(
  scenario: Scenario,
  seed: bigint,
  contestant: Contestant,
  version: string,
  pairs = false,
): TrialResult {
  return conduct(trialOf(scenario, seed, contestant, version), {}, undefined, undefined, undefined, pairs);
}

/** Plays a trial and keeps its lines; with a shadow, unless the options say otherwise. */
export function recordTrial(trial: Trial, options: PlayOptions = { shadow: true }): RecordedTrial {
  const recorder = new Recorder(trial.header);
  const result = conduct(trial, options, recorder);
  return { ...result, trace: recorder.finish() };
}

/**
 * Plays a trial only as far as `enough` wants, which hears of each line after the judge. What is judged at the end of a run
 * is then judged at that point. `properties`: only these are judged; absent: all.
 */
export function runUntil(
  trial: Trial,
  enough: (line: EventLine, broken: boolean) => boolean,
  properties?: readonly string[],
): TrialResult {
  return conduct(trial, {}, undefined, enough, properties);
}

/** The witness that the failure is known by: the first one of that fingerprint, else the first of the run. */
export function witnessOf(judgement: Judgement, known: string): Witness | null {
  for (const property of judgement.properties) {
    const found = property.witnesses.find((witness) => fingerprint(witness) === known);
    if (found !== undefined) return found;
  }
  return judgement.first;
}

function conduct(
  { plan, header, contestant }: Trial,
  options: PlayOptions,
  recorder: Recorder | undefined,
  enough?: (line: EventLine, broken: boolean) => boolean,
  properties?: readonly string[],
  pairs = false,
): TrialResult {
  mustKnow(contestant, plan);
  const traps = trapsInstalled() && contestant.inThisProcess;
  const judge = createJudge(header, {
    traps,
    pairs,
    ...(properties === undefined ? {} : { properties }),
    ...benchOf(contestant),
  });
  const digest = new Digest();
  digest.add(header);
  const touches: Touch[] = [];
  let lines = 1;
  let bytesEncoded = 0;
  let t = Micros(0);
  let over = false;

  const take = (line: EventLine): void => {
    lines += 1;
    t = line.t;
    if (line.e === "observe" || line.e === "save") bytesEncoded += line.bytes.length;
    digest.add(line);
    recorder?.take(line);
    judge.see(line);
    if (enough?.(line, judge.broken) === true) over = true;
  };
  const listen = (line: EventLine): void => {
    if (touches.length > 0 && "replica" in line && line.replica !== null) {
      for (const ambient of ambientLines(touches, line)) take(ambient);
      touches.length = 0;
    }
    take(line);
  };

  contestant.machine.begin?.();
  const asked = enough === undefined ? options : { ...options, enough: () => over };
  const playIt = (): Played => play(plan, castOf(contestant), listen, asked);
  const note = (touch: Touch): void => {
    if (touches.length < MOST_TOUCHES) touches.push(touch);
  };
  const played = traps ? withTraps(note, playIt) : playIt();
  judge.see(endOf(t, lines, digest));
  return { judgement: judge.finish(), played, digest: digest.hex(), lines, bytesEncoded };
}

/** One entry may touch a clock in a loop: more than this says nothing new. */
const MOST_TOUCHES = 4;

/** A touch belongs to the replica whose machine was called: the one that the next line about a replica names. */
function* ambientLines(touches: readonly Touch[], next: EventLine): Generator<EventLine> {
  const { t, partition, replica, index } = next as Extract<EventLine, { readonly e: "apply" }>;
  if (index === undefined) return;
  for (const { source, stack } of touches) yield { e: "ambient", t, partition, replica, index, source, stack };
}
