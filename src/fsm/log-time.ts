// Log time: what an entry moves it to, and the timers that run on the way. First thing that happens to an entry. SPEC 2.1.
import { isTimestampInRange, toNanos, type Nanos } from "../base/time.js";
import type { Timestamp } from "../proto/google/protobuf/timestamp.js";
import type { Instance, Machine, Timer } from "./state.js";

export interface LogTime {
  /** Where the timestamp would move log time to; undefined where it moves nothing. */
  read(timestamp: Timestamp | undefined): Nanos | undefined;
  /** Log time after an entry with this timestamp: never less than it is. */
  target(m: Machine, timestamp: Timestamp | undefined): Nanos;
  /** Runs every timer due until `target`, each at its deadline, then lets log time stand there. */
  advance(m: Machine, target: Nanos): void;
  /** Whether the timer runs when log time reaches `time`. Deadlines are inclusive. */
  isDue(m: Machine, timer: Timer, time: Nanos): boolean;
  /** What the timer was set for happens. It is no longer set. */
  run(m: Machine, timer: Timer): void;
}

export const logTime: LogTime = {
  read(timestamp) {
    if (timestamp === undefined || timestamp.seconds < 0n || !isTimestampInRange(timestamp)) return undefined;
    return toNanos(timestamp);
  },

  target(m, timestamp) {
    const read = m.parts.time.read(timestamp);
    return read !== undefined && read > m.state.time ? read : m.state.time;
  },

  advance(m, target) {
    const { time, timers } = m.parts;
    // The next timer is looked for anew each time: the one before may have cancelled it, or set an earlier one.
    for (;;) {
      const timer = timers.next(m.state);
      if (timer === undefined || !time.isDue(m, timer, target)) break;
      timers.cancel(m.state, timer);
      if (timer.deadline > m.state.time) m.state.time = timer.deadline;
      time.run(m, timer);
    }
    m.state.time = target;
  },

  isDue: (_m, timer, time) => timer.deadline <= time,

  run(m, timer) {
    if (timer.expiry) {
      m.parts.sessions.expire(m, timer.session);
      return;
    }
    const { type, state, at } = m.state.services.get(timer.service) as Instance;
    type.due(at, state, timer);
  },
};
