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
    if (!this.#giveDamaged(saved, why, place, address)) return false;
    const chunks = this.#chunks(saved.bytes.length, place, address);
    const result = machine.restore(saved, saved.bytes, why, chunks, undefined);
    // It does not take what was saved: the judge hears of it from the line, and there is no going on.
    if (result === "refused") machine.giveUp();
    if (result !== "taken") return false;
    const looks = this.plan.observed > 0 && happens(bitsAt(this.key, address, Lane.observeRestored), LOOKED_AT);
    return !looks || this.#lookAt(saved);
  }

  #giveDamaged(saved: Saved, why: "restart" | "install", place: string, address: Address): boolean {
    const { stage, machine } = this;
    for (const { plan, address: fault } of stage.activeOf("snapshot-damage")) {
      if (plan.partition !== undefined && plan.partition !== this.partition) continue;
      if (!happens(bitsAt(this.key, address, Lane.damage, fault), plan.with["perMille"] ?? 0)) continue;
      stage.count("snapshot-damage");
      stage.reach("damaged snapshot offered");
      const { bytes, damage } = damaged(saved.bytes, this.key, address);
      if (!machine.observe("before-refusal")) return false;
      const chunks = this.#chunks(bytes.length, place, address);
      if (machine.restore(saved, bytes, why, chunks, damage) === "broke") return false;
      if (!machine.observe("after-refusal")) return false;
    }
    return true;
  }

  #chunks(length: number, place: string, address: Address): readonly number[] {
    const { stage } = this;
    let largest = 0;
    for (const { plan } of stage.activeOf("snapshot-chunks")) {
      if (plan.partition !== undefined && plan.partition !== this.partition) continue;
      largest = plan.with["largest"] ?? 7;
      stage.count("snapshot-chunks");
      stage.reach("snapshot given in small chunks");
    }
    const recorded = stage.schedule?.chunks.get(place);
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
