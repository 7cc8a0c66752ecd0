// What the world itself knows of a partition's sessions, from the committed entries alone: log time and deadlines, counted
// naively. For faults that aim at a deadline, for milestones, and to know when the liveness phase is over. It judges nothing.
import {
  isDurationInRange,
  isTimestampInRange,
  NANOS_PER_SECOND,
  toNanos,
  VIRTUAL_START_SECONDS,
} from "../base/time.js";
import type { CommandInput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { Stage } from "./stage.js";

/** Who opened a session, where the world knows. */
export interface Owner {
  /** What became of whoever opened it. */
  state(): "alive" | "paused" | "crashed";
}

interface Lease {
  readonly timeout: bigint;
  deadline: bigint;
  readonly owner: Owner | undefined;
}

/** Microseconds by which log time is far ahead. */
const FAR_AHEAD = 5_000_000;

const START = BigInt(VIRTUAL_START_SECONDS) * NANOS_PER_SECOND;

export class Ledger {
  /** Nanoseconds since the Unix epoch. */
  #logTime = 0n;
  readonly #leases = new Map<number, Lease>();
  #next: bigint | undefined;

  constructor(private readonly stage: Stage) {}

  /** Sessions that live, as far as honest keep-alives tell. */
  get living(): number {
    return this.#leases.size;
  }

  /** Log time in microseconds since the virtual start, rounded up. */
  get logMicros(): number {
    return Number((this.#logTime - START + 999n) / 1000n);
  }

  /** The next deadline, if it is after log time: microseconds since the virtual start and nanoseconds beyond. */
  nextDeadline(): { micros: number; nanos: number } | undefined {
    if (this.#next === undefined) {
      for (const lease of this.#leases.values()) {
        if (this.#next === undefined || lease.deadline < this.#next) this.#next = lease.deadline;
      }
      if (this.#next === undefined) return undefined;
    }
    const since = this.#next - START;
    return { micros: Number(since / 1000n), nanos: Number(since % 1000n) };
  }

  lives(session: number): boolean {
    return this.#leases.has(session);
  }

  /** Takes note of an entry; `owner` is whoever proposed it. Returns how many sessions ended by expiry. */
  note(index: number, input: CommandInput | "undecodable", owner: Owner | undefined): number {
    if (input === "undecodable") return 0;
    const { timestamp } = input;
    let expired = 0;
    if (timestamp !== undefined && isTimestampInRange(timestamp)) {
      const at = toNanos(timestamp);
      if (at > this.#logTime) {
        this.#logTime = at;
        if (this.#leases.size > 0) expired = this.#expire();
        if (Number(at - START) / 1000 > this.stage.now + FAR_AHEAD)
          this.stage.reach("log time far ahead of virtual time");
      } else if (at < this.#logTime) this.stage.reach("log time held back by a slow clock");
      else this.stage.reach("entries at one timestamp");
    }
    switch (input.input?.$case) {
      case "openSession": {
        const { timeout } = input.input.value;
        if (timeout === undefined || !isDurationInRange(timeout)) break;
        const span = toNanos(timeout);
        if (span <= 0n) break;
        this.#leases.set(index, { timeout: span, deadline: this.#logTime + span, owner });
        this.#next = undefined;
        break;
      }
      case "keepAlive": {
        const lease = this.#leases.get(Number(input.input.value.sessionId));
        if (lease === undefined) this.stage.reach("keep-alive after its session's end");
        else if (lease.owner === owner && owner !== undefined) {
          lease.deadline = this.#logTime + lease.timeout;
          this.#next = undefined;
        }
        break;
      }
      case "closeSession":
        if (this.#leases.delete(Number(input.input.value.sessionId))) this.#next = undefined;
        break;
      default:
    }
    return expired;
  }

  #expire(): number {
    let expired = 0;
    for (const [session, lease] of this.#leases) {
      if (lease.deadline > this.#logTime) continue;
      this.#leases.delete(session);
      this.#next = undefined;
      expired++;
      this.stage.reach("session expired");
      if (lease.deadline === this.#logTime) this.stage.reach("session expired exactly at its deadline");
      const state = lease.owner?.state();
      if (state === "paused") this.stage.reach("session expired while its client was paused");
      if (state === "crashed") this.stage.reach("session expired after its client crashed");
    }
    if (expired > 1) this.stage.reach("two sessions expired in one entry");
    return expired;
  }
}
