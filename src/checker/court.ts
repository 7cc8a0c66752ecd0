// The court of one partition: its model, and every replica's answers beside it and beside each other. An entry's expected
// answer is made once, when it is committed; replicas are compared with it as they come by, in whatever order.
// Observed states are judged in sight.ts, queries in enquiry.ts; both use the model that lives here.
import type { Applied, Capabilities } from "../protocol/machine.js";
import type { ApplyLine, BrokeLine, CommitLine, ReplicaLine, RestoreLine } from "../trace/line.js";
import { answerDifferences, isAsExpected, judgeable, sameApplied } from "./answers.js";
import { catalogue } from "./catalogue.js";
import type { AnswerDifference } from "./difference.js";
import { sameOutputs, total } from "./invariants/replicas.js";
import { asModelled } from "./invariants/services.js";
import { invisible, refusesDamage } from "./invariants/snapshots.js";
import type { Ledger, Tally } from "./ledger.js";
import type { Milestones } from "./milestones.js";
import type { ModelRegistry } from "./models/service.js";
import { PartitionModel } from "./models/sessions.js";
import type { CommandState, Step } from "./models/step.js";
import type { Property } from "./property.js";
import { entryShape } from "./shapes.js";
import { type Saved, Stand } from "./stand.js";

/** Entries that are remembered at most, so that a replica that lags further behind than that is not judged. */
const WINDOW = 20_000;
/** A replica that differed so often is counted, and no longer explained. */
const EXPLAINED = 200;

// The claim that covers everything comes last, so that the more telling one is the first of a line.
const byAnswer: readonly Property[] = [
  ...catalogue.filter((property) => property.answer !== undefined && property !== asModelled),
  asModelled,
];
const byStep = catalogue.filter((property) => property.judges !== undefined);

interface Entry {
  readonly step: Step;
  /** Whom this entry gives something to judge, on every replica. */
  readonly claims: readonly Tally[];
  first: Applied | null;
  firstLine: number;
  firstIsExpected: boolean;
  /** What the first difference broke. */
  broke: readonly Property[];
  /** The answer of a replica that was never restored. */
  pristine: Applied | null;
  /** Answers of restored replicas that differ, while no other replica has answered. */
  awaiting: { readonly applied: Applied; readonly line: number; readonly restoredLine: number }[] | null;
}

export class Court {
  readonly model: PartitionModel;
  readonly stands = new Map<number, Stand>();
  readonly ledger: Ledger;
  readonly kinds: ModelRegistry;
  readonly capabilities: Capabilities;
  /** Commands that were answered otherwise than expected: what is repeated of them later says nothing new. */
  readonly astray = new WeakSet<CommandState>();
  readonly #milestones: Milestones;
  readonly #saved = new Map<number, Saved>();
  #entries: Entry[] = [];
  // The index of the first of them.
  #from = 1n;

  constructor(
    replicas: number,
    capabilities: Capabilities,
    ledger: Ledger,
    kinds: ModelRegistry,
    milestones: Milestones,
  ) {
    this.ledger = ledger;
    this.kinds = kinds;
    this.capabilities = capabilities;
    this.#milestones = milestones;
    this.model = new PartitionModel(kinds, capabilities.services);
    for (let replica = 1; replica <= replicas; replica++) this.stands.set(replica, new Stand(replica));
  }

  /** The judge's knowledge of a replica; the shadow is known when it is first seen. */
  stand(replica: number): Stand {
    let stand = this.stands.get(replica);
    if (stand === undefined) this.stands.set(replica, (stand = new Stand(replica)));
    return stand;
  }

  commit(line: CommitLine, at: number): Step {
    const step = this.model.step(at, line.input);
    this.#entries.push({
      step,
      claims: this.#claimsOf(step),
      first: null,
      firstLine: 0,
      firstIsExpected: true,
      broke: [],
      pristine: null,
      awaiting: null,
    });
    if ((step.index & 255n) === 0n) this.#forget();
    this.#milestones.stepped(step, line.partition);
    return step;
  }

  #claimsOf(step: Step): Tally[] {
    const claims: Tally[] = [];
    for (const property of byStep) if (property.judges?.(step) === true) claims.push(this.ledger.of(property));
    return claims;
  }

  apply(line: ApplyLine, at: number): void {
    const stand = this.stand(line.replica);
    const applied = judgeable(line.applied, this.model);
    this.ledger.of(total).judged++;
    if (line.index !== stand.index + 1n) this.#outOfTurn(line, stand, at);
    stand.index = line.index;
    stand.seen = null;
    const entry = this.#entries[Number(line.index - this.#from)];
    if (entry === undefined) {
      this.ledger.lacks(asModelled, "the replica lags behind further than the judge remembers");
      return;
    }
    for (const tally of entry.claims) tally.judged++;
    let expected = entry.firstIsExpected;
    if (entry.first === null) {
      entry.first = applied;
      entry.firstLine = at;
      expected = entry.firstIsExpected = isAsExpected(entry.step, applied, this.kinds);
      if (!expected) entry.broke = this.#explain(entry.step, applied, stand, at);
    } else {
      expected = this.#beside(entry, applied, stand, at);
    }
    this.#afterRestore(entry, applied, stand, at, expected);
    if (!expected) stand.diverged = true;
  }

  // A replica answers an index that another one has answered.
  #beside(entry: Entry, applied: Applied, stand: Stand, at: number): boolean {
    this.ledger.of(sameOutputs).judged++;
    if (sameApplied(entry.first as Applied, applied)) {
      if (!entry.firstIsExpected) for (const property of entry.broke) this.ledger.breaksAgain(property);
      return entry.firstIsExpected;
    }
    const expected = isAsExpected(entry.step, applied, this.kinds);
    if (!expected) this.#explain(entry.step, applied, stand, at);
    const lines = [entry.step.line, entry.firstLine, at];
    const finding = {
      says: `two replicas differ at index ${entry.step.index}`,
      expected: "the same answer",
      got: "another",
    };
    this.ledger.breaks(sameOutputs, finding, lines, entryShape(entry.step));
    return expected;
  }

  #outOfTurn(line: ApplyLine, stand: Stand, at: number): void {
    const again = line.index <= stand.index;
    const says = `replica ${line.replica} had applied ${stand.index}, and applied ${line.index} next`;
    const got = again ? "an entry again" : "an entry further on";
    const lines = stand.restoredLine === 0 ? [at] : [stand.restoredLine, at];
    this.ledger.breaks(sameOutputs, { says, expected: "the next entry", got }, lines, "apply");
    stand.diverged = true;
  }

  // Names what a difference breaks. Returns the properties.
  #explain(step: Step, applied: Applied, stand: Stand, at: number): Property[] {
    const entry = entryShape(step);
    if (stand.differences++ >= EXPLAINED || !this.model.remembers(step.index)) {
      this.ledger.breaksAgain(asModelled);
      return [asModelled];
    }
    return this.model.at(step.index, () => {
      const differences = answerDifferences(step, applied, this.model, this.kinds);
      const broke: Property[] = [];
      const repeated = step.run === "retry" && step.command !== null && this.astray.has(step.command);
      this.#goAstray(step, differences);
      for (const property of repeated ? [asModelled] : byAnswer) {
        for (const difference of differences) {
          const finding = property.answer?.(difference) ?? null;
          if (finding === null) continue;
          this.ledger.breaks(property, finding, [step.line, at], entry);
          broke.push(property);
          break;
        }
      }
      return broke;
    });
  }

  #goAstray(step: Step, differences: readonly AnswerDifference[]): void {
    for (const difference of differences) {
      if (difference.what === "emission-missing" || difference.what === "emission-changed") {
        this.astray.add(difference.emission.command);
      } else if (difference.what === "emission-extra") {
        if (difference.command !== null) this.astray.add(difference.command);
      } else if (step.command !== null) this.astray.add(step.command);
    }
  }

  // A restored replica must answer as one that never was. Where none has answered yet, the verdict waits for one.
  #afterRestore(entry: Entry, applied: Applied, stand: Stand, at: number, expected: boolean): void {
    if (stand.restoredLine === 0) {
      if (entry.pristine === null) this.#settle(entry, applied);
      return;
    }
    if (stand.diverged) return this.ledger.lacks(invisible, "the replica had differed before");
    this.ledger.of(invisible).judged++;
    const { pristine } = entry;
    if (pristine !== null ? sameApplied(pristine, applied) : expected) return;
    const deviation = { applied, line: at, restoredLine: stand.restoredLine };
    if (pristine !== null) this.#restoreShows(entry, deviation);
    else (entry.awaiting ??= []).push(deviation);
  }

  #settle(entry: Entry, pristine: Applied | null): void {
    entry.pristine = pristine;
    if (entry.awaiting === null) return;
    for (const deviation of entry.awaiting) {
      if (pristine === null || !sameApplied(pristine, deviation.applied)) this.#restoreShows(entry, deviation);
    }
    entry.awaiting = null;
  }

  #restoreShows(entry: Entry, { line, restoredLine }: { line: number; restoredLine: number }): void {
    const says = `a replica that was restored answers index ${entry.step.index} otherwise than one that never was`;
    const finding = { says, expected: "the answer without a restore", got: "another" };
    this.ledger.breaks(invisible, finding, [restoredLine, entry.step.line, line], entryShape(entry.step));
  }

  // --- the life of a replica

  replica(line: ReplicaLine): void {
    const stand = this.stand(line.replica);
    if (line.change === "crash") stand.down = true;
    if (line.change === "restart") stand.restart();
  }

  broke(line: BrokeLine, at: number): void {
    const stand = this.stand(line.replica);
    stand.down = true;
    stand.diverged = true;
    const step = this.#entries[Number(line.index - this.#from)]?.step;
    const shape = line.during === "apply" && step !== undefined ? entryShape(step) : line.during;
    const lines = line.during === "apply" && step !== undefined ? [step.line, at] : [at];
    const says = `replica ${line.replica} ${line.how} during ${line.during} at index ${line.index}: ${line.message}`;
    this.ledger.breaks(total, { says, expected: "a reply", got: line.how }, lines, shape);
  }

  saved(snapshot: number, index: bigint, stand: Stand, at: number): void {
    this.#saved.set(snapshot, { line: at, index, diverged: stand.diverged });
    stand.anchor = index;
    if (this.#saved.size > 256)
      for (const old of this.#saved.keys()) if (old <= snapshot - 256) this.#saved.delete(old);
  }

  restore(line: RestoreLine, at: number): void {
    const stand = this.stand(line.replica);
    const saved = this.#saved.get(line.snapshot);
    const lines = saved === undefined ? [at] : [saved.line, at];
    const damaged = line.damage !== undefined;
    this.ledger.of(refusesDamage).judged++;
    if (line.result.kind === "refused") {
      if (damaged) return;
      const says = `what was saved at index ${line.index} was refused: ${line.result.message}`;
      this.ledger.breaks(refusesDamage, { says, expected: "restored", got: "refused" }, lines, "restore");
      stand.diverged = true;
      return;
    }
    if (damaged) {
      const says = `a damaged state was taken over: ${line.damage}`;
      this.ledger.breaks(refusesDamage, { says, expected: "refused", got: "restored" }, lines, "restore");
    }
    stand.index = line.index;
    stand.anchor = line.index;
    stand.restoredLine = at;
    stand.seen = null;
    stand.diverged = damaged || (saved?.diverged ?? false);
    this.#milestones.restored(this.model, line.index);
  }

  /** What is left to be said at the end of the run. */
  finish(): void {
    for (const entry of this.#entries) this.#settle(entry, entry.pristine);
  }

  // Entries that no replica can come back to are forgotten, and so are those that are far behind.
  #forget(): void {
    let low = this.model.index;
    for (const { replica, anchor, index } of this.stands.values()) {
      // The shadow never goes back.
      const back = anchor < index && replica !== 0 ? anchor : index;
      if (back < low) low = back;
    }
    const window = this.model.index - BigInt(WINDOW);
    if (low < window) low = window;
    const drop = Number(low + 1n - this.#from);
    if (drop < 1024) return;
    for (let i = 0; i < drop; i++) {
      const entry = this.#entries[i] as Entry;
      if (entry.awaiting !== null) this.#settle(entry, entry.pristine);
    }
    this.#entries = this.#entries.slice(drop);
    this.#from += BigInt(drop);
    this.model.forget(Number(this.model.index - low));
  }
}
