// How long the search may go on: configurations (the same on every machine), time and memory, and somebody's signal.
// It has no clock of its own: time is a function that was passed in, and so is the signal.

/** What ran out. */
export type Exhausted = "configurations" | "time" | "memory" | "stopped";

/** Bounds on a check; what is absent has no bound. */
export interface Limits {
  /** How many configurations may be looked at, over all partitions. Deterministic. */
  readonly configurations?: number;
  /** Milliseconds, by `now`. */
  readonly time?: number;
  /** Bytes of the tables of configurations. Default: 1 GiB. */
  readonly memory?: number;
  /** A clock in milliseconds, for instance `() => performance.now()`. Needed where `time` is given. */
  readonly now?: () => number;
  /**
   * Asked now and then; true ends the search at once, undecided. As nothing else runs meanwhile on this thread, it is
   * true by what another thread wrote: `() => Atomics.load(flag, 0) === 1`.
   */
  readonly stopped?: () => boolean;
}

/** Thrown through a model's step by {@link Patience.check}; the search catches it. */
export class OutOfPatience extends Error {
  override readonly name = "OutOfPatience";
  constructor(readonly exhausted: Exhausted) {
    super(`out of ${exhausted}`);
  }
}

const DEFAULT_MEMORY = 2 ** 30;
const LOOK_EVERY = 128;

/** One check's share of everybody's patience. */
export class Patience {
  /** Configurations looked at so far. */
  configurations = 0;
  /** At this many the search ends: the smaller one of the limit and the turn's share. */
  private bound: number;
  private nextLook = LOOK_EVERY;
  private readonly most: number;
  private readonly memory: number;
  private readonly deadline: number;

  constructor(private readonly limits: Limits) {
    this.most = limits.configurations ?? Infinity;
    this.memory = limits.memory ?? DEFAULT_MEMORY;
    this.deadline = limits.time === undefined ? Infinity : (limits.now?.() ?? 0) + limits.time;
    this.bound = this.most;
  }

  /** Until the next turn the search may look at `configurations` more. */
  turn(configurations: number): void {
    this.bound = Math.min(this.most, this.configurations + configurations);
  }

  /** Whether it was the turn that ended, and not a limit. */
  get onlyTurn(): boolean {
    return this.bound < this.most;
  }

  /** Counts one configuration. What ran out, or null. */
  spend(bytes: number): Exhausted | null {
    if (this.configurations >= this.bound) return "configurations";
    this.configurations++;
    if (this.configurations < this.nextLook) return null;
    this.nextLook = this.configurations + LOOK_EVERY;
    return bytes > this.memory ? "memory" : this.look();
  }

  /** For a model whose step takes long: call it now and then. It throws what the search catches. */
  check(): void {
    const exhausted = this.look();
    if (exhausted !== null) throw new OutOfPatience(exhausted);
  }

  private look(): Exhausted | null {
    if (this.limits.stopped?.() === true) return "stopped";
    return this.deadline !== Infinity && (this.limits.now?.() ?? 0) >= this.deadline ? "time" : null;
  }
}
