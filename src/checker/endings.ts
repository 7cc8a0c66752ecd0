// Judges what must have come about when a run ends: every operation over, every dead client's session expired, nothing
// remembered but marks. SPEC 5, second phase.
import type { Micros } from "../base/time.js";
import { CommandState } from "../proto/atomix/multiraft/v1/fsm.js";
import type { PhaseLine, SessionLine } from "../trace/line.js";
import type { Clients } from "./clients.js";
import { bounded } from "./invariants/keep-alives.js";
import { expiry, progress } from "./invariants/liveness.js";
import type { Ledger } from "./ledger.js";
import type { Sighting } from "./sight.js";

export class Endings {
  readonly #ledger: Ledger;
  readonly #clients: Clients;
  readonly #bound: Micros;
  #phase: PhaseLine["phase"] = "safety";
  #since = 0;
  #sinceLine = 0;
  #cannot: string | null = null;
  #returned = 0;
  // By partition: sessions whose clients keep them alive; clients that are opening one; sessions known to be nobody's.
  readonly #living = new Map<number, Set<bigint>>();
  readonly #opening = new Map<number, Set<string>>();
  #orphans = 0;

  constructor(ledger: Ledger, clients: Clients, bound: Micros) {
    this.#ledger = ledger;
    this.#clients = clients;
    this.#bound = bound;
  }

  get inLiveness(): boolean {
    return this.#phase === "liveness" && this.#cannot === null;
  }

  /** The liveness phase can promise nothing. */
  giveUp(reason: string): void {
    this.#cannot ??= reason;
  }

  phase(line: PhaseLine, at: number): void {
    if (line.phase === "liveness") {
      this.#since = line.t;
      this.#sinceLine = at;
      if (line.cannotRecover !== undefined) this.giveUp(line.cannotRecover);
    }
    if (line.phase === "end") this.#end(line, at);
    this.#phase = line.phase;
  }

  returned(t: number, begun: number, at: number): void {
    this.#returned++;
    if (!this.inLiveness || t <= this.#since + this.#bound) return;
    const finding = {
      says: "an operation ended after the bound",
      expected: "ended within the bound",
      got: "ended later",
    };
    this.#ledger.breaks(progress, finding, [begun, this.#sinceLine, at], "operation");
  }

  session(line: SessionLine): void {
    const living = of(this.#living, line.partition);
    const opening = of(this.#opening, line.partition);
    const who = `${line.client}.${line.incarnation}`;
    if (line.change === "opening") opening.add(who);
    else opening.delete(who);
    if (line.session === undefined) return;
    if (line.change === "opened") living.add(line.session);
    else if (line.change === "crashed" || line.change === "lost" || line.change === "closed") {
      if (living.delete(line.session)) this.#orphans++;
    }
  }

  /** A state at the run's end, or at any other time: only the end is judged here. */
  saw({ state }: Sighting, partition: number, at: number): void {
    if (!this.inLiveness) return;
    const living = of(this.#living, partition);
    const unsettled = of(this.#opening, partition).size > 0;
    this.#ledger.of(expiry).judged += this.#orphans;
    for (const { sessionId, commands } of state.sessions) {
      if (!living.has(sessionId)) {
        if (unsettled) continue;
        const says = `session ${sessionId} has no client, and lives at the end of the liveness phase`;
        const finding = { says, expected: "an expired session", got: "a living one" };
        this.#ledger.breaks(expiry, finding, [this.#sinceLine, at], "snapshot");
        continue;
      }
      this.#ledger.of(bounded).judged++;
      const kept = commands.find((each) => each.input !== undefined || each.state === CommandState.COMMAND_OPEN);
      if (kept === undefined) continue;
      const what = kept.input === undefined ? "a listed number" : "a remembered command";
      const says = `session ${sessionId} still has ${what}, ${kept.commandSequenceNum}, at the end of the liveness phase`;
      const finding = { says, expected: "only the mark", got: what };
      this.#ledger.breaks(bounded, finding, [this.#sinceLine, at], "snapshot");
    }
  }

  #end(line: PhaseLine, at: number): void {
    if (!this.inLiveness) {
      const reason = this.#cannot ?? "the run had no liveness phase";
      for (const property of [progress, expiry]) this.#ledger.lacks(property, reason);
      return;
    }
    this.#ledger.of(progress).judged += this.#returned;
    for (const operation of this.#clients.underWay()) {
      this.#ledger.of(progress).judged++;
      const { invoke } = operation;
      const says = `${invoke.operation} of ${invoke.client} has not ended ${(line.t - this.#since) / 1_000_000} s into the liveness phase`;
      const finding = { says, expected: "ended", got: "under way" };
      const entry = `${invoke.spec.service}.${invoke.operation}`;
      this.#ledger.breaks(progress, finding, [operation.at, this.#sinceLine, at], entry);
    }
  }
}

function of<Item>(map: Map<number, Set<Item>>, partition: number): Set<Item> {
  let set = map.get(partition);
  if (set === undefined) map.set(partition, (set = new Set()));
  return set;
}
