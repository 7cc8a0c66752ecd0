// A tape of the registry's changes, played into a directory at a pace: so many seconds of virtual time in a second of
// the clock that is passed in. It ends where the tape does, and the directory stays as it then is.
import type { Micros } from "../base/time.js";
import type { RegistryLine } from "../trace/line.js";
import type { SessionDirectory } from "./directory.js";

/** A clock that only goes forward, and a way to be called later. */
export interface Clock {
  /** Milliseconds from any origin. */
  now(): number;
  /** Calls back after so many milliseconds; not after the returned function was called. */
  after(ms: number, call: () => void): () => void;
}

/** The process's own clock. */
export const wallClock: Clock = {
  now: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

// Timers of the platform hold 31 bits of milliseconds; a longer wait is made of several.
const LONGEST_WAIT_MS = 0x7fff_ffff;

/** One playing of a tape. */
export class Playback {
  readonly #tape: readonly RegistryLine[];
  readonly #directory: SessionDirectory;
  readonly #clock: Clock;
  /** Microseconds of virtual time in a millisecond of the clock. */
  readonly #pace: number;
  readonly #from: Micros;
  #startedAt = 0;
  #next = 0;
  #cancel: () => void = () => {};

  /** `speed`: seconds of virtual time in a second of the clock. What lies before `from` is taken at the start. */
  constructor(
    tape: readonly RegistryLine[],
    directory: SessionDirectory,
    from: Micros,
    speed: number,
    clock: Clock = wallClock,
  ) {
    this.#tape = tape;
    this.#directory = directory;
    this.#from = from;
    this.#pace = speed * 1000;
    this.#clock = clock;
  }

  /** Whether the tape has come to its end. */
  get ended(): boolean {
    return this.#next === this.#tape.length;
  }

  start(): void {
    this.#startedAt = this.#clock.now();
    this.#play();
  }

  /** Plays no further. */
  stop(): void {
    this.#cancel();
  }

  #play(): void {
    const now = this.#from + (this.#clock.now() - this.#startedAt) * this.#pace;
    const first = this.#next;
    while (this.#next < this.#tape.length && (this.#tape[this.#next] as RegistryLine).t <= now) this.#next += 1;
    // What is due together is taken together, so that a watcher sees no half of it.
    this.#directory.take(this.#tape.slice(first, this.#next));
    const next = this.#tape[this.#next];
    if (next === undefined) return;
    const wait = Math.max(0, Math.ceil((next.t - now) / this.#pace));
    this.#cancel = this.#clock.after(Math.min(wait, LONGEST_WAIT_MS), () => this.#play());
  }
}
