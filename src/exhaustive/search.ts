// Every history of a subject up to so many entries, by levels: all states that one entry reaches, then all that two reach, and
// so on, each state once. So what is found first is as short as it can be, whoever finds it. Workers expand, this one counts.
import type { Batch, Expanded } from "./batch.js";
import type { Suspect } from "./history.js";
import { Seen } from "./seen.js";
import type { Subject } from "./subject.js";

/** Whoever expands batches of a subject: this thread, or workers. */
export interface Expanders {
  /** How many batches may be in hand at once. */
  readonly size: number;
  expand(subject: string, batch: Batch): Promise<Expanded>;
}

export interface SearchOptions {
  /** Entries after the prefix, at most. */
  readonly bound: number;
  readonly expanders: Expanders;
  /** Asked between batches; true: no more. */
  readonly stop: () => boolean;
  /** Hears of suspects as they come; true: that is enough. */
  readonly found: (suspect: Suspect) => boolean;
  readonly progress?: (subject: Subject, depth: number, share: number) => void;
}

/** What a search came to. */
export interface Searched {
  readonly subject: string;
  readonly letters: number;
  /** The bound that was reached: every history of at most so many entries was judged. */
  readonly bound: number;
  /** How many histories that are. */
  readonly sequences: number;
  /** Letters applied to states: what was played of them. */
  readonly played: number;
  /** Of those, how many led to a state that was known. */
  readonly equal: number;
  /** Letters left out, as the mirrored history stands for them. */
  readonly mirrored: number;
  /** States reached, the one after the prefix included. */
  readonly states: number;
  /** Histories played again with a restore. */
  readonly restores: number;
  /** Whether it went as far as it was asked to. */
  readonly whole: boolean;
}

/** States that a worker is given at once. */
const PARENTS = 250;

/** Goes through a subject. */
export async function search(subject: Subject, options: SearchOptions): Promise<Searched> {
  const sum = { played: 0, equal: 0, mirrored: 0, states: 1, restores: 0 };
  const letters = subject.letters.length;
  let frontier = new Uint8Array(0);
  let reached = 0;
  let enough = false;
  let hung = false;
  for (let depth = 0; depth < options.bound && !enough; depth++) {
    const level = new Level();
    const done = await expandAll(subject, frontier, depth, options, (expanded) => {
      sum.played += expanded.played;
      sum.mirrored += expanded.mirrored;
      sum.restores += expanded.restores;
      level.take(expanded, depth + 1);
      for (const suspect of expanded.suspects) if (!enough && options.found(suspect)) enough = true;
      // What hangs once would hang in half of what follows, each time for as long as one waits.
      hung = expanded.hung === true;
      return enough || hung;
    });
    if (!done || hung) break;
    sum.states += level.size;
    frontier = level.paths();
    reached = depth + 1;
  }
  sum.equal = sum.played - (sum.states - 1);
  return {
    subject: subject.name,
    letters,
    bound: reached,
    sequences: sequencesOf(letters, reached),
    ...sum,
    whole: reached === options.bound,
  };
}

/** How many histories of at least one and at most `bound` letters there are. */
export function sequencesOf(letters: number, bound: number): number {
  let sum = 0;
  for (let length = 1; length <= bound; length++) sum += letters ** length;
  return sum;
}

// Whether all of the frontier was expanded. Results are taken in the order of the batches, whichever comes first.
async function expandAll(
  subject: Subject,
  frontier: Uint8Array,
  depth: number,
  { bound, expanders, stop, progress }: SearchOptions,
  take: (expanded: Expanded) => boolean,
): Promise<boolean> {
  const batches = depth === 0 ? 1 : Math.ceil(frontier.length / depth / PARENTS);
  const waiting = new Map<number, Expanded>();
  let next = 0;
  let taken = 0;
  let over = false;
  const member = async (): Promise<void> => {
    while (next < batches && !over && !stop()) {
      const at = next++;
      const paths = frontier.slice(at * PARENTS * depth, (at + 1) * PARENTS * depth);
      waiting.set(at, await expanders.expand(subject.name, { at, depth, paths, last: depth + 1 === bound }));
      for (let ready = waiting.get(taken); ready !== undefined && !over; ready = waiting.get(taken)) {
        waiting.delete(taken++);
        over = take(ready);
      }
      progress?.(subject, depth + 1, taken / batches);
    }
  };
  await Promise.all(Array.from({ length: expanders.size }, member));
  return taken === batches;
}

/** The states of one level, each once, by the first history that reached it. */
class Level {
  readonly #seen = new Seen();
  #bytes = new Uint8Array(1 << 16);
  #used = 0;

  get size(): number {
    return this.#seen.size;
  }

  take({ paths, hashes }: Expanded, length: number): void {
    for (let i = 0; 2 * i < hashes.length; i++) {
      if (!this.#seen.add(hashes[2 * i] as number, hashes[2 * i + 1] as number)) continue;
      // At the end of every history nobody asks how it came there.
      if (paths.length > 0) this.#keep(paths.subarray(i * length, (i + 1) * length));
    }
  }

  paths(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#used);
  }

  #keep(path: Uint8Array): void {
    if (this.#used + path.length > this.#bytes.length) {
      const more = new Uint8Array(this.#bytes.length * 2);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    this.#bytes.set(path, this.#used);
    this.#used += path.length;
  }
}
