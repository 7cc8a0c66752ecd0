// A hunt for one bug: seeds are tried from a start on, until one breaks a property that the bug is known to break. What
// breaks others only is a false cause, and the hunt goes on. Plain data in and out: it crosses threads.
import type { Scenario } from "../sim/scenario.js";
import type { Contestant } from "./contestant.js";
import { SAME_SEED } from "./same-seed.js";
import { runTrial, type TrialResult, trialOf } from "./trial.js";

/** One start of one bug. */
export interface Hunt {
  readonly bug: string;
  /** The first seed. */
  readonly from: bigint;
  /** How many are tried at most. */
  readonly seeds: number;
}

/** The bug is caught. */
export interface Catch {
  readonly seed: bigint;
  /** How many seeds it took, this one included. */
  readonly after: number;
  /** Of the properties that were to break, those that did on this seed. */
  readonly by: readonly string[];
  /** What else broke on it. */
  readonly besides: readonly string[];
  /** What the seed's plan holds; once it was made small: what is left of it. */
  readonly operations: number;
  readonly faults: number;
  /** How long it took to make it small; absent: nobody did. */
  readonly shrinkSeconds?: number;
}

export interface Hunted {
  readonly hunt: Hunt;
  /** null: it got away. */
  readonly caught: Catch | null;
  /** Properties that broke on seeds on which none of the named ones did, and the first such seed. */
  readonly falseCauses: Readonly<Record<string, bigint>>;
  /** What the harness itself stumbled over. */
  readonly ourBug?: string;
}

/** Who is hunted, and on what. */
export interface Quarry {
  readonly contestant: Contestant;
  /** Properties of which at least one must break. */
  readonly caughtBy: readonly string[];
  readonly scenario: Scenario;
  readonly version: string;
}

/** Hunts until the first catch. `tried` hears of each seed before it is played. */
export function huntDown(quarry: Quarry, hunt: Hunt, tried: () => void): Hunted {
  const falseCauses: Record<string, bigint> = {};
  for (let at = 0; at < hunt.seeds; at++) {
    const seed = hunt.from + BigInt(at);
    tried();
    try {
      const broken = brokenOn(quarry, seed);
      const by = broken.filter((name) => quarry.caughtBy.includes(name));
      const besides = broken.filter((name) => !quarry.caughtBy.includes(name));
      if (by.length > 0) {
        return { hunt, caught: { seed, after: at + 1, by, besides, ...sizeOf(quarry, seed) }, falseCauses };
      }
      for (const name of besides) falseCauses[name] ??= seed;
    } catch (error) {
      const ourBug = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { hunt, caught: null, falseCauses, ourBug };
    }
  }
  return { hunt, caught: null, falseCauses };
}

function brokenOn({ contestant, caughtBy, scenario, version }: Quarry, seed: bigint): string[] {
  const trial = (): TrialResult => runTrial(scenario, seed, contestant, version);
  const result = trial();
  const broken = result.judgement.properties.filter((each) => each.broken > 0).map((each) => each.property);
  // Whether a second play differs is looked at where that is what is looked for: it costs as much as the first.
  if (caughtBy.includes(SAME_SEED) && trial().digest !== result.digest) broken.push(SAME_SEED);
  return broken;
}

function sizeOf({ contestant, scenario, version }: Quarry, seed: bigint): { operations: number; faults: number } {
  const { plan } = trialOf(scenario, seed, contestant, version);
  let operations = 0;
  for (const { lives } of plan.clients) for (const life of lives) operations += life.operations.length;
  return { operations, faults: plan.faults.length };
}
