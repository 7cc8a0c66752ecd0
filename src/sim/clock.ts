// The clocks of replicas, which differ from virtual time as faults will have it, and the timestamps that are made of them.
import { VIRTUAL_START_SECONDS } from "../base/time.js";
import type { Timestamp } from "../proto/google/protobuf/timestamp.js";

/** A timestamp in the making: an instant in microseconds since the virtual start and nanoseconds beyond it; or none. */
export interface Stamp {
  micros: number;
  /** 0 to 999. */
  nanos: number;
  missing: boolean;
  /** What the log knows of the next deadline of a session, for the fault that goes for it. */
  readonly nextDeadline: { readonly micros: number; readonly nanos: number } | undefined;
}

/** A clock: virtual time, ahead or behind, and gaining or losing. */
export class Clock {
  #offset = 0;
  #drift = 0;
  #since = 0;
  #stands: number | undefined;

  /** What it shows at virtual time `now`, in microseconds since the virtual start. */
  reading(now: number): number {
    return this.#stands ?? now + this.#offset + this.#gained(now);
  }

  /** Sets it ahead, or back when `by` is negative. */
  jump(by: number): void {
    this.#offset += by;
  }

  /** From now on it gains `drift` microseconds in a second; what it has gained, it keeps. */
  gain(now: number, drift: number): void {
    this.#offset += this.#gained(now);
    this.#since = now;
    this.#drift = drift;
  }

  /** It shows this until told to go on; undefined: it goes on. */
  stand(reading: number | undefined): void {
    this.#stands = reading;
  }

  /** Right again, or as far ahead as log time is: SPEC 5, the liveness phase. */
  heal(now: number, logTime: number): void {
    this.#stands = undefined;
    this.#drift = 0;
    this.#since = now;
    this.#offset = Math.max(0, logTime - now);
  }

  #gained(now: number): number {
    return Math.floor(((now - this.#since) * this.#drift) / 1_000_000);
  }
}

/** Makes timestamps; remembers the last second, so that entries of one second share its bigint. */
export class Stamper {
  #second = -1;
  #seconds = 0n;

  /** The message for microseconds since the virtual start and nanoseconds beyond. */
  timestamp(micros: number, nanos: number): Timestamp {
    const second = Math.floor(micros / 1_000_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#seconds = BigInt(VIRTUAL_START_SECONDS + second);
    }
    return { seconds: this.#seconds, nanos: (micros - second * 1_000_000) * 1000 + nanos };
  }
}
