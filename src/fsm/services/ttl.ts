// Times to live, as value and map have them: a span after a write, and the timer at its end.
import { isDurationInRange, Nanos, toNanos } from "../../base/time.js";
import type { Duration } from "../../proto/google/protobuf/duration.js";
import type { Timer } from "../state.js";
import type { At } from "./service.js";

export interface Ttl {
  /** Nanoseconds, 0 for none; undefined where it is negative or out of range. */
  read(duration: Duration | undefined): Nanos | undefined;
  /** The timer of what is written now; undefined where it does not expire. */
  start(at: At, ttl: Nanos, key: string): Timer | undefined;
  /** What was written is gone, or written anew. */
  stop(at: At, timer: Timer | undefined): void;
}

export const ttl: Ttl = {
  read(duration) {
    if (duration === undefined) return Nanos(0n);
    if (!isDurationInRange(duration)) return undefined;
    const span = toNanos(duration);
    return span < 0n ? undefined : span;
  },

  start: (at, span, key) => (span === 0n ? undefined : at.setTimer(Nanos(at.now + span), key)),

  stop(at, timer) {
    if (timer !== undefined) at.cancelTimer(timer);
  },
};
