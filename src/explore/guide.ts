// Steers an exploration: remembers what was reached – milestones, how often, and pairs of a fault, a session's state and a kind
// of entry – and says which seeds come next: fresh ones, and variations of those that reached what few others did. Plain
// bookkeeping, without luck of its own: the same results in the same order make the same choices.
import { variedSeed } from "../sim/variation.js";
import type { TrialResult } from "./trial.js";

/** What a trial reached, as names: each milestone with the order of magnitude of its count, and each pair. */
export function reachedIn({ judgement, played }: TrialResult): string[] {
  const names: string[] = [];
  for (const counts of [played.milestones, judgement.reached]) {
    for (const name in counts) {
      const count = counts[name] as number;
      if (count > 0) names.push(`${name} ${32 - Math.clz32(count)}`);
    }
  }
  for (const name in judgement.pairs) names.push(name);
  return names;
}

interface Kept {
  readonly seed: bigint;
  readonly names: readonly string[];
  varied: number;
}

/** Of so many seeds one is a variation, where there is something to vary. */
const ONE_VARIED_OF = 2;
/** Seeds that are kept, at most: the most telling ones. */
const MOST_KEPT = 200;

export class Guide {
  /** How often each was reached. */
  readonly #reached = new Map<string, number>();
  #kept: Kept[] = [];
  #fresh: bigint;
  #turn = 0;
  /** How many seeds in a row reached nothing new. */
  sinceNew = 0;

  /** @param first the first fresh seed. @param varies false: fresh seeds only, one after the other. */
  constructor(
    first: bigint,
    private readonly varies: boolean,
  ) {
    this.#fresh = first;
  }

  /** How many names were reached by now. */
  get reached(): number {
    return this.#reached.size;
  }

  /** The seeds that come next. */
  next(count: number): bigint[] {
    return Array.from({ length: count }, () => this.#variation() ?? this.#fresh++);
  }

  /** A seed was tried. Returns whether it reached something new. */
  learn(seed: bigint, names: readonly string[]): boolean {
    let isNew = false;
    for (const name of names) {
      const before = this.#reached.get(name) ?? 0;
      if (before === 0) isNew = true;
      this.#reached.set(name, before + 1);
    }
    this.sinceNew = isNew ? 0 : this.sinceNew + 1;
    if (isNew && this.varies) this.#kept.push({ seed, names, varied: 0 });
    if (this.#kept.length > 2 * MOST_KEPT) {
      this.#kept = this.#kept.sort((a, b) => this.#worth(b) - this.#worth(a)).slice(0, MOST_KEPT);
    }
    return isNew;
  }

  #variation(): bigint | undefined {
    if (!this.varies || ++this.#turn % ONE_VARIED_OF !== 0) return undefined;
    let best: Kept | undefined;
    let worth = 0;
    for (const kept of this.#kept) {
      const its = this.#worth(kept);
      if (its > worth) [best, worth] = [kept, its];
    }
    return best === undefined ? undefined : variedSeed(best.seed, best.varied++);
  }

  // The rarer what it reached, the more; the more often it was varied, the less.
  #worth({ names, varied }: Kept): number {
    let rarity = 0;
    for (const name of names) rarity += 1 / (this.#reached.get(name) ?? 1);
    return rarity / (1 + varied);
  }
}
