// Judges observed and saved states of one partition: against the model as it stood at that index, against other replicas,
// against the observation before, and by what the bytes say of themselves.
import type { ObserveLine, SaveLine } from "../trace/line.js";
import type { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { catalogue } from "./catalogue.js";
import type { Court } from "./court.js";
import type { StateDifference } from "./difference.js";
import type { Tally } from "./ledger.js";
import { participantsAlive } from "./invariants/elections.js";
import { holderAlive } from "./invariants/locks.js";
import { sameState } from "./invariants/replicas.js";
import { asModelled } from "./invariants/services.js";
import { deadStaysDead } from "./invariants/sessions.js";
import { canonical, changeNothing, invisible, refusesDamage } from "./invariants/snapshots.js";
import { nothingDueLeft } from "./invariants/time.js";
import { sameBytes } from "./models/service.js";
import type { Property } from "./property.js";
import { disorderOf, dueIn, ghostIn, readSavedState, type SavedState } from "./saved-state.js";
import { compareStates } from "./states.js";
import type { Stand } from "./stand.js";

/** Observations kept for comparison with other replicas at the same index. */
const KEPT = 256;
/** A replica that differed so often is counted, and no longer explained. */
const EXPLAINED = 200;

const byState: readonly Property[] = [
  ...catalogue.filter((property) => property.state !== undefined && property !== asModelled),
  asModelled,
];
const judgeStates = catalogue.filter((property) => property.judgesState !== undefined);

interface Seen {
  readonly bytes: Uint8Array;
  readonly line: number;
  readonly replica: number;
  /** What was found out when these bytes turned out to be the model's state. */
  found: Found | null;
}

interface Found {
  readonly state: PartitionSnapshot;
  /** The properties that it gave something to judge. */
  readonly claims: readonly Tally[];
  /** Whether it was seen to encode to itself. */
  readonly encoded: boolean;
}

/** What an observation showed. */
export interface Sighting {
  readonly state: PartitionSnapshot;
  readonly stand: Stand;
}

export class Sight {
  readonly #court: Court;
  #inOrderSeen = 0;
  readonly #byIndex = new Map<bigint, Seen>();
  // Kinds of difference that a replica showed which was never restored; and those of restored ones, with their lines.
  readonly #pristineShows = new Set<string>();
  readonly #restoredShow = new Map<string, { readonly lines: readonly number[]; readonly says: string }>();

  constructor(court: Court) {
    this.#court = court;
  }

  /** Judges the bytes; returns what they say, where they can be read. */
  see(line: ObserveLine | SaveLine, at: number): Sighting | null {
    const court = this.#court;
    const stand = court.stand(line.replica);
    const why = line.e === "save" ? "save" : line.why;
    const { bytes } = line;
    const { snapshots, observations } = court.capabilities;
    // A machine that shows itself by observe() saves what nobody but itself can read, or compare with what it shows.
    if (line.e === "save" && observations !== undefined) return null;
    const shown = observations ?? snapshots;
    if (shown === "canonical") {
      this.#besideItself(stand, bytes, why, at);
      this.#besideOthers(line.index, stand, bytes, at);
    } else {
      for (const property of [sameState, canonical, changeNothing]) {
        court.ledger.lacks(property, `the machine's snapshots are ${shown}`);
      }
    }
    stand.seen = { line: at, bytes, why };
    if (shown === "opaque") {
      for (const property of judgeStates) court.ledger.lacks(property, "the machine's snapshots are opaque");
      return null;
    }
    const known = shown === "canonical" ? (this.#byIndex.get(line.index) ?? null) : null;
    const again = known?.found ?? null;
    if (known !== null && again !== null && this.#isKnown(known, again, line)) {
      this.#judgeAgain(again, stand, at);
      return { state: again.state, stand };
    }
    const saved = readSavedState(bytes);
    if (saved.kind === "unreadable") {
      const finding = {
        says: `a saved state cannot be read: ${saved.says}`,
        expected: "a readable state",
        got: "none",
      };
      court.ledger.breaks(canonical, finding, [at], "snapshot");
      stand.diverged = true;
      return null;
    }
    const found = this.#judge(saved, line.index, stand, at);
    if (known !== null && known.bytes === bytes) known.found = found;
    return { state: saved.state, stand };
  }

  // Bytes that were judged at this index, and found to be the model's state, come to the same again. That they encode to
  // themselves is looked at whenever it is its turn and it was not looked at before.
  #isKnown({ bytes }: Seen, { encoded }: Found, line: ObserveLine | SaveLine): boolean {
    if (!encoded && this.#encodesNext) return false;
    return this.#court.model.remembers(line.index) && sameBytes(bytes, line.bytes);
  }

  #judgeAgain({ claims }: Found, stand: Stand, at: number): void {
    for (const tally of claims) tally.judged++;
    this.#court.ledger.of(canonical).judged++;
    this.#inOrderSeen++;
    this.#afterRestore([], stand, at);
  }

  // That a state which is the model's encodes to itself is seen of every fourth: it costs as much as all the rest.
  get #encodesNext(): boolean {
    return (this.#inOrderSeen & 3) === 0;
  }

  #besideItself(stand: Stand, bytes: Uint8Array, why: string, at: number): void {
    const before = stand.seen;
    if (before === null) return;
    const property = why === "after-refusal" ? refusesDamage : changeNothing;
    this.#court.ledger.of(property).judged++;
    if (sameBytes(before.bytes, bytes)) return;
    const what = why === "after-refusal" ? "a refused restore" : why === "after-query" ? "a query" : "a snapshot";
    const finding = { says: `${what} changed the state`, expected: "the state as it was", got: "another" };
    this.#court.ledger.breaks(property, finding, [before.line, at], what);
  }

  #besideOthers(index: bigint, stand: Stand, bytes: Uint8Array, at: number): void {
    const other = this.#byIndex.get(index);
    if (other === undefined) {
      this.#byIndex.set(index, { bytes, line: at, replica: stand.replica, found: null });
      if (this.#byIndex.size > KEPT) this.#byIndex.delete(this.#byIndex.keys().next().value as bigint);
      return;
    }
    if (other.replica === stand.replica) return;
    this.#court.ledger.of(sameState).judged++;
    if (sameBytes(other.bytes, bytes)) return;
    const says = `replicas ${other.replica} and ${stand.replica} have other states at index ${index}`;
    const finding = { says, expected: "the same bytes", got: "others" };
    this.#court.ledger.breaks(sameState, finding, [other.line, at], "snapshot");
  }

  // Answers what was found, where the state is the model's and in order.
  #judge(saved: SavedState & { kind: "state" }, index: bigint, stand: Stand, at: number): Found | null {
    const { ledger, kinds, model } = this.#court;
    const { state } = saved;
    const claims: Tally[] = [];
    for (const property of judgeStates) if (property.judgesState?.(state) === true) claims.push(ledger.of(property));
    for (const tally of claims) tally.judged++;
    if (!model.remembers(index)) {
      ledger.lacks(asModelled, "the replica lags behind further than the judge remembers");
      this.#inOrder(saved, false, true, at);
      this.#byItself(state, at);
      return null;
    }
    let encoded = false;
    let inOrder = false;
    const differences = model.at(index, () => {
      const compared = compareStates(state, index, model, kinds);
      encoded = !compared.sameData || this.#encodesNext;
      inOrder = this.#inOrder(saved, compared.sameData, encoded, at);
      if (compared.differences.length > 0) this.#explain(compared.differences, stand, at);
      return compared.differences;
    });
    this.#afterRestore(differences, stand, at);
    if (differences.length === 0) return inOrder ? { state, claims, encoded } : null;
    this.#byItself(state, at);
    stand.diverged = true;
    return null;
  }

  #inOrder(saved: SavedState & { kind: "state" }, sameData: boolean, encoded: boolean, at: number): boolean {
    const { ledger, kinds, capabilities } = this.#court;
    if ((capabilities.observations ?? capabilities.snapshots) !== "canonical") return true;
    ledger.of(canonical).judged++;
    if (sameData) this.#inOrderSeen++;
    const disorder = disorderOf(saved, kinds, sameData, encoded);
    if (disorder === null) return true;
    ledger.breaks(canonical, { says: disorder, expected: "canonical order", got: disorder }, [at], "snapshot");
    return false;
  }

  #explain(all: readonly StateDifference[], stand: Stand, at: number): void {
    const { ledger, astray } = this.#court;
    // Of a command that was answered otherwise than expected its outputs differ, too: that says nothing new.
    const differences = all.filter(
      (each) => !("command" in each) || each.what === "command-missing" || !astray.has(each.command),
    );
    if (stand.differences++ >= EXPLAINED) return ledger.breaksAgain(asModelled);
    for (const property of byState) {
      for (const difference of differences) {
        const finding = property.state?.(difference) ?? null;
        if (finding === null) continue;
        ledger.breaks(property, finding, [...difference.lines, at], `snapshot: ${shapeOf(difference)}`);
        break;
      }
    }
  }

  // What the state itself contradicts, whatever the model says.
  #byItself(state: PartitionSnapshot, at: number): void {
    const { ledger, kinds } = this.#court;
    const due = dueIn(state, kinds);
    if (due !== null) {
      const finding = {
        says: `${due} is past its deadline and still there`,
        expected: "nothing due",
        got: "something due",
      };
      ledger.breaks(nothingDueLeft, finding, [at], "snapshot");
    }
    const ghost = ghostIn(state, kinds);
    if (ghost === null) return;
    const says = `session ${ghost.session} is no more, and is a ${ghost.as} of a ${ghost.kind}`;
    const finding = { says, expected: "living sessions only", got: `a dead ${ghost.as}` };
    ledger.breaks(deadStaysDead, finding, [at], "snapshot");
    if (ghost.as === "holder") ledger.breaks(holderAlive, finding, [at], "snapshot");
    if (ghost.as === "participant") ledger.breaks(participantsAlive, finding, [at], "snapshot");
  }

  // A restored replica must hold what one that never was holds; whether others show the same is known at the end.
  #afterRestore(differences: readonly StateDifference[], stand: Stand, at: number): void {
    const { ledger } = this.#court;
    if (stand.restoredLine === 0) {
      for (const difference of differences) this.#pristineShows.add(shapeOf(difference));
      return;
    }
    if (stand.diverged) return ledger.lacks(invisible, "the replica had differed before");
    ledger.of(invisible).judged++;
    for (const difference of differences) {
      const shape = shapeOf(difference);
      if (this.#restoredShow.has(shape)) continue;
      this.#restoredShow.set(shape, { lines: [stand.restoredLine, at], says: difference.says });
    }
  }

  finish(): void {
    for (const [shape, { lines, says }] of this.#restoredShow) {
      if (this.#pristineShows.has(shape)) continue;
      const finding = { says: `after a restore: ${says}`, expected: "the state without a restore", got: shape };
      this.#court.ledger.breaks(invisible, finding, lines, "snapshot");
    }
  }
}

const shapeOf = (difference: StateDifference): string =>
  difference.what === "data" ? `${difference.service.spec.service} ${difference.data.what}` : difference.what;
