// One machine on trial as its host sees it: every call becomes a line, and what it throws ends the trial of that machine. It
// decides nothing: when to call, and what to do with the answer, is the host's business.
import type { QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { MachineBroke } from "../protocol/machine-errors.js";
import type { Applied, Entry, MachineKind, QueryAnswer, StateMachine } from "../protocol/machine.js";
import { LogIndex } from "../protocol/words.js";
import type { BrokeLine, ObserveLine, PartitionId, ReplicaId } from "../trace/line.js";
import { cutInto, type Saved } from "./saved-state.js";
import type { Stage } from "./stage.js";

/** After a machine broke the run goes on for so long: what is on its way may still tell something. */
const AFTERMATH = 100_000;

export class TrialMachine {
  /** The index of the last entry applied, or passed by a snapshot. */
  appliedAt = 0;
  applied = LogIndex(0n);
  /** It threw, hung, went silent, or refused what it had saved: it is asked nothing more. */
  broken = false;
  #machine: StateMachine;

  constructor(
    private readonly stage: Stage,
    private readonly partition: PartitionId,
    private readonly replica: ReplicaId,
    private readonly kind: MachineKind,
  ) {
    this.#machine = kind.create();
  }

  /** A fresh one in its place, with the empty state. */
  renew(): void {
    this.#machine = this.kind.create();
    this.moveTo(0);
  }

  /** It stands at this index now, without having applied what is before it. */
  moveTo(at: number): void {
    this.appliedAt = at;
    this.applied = LogIndex(BigInt(at));
  }

  apply(at: number, entry: Entry): Applied | null {
    const { stage, partition, replica } = this;
    let applied: Applied;
    try {
      applied = this.#machine.apply(entry);
    } catch (error) {
      return this.#broke("apply", entry.index, error);
    }
    this.appliedAt = at;
    this.applied = entry.index;
    stage.applied++;
    stage.emit({ e: "apply", t: stage.now, partition, replica, index: entry.index, applied });
    return applied;
  }

  query(query: string, sync: boolean, input: QueryInput): QueryAnswer | null {
    const { stage, partition, replica, applied: index } = this;
    let answer: QueryAnswer;
    try {
      answer = this.#machine.query(input);
    } catch (error) {
      return this.#broke("query", index, error);
    }
    stage.emit({ e: "answer", t: stage.now, partition, replica, query, sync, input, index, answer });
    return answer;
  }

  save(snapshot: number): Saved | null {
    const { stage, partition, replica, applied: index } = this;
    let bytes: Uint8Array;
    try {
      bytes = this.#machine.snapshot();
    } catch (error) {
      return this.#broke("snapshot", index, error);
    }
    stage.emit({ e: "save", t: stage.now, partition, replica, snapshot, index, bytes });
    return { number: snapshot, at: this.appliedAt, bytes };
  }

  /** The judge's look, which a machine with opaque snapshots has a call of its own for. False where it broke. */
  observe(why: ObserveLine["why"]): boolean {
    const { stage, partition, replica, applied: index } = this;
    let bytes: Uint8Array;
    try {
      bytes = this.#machine.observe === undefined ? this.#machine.snapshot() : this.#machine.observe();
    } catch (error) {
      return this.#broke("snapshot", index, error) !== null;
    }
    stage.emit({ e: "observe", t: stage.now, partition, replica, index, why, bytes });
    return true;
  }

  /** Gives it a saved state in chunks: `bytes` are those that were saved, or what damage made of them. */
  restore(
    saved: Saved,
    bytes: Uint8Array,
    why: "restart" | "install",
    chunks: readonly number[],
    damage: string | undefined,
  ): "taken" | "refused" | "broke" {
    const { stage, partition, replica } = this;
    const { number: snapshot } = saved;
    const index = LogIndex(BigInt(saved.at));
    try {
      const result = this.#machine.restore(cutInto(bytes, chunks));
      const head = { e: "restore", t: stage.now, partition, replica, snapshot, index, why, chunks } as const;
      stage.emit(damage === undefined ? { ...head, result } : { ...head, damage, bytes, result });
      return result.kind === "restored" ? "taken" : "refused";
    } catch (error) {
      this.#broke("restore", index, error);
      return "broke";
    }
  }

  /** There is no going on with it. */
  giveUp(): void {
    this.broken = true;
    this.stage.endsAt = Math.min(this.stage.endsAt, this.stage.now + AFTERMATH);
  }

  #broke(during: BrokeLine["during"], index: LogIndex, error: unknown): null {
    const { stage, partition, replica } = this;
    const message = error instanceof Error ? error.message : String(error);
    const how = error instanceof MachineBroke ? error.how : "threw";
    this.giveUp();
    stage.emit({ e: "broke", t: stage.now, partition, replica, during, index, how, message });
    return null;
  }
}
