// Saved states on their way into a replica's machine: first damaged, where a fault will have it, with a look before and after
// the refusal; then whole; in chunks of any size.
import type { ReplicaPlan } from "./plan.js";
import { addressOf, bitsAt, happens, Lane, type Address } from "./random.js";
import { chunkSizes, damaged, type Saved } from "./saved-state.js";
import type { Stage } from "./stage.js";
import type { TrialMachine } from "./trial-machine.js";

/** Of 1000 restored states on replicas that are observed, how many are. */
const LOOKED_AT = 300;

export class Restoring {
  #count = 0;

  constructor(
    private readonly stage: Stage,
    private readonly name: string,
    private readonly partition: number,
    private readonly key: number,
    private readonly plan: ReplicaPlan,
    private readonly machine: TrialMachine,
  ) {}

  /** Whether the machine took it in the end. */
  give(saved: Saved, why: "restart" | "install"): boolean {
    const { machine } = this;
    const place = `${this.name}/restore ${++this.#count}`;
    const address = addressOf(place);
    const recorded = this.stage.schedule?.restores.get(place);
    if (recorded === undefined && !this.#giveDamaged(saved, why, address)) return false;
    for (const { bytes, damage, chunks } of recorded?.damaged ?? []) {
      if (!this.#offer(saved, why, bytes, damage, chunks)) return false;
    }
    const chunks = this.#chunks(saved.bytes.length, address, recorded?.chunks);
    const result = machine.restore(saved, saved.bytes, why, chunks, undefined);
    // It does not take what was saved: the judge hears of it from the line, and there is no going on.
    if (result === "refused") machine.giveUp();
    if (result !== "taken") return false;
    const drawn = this.plan.observed > 0 && happens(bitsAt(this.key, address, Lane.observeRestored), LOOKED_AT);
    const looks = recorded?.looked ?? drawn;
    return !looks || this.#lookAt(saved);
  }

  #giveDamaged(saved: Saved, why: "restart" | "install", address: Address): boolean {
    const { stage } = this;
    for (const { plan, address: fault } of stage.activeOf("snapshot-damage")) {
      if (plan.partition !== undefined && plan.partition !== this.partition) continue;
      if (!happens(bitsAt(this.key, address, Lane.damage, fault), plan.with["perMille"] ?? 0)) continue;
      const { bytes, damage } = damaged(saved.bytes, this.key, address ^ fault);
      if (!this.#offer(saved, why, bytes, damage, this.#chunks(bytes.length, address))) return false;
    }
    return true;
  }

  // Gives it damaged bytes, with a look before and after the refusal.
  #offer(
    saved: Saved,
    why: "restart" | "install",
    bytes: Uint8Array,
    damage: string,
    chunks: readonly number[],
  ): boolean {
    const { stage, machine } = this;
    stage.count("snapshot-damage");
    stage.reach("damaged snapshot offered");
    if (!machine.observe("before-refusal")) return false;
    if (machine.restore(saved, bytes, why, chunks, damage) === "broke") return false;
    return machine.observe("after-refusal");
  }

  #chunks(length: number, address: Address, recorded?: readonly number[]): readonly number[] {
    const { stage } = this;
    let largest = 0;
    for (const { plan } of stage.activeOf("snapshot-chunks")) {
      if (plan.partition !== undefined && plan.partition !== this.partition) continue;
      largest = plan.with["largest"] ?? 7;
      stage.count("snapshot-chunks");
      stage.reach("snapshot given in small chunks");
    }
    const fits = recorded?.reduce((sum, size) => sum + size, 0) === length;
    return recorded !== undefined && fits ? recorded : chunkSizes(length, largest, this.key, address);
  }

  // The look names the index that the state stands at; where the host goes on from is its own business.
  #lookAt(saved: Saved): boolean {
    const { machine } = this;
    const { appliedAt } = machine;
    machine.moveTo(saved.at);
    const looked = machine.observe("restored");
    machine.moveTo(appliedAt);
    return looked;
  }
}
