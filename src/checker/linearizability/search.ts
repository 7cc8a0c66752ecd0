// The search for a legal order: Wing and Gong's tree with Lowe's memory and just-in-time linearization, over the integers
// of a Timeline and a Kernel. It knows no model, no clock, no history. docs/explanation/linearizability.md argues it at length.
//
// A frontier is the next return that must be met. A configuration is a frontier, the kernel's state, the open operations
// that are owed (they must be linearized before their return) and those that are free (they may be). At a frontier whose
// operation X is owed, an open operation is linearized: X, and the next return is met; or another one, and X waits.
// Every legal order is met in exactly one way so, hence leaving out branches is all that can go wrong. What is left out:
//
// 1. Read-only operations that are legal now are taken at once, without a branch: they change nothing, so whatever order
//    completes the configuration without them first also does with them first.
//        a  |--write 1--|           In state 0, read 0 is taken. write(0) would not be: "write 0, write 1, write 0"
//        b    |-read 0-|            needs it later, and it changes states other than 0.
// 2. Of operations of one class, one is not tried while another is open that is owed and returns earlier, or that is as
//    free: in any order that uses the later one first the two can change places.
//        a  |--inc--|               (By call instead of by return it is unsound: b, called first, might be
//        b |--------inc--------|    linearized in time for a's place, but a not in b's.)
//    A free one that returns earlier does not speak for an owed one: the debt would stay.
// 3. When a reset R is linearized, every open owed operation that is legal in every state becomes free: it can be put just
//    before R, where nobody sees it. If it is used later, then because somebody does see it.
//        a  |--write 1--|           Once write 2 is linearized, write 1 owes nothing any more.
//        b    |-write 2-|
// 4. A free operation is used only if one that is open now sees it: is legal after it, but not before it or with another
//    result. Without a witness it can be left out of the order, unless it is a reset that makes others free. For such a one,
//    as for an owed one that is legal in every state, a next operation that is not a reset is enough; before a reset it
//    would be free by 3, and the second reset makes free what the first one would.
//        a  |--write 1--|           write 1 before write 2 is never tried: write 2 first, then write 1 is free.
//        b    |-write 2-|
// 5. A configuration is given up when an owed target (of the next ones to return) can't be reached any more: the kernel
//    says that it takes a reset, and all resets that are called before its return are spent.
//        a  |-append x-|                In state "y", with no put to come, read "xy" will never be legal.
//        b               |-read xy-|
// 6. A configuration is given up if one that dominates it was met (ConfigurationTable).
//
// Why these go together: of the orders that complete a configuration take a shortest one, and among those the least by 2.
// 1, 2 and 6 keep or cut the length; 3 and 4 replace an order by a shorter one. So some completion survives them all.
import type { ConfigurationTable } from "./configuration-table.js";
import { IntPool } from "./event-order.js";
import type { Kernel } from "./kernel.js";
import { AVOIDS, DOES, ILLEGAL, LEAVES, MEETS, MOVES, READ_ONLY, RESET, SETS, TARGET, TOTAL, TRIES } from "./kernel.js";
import type { Exhausted, Patience } from "./patience.js";
import { OutOfPatience } from "./patience.js";
import { OPTIONAL } from "./timeline.js";
import type { Timeline } from "./timeline.js";

// What a frame holds of the configuration that it branches from.
const TRAIL = 0;
const FRONTIER = 1;
const STATE = 2;
const RESETS = 3;
const FIRST = 4;
const NEXT = 5;
const FRAME = 6;

const REMEMBER_EVERY = 7;

const TRY_FRONTIER = -1;
const TRY_OTHERS = -2;

// The trail: an operation linearized is its number times four; one that was let go as it returned adds LET_GO; meeting a
// frontier is ADVANCED.
export const LET_GO = 1;
export const ADVANCED = 2;

/** What a finished search knows. */
export type Found =
  | { readonly verdict: "legal"; readonly trail: Int32Array; readonly length: number }
  | { readonly verdict: "illegal"; readonly deepest: number }
  | { readonly verdict: "undecided"; readonly exhausted: Exhausted; readonly deepest: number };

/** Hears of every configuration that is entered: its frontier, and the trail to it, good until it returns. */
export type Witness = (frontier: number, trail: Int32Array, length: number) => void;

const trailPool = new IntPool();
const framePool = new IntPool();
const nextPool = new IntPool();
const previousPool = new IntPool();
const candidatePool = new IntPool();

export class Search {
  private frontier = 0;
  private state = 0;
  private resetsSpent = 0;
  private changed = false;
  private deepest = 0;
  private owed = new Int32Array(1);
  private free = new Int32Array(1);

  // Open operations that are not linearized, by number: a list of those that return, from the sentinel `count`, and one
  // of those that never do, from `count + 1`. Unlinking leaves a node's own links, so undoing in reverse order mends both.
  private next: Int32Array = new Int32Array(0);
  private previous: Int32Array = new Int32Array(0);

  private trail: Int32Array = new Int32Array(0);
  private trailLength = 0;
  private frames: Int32Array = new Int32Array(0);
  private depth = 0;
  private frameSize = FRAME + 2;
  private candidates: Int32Array = new Int32Array(0);
  private candidateCount = 0;

  private kernel!: Kernel;
  private wants: Int32Array = new Int32Array(0);
  private gives: Int32Array = new Int32Array(0);

  constructor(
    private readonly timeline: Timeline,
    private readonly table: ConfigurationTable,
  ) {}

  /** Searches the timeline, which was laid out for `kernel`. What it finds is good until the next run. */
  run(kernel: Kernel, patience: Patience, witness?: Witness): Found {
    this.forget();
    return this.runFrom(this.timeline.initial, kernel, patience, witness);
  }

  /** Forgets what runs over another timeline have met. */
  forget(): void {
    this.table.clear(this.timeline.words);
  }

  /** The same from another state, after runs over the same timeline that were all illegal: what they met stays met. */
  runFrom(state: number, kernel: Kernel, patience: Patience, witness?: Witness): Found {
    this.kernel = kernel;
    this.wants = kernel.program.wants;
    this.gives = kernel.program.gives;
    this.start(state);
    try {
      return this.loop(patience, witness);
    } catch (error) {
      if (error instanceof OutOfPatience) {
        return { verdict: "undecided", exhausted: error.exhausted, deepest: this.deepest };
      }
      throw error;
    }
  }

  private start(state: number): void {
    const { count, returns, words } = this.timeline;
    this.frameSize = FRAME + 2 * words;
    if (this.owed.length < words) {
      this.owed = new Int32Array(words);
      this.free = new Int32Array(words);
    }
    this.owed.fill(0);
    this.free.fill(0);
    this.trail = trailPool.take(count + returns + 1);
    this.frames = framePool.take(64 * this.frameSize);
    this.next = nextPool.take(count + 2);
    this.previous = previousPool.take(count + 2);
    this.next[count] = this.previous[count] = count;
    this.next[count + 1] = this.previous[count + 1] = count + 1;
    this.candidates = candidatePool.take(256);
    this.frontier = 0;
    this.state = state;
    this.resetsSpent = 0;
    this.deepest = 0;
    this.trailLength = 0;
    this.depth = 0;
    this.candidateCount = 0;
    this.changed = this.timeline.constrained;
  }

  private loop(patience: Patience, witness: Witness | undefined): Found {
    const { timeline, table } = this;
    let alive = this.open(0, timeline.called[0] as number) && this.settle();
    for (;;) {
      let isNew = false;
      if (alive) {
        if (this.frontier === timeline.returns) {
          return { verdict: "legal", trail: this.trail, length: this.trailLength };
        }
        if (this.frontier > this.deepest) this.deepest = this.frontier;
        witness?.(this.frontier, this.trail, this.trailLength);
        const exhausted = patience.spend(table.bytes);
        if (exhausted !== null) return { verdict: "undecided", exhausted, deepest: this.deepest };
        if (!table.seen(this.frontier, this.state, this.owed, this.free)) {
          this.branch();
          isNew = true;
        }
      }
      if (!this.tryNext(isNew)) return { verdict: "illegal", deepest: this.deepest };
      alive = this.settle();
    }
  }

  // The state after an operation: `stepOf`, once more, over arrays at hand.
  private step(state: number, number: number): number {
    const { flags, classes } = this.timeline;
    const operationClass = classes[number] as number;
    switch ((flags[number] as number) & DOES) {
      case MEETS:
        return this.wants[operationClass] === state ? (this.gives[operationClass] as number) : ILLEGAL;
      case AVOIDS:
        return this.wants[operationClass] === state ? ILLEGAL : state;
      case SETS:
        return this.gives[operationClass] as number;
      case TRIES:
        return this.wants[operationClass] === state ? (this.gives[operationClass] as number) : state;
      case LEAVES:
        return state;
      case MOVES: {
        const most = this.wants[operationClass] as number;
        const after = state + (this.gives[operationClass] as number);
        return after > most ? most + 1 : after;
      }
      default:
        return this.kernel.step(state, operationClass);
    }
  }

  // -- moving on -----------------------------------------------------------------------------------------------------

  // Takes what is read-only and legal, and meets the returns that owe nothing. False: a target is out of reach.
  private settle(): boolean {
    const { timeline, owed, free } = this;
    const { slots, returns } = timeline;
    if (this.changed && !this.read()) return false;
    while (this.frontier < returns) {
      const x = this.frontier;
      const slot = slots[x] as number;
      const word = slot >> 5;
      const bit = 1 << (slot & 31);
      if (((owed[word] as number) & bit) !== 0) {
        if (!this.goOn(x)) return this.targetInReach();
        if (this.changed && !this.read()) return false;
        continue;
      }
      if (((free[word] as number) & bit) !== 0) {
        if (this.isLastChance(x)) return this.targetInReach();
        this.letGo(x);
      }
      if (!this.advance()) return false;
    }
    return true;
  }

  // Whether it may matter if a free operation is used as the last one before its return.
  private isLastChance(x: number): boolean {
    const { timeline, next } = this;
    const { count } = timeline;
    if (this.step(this.state, x) !== this.state) return true;
    for (let i = next[count] as number; i !== count; i = next[i] as number) {
      if (i !== x && !timeline.is(i, READ_ONLY)) return true;
    }
    return next[count + 1] !== count + 1;
  }

  private letGo(x: number): void {
    const { timeline, free } = this;
    const slot = timeline.slots[x] as number;
    free[slot >> 5] = (free[slot >> 5] as number) & ~(1 << (slot & 31));
    this.unlink(x);
    if (timeline.is(x, RESET)) this.resetsSpent++;
    this.trail[this.trailLength++] = 4 * x + LET_GO;
  }

  private advance(): boolean {
    const { timeline } = this;
    const { called } = timeline;
    const x = this.frontier;
    const from = called[x] as number;
    const to = called[x + 1] as number;
    this.trail[this.trailLength++] = ADVANCED;
    this.frontier = x + 1;
    if (to === from + 1 && timeline.byCall[from] === x + 1 && this.isAlone(x + 1)) return true;
    if (!this.open(from, to)) return false;
    return !timeline.constrained || this.read();
  }

  // Linearizes an operation that is called, and returns, while nothing else is open: it need not be opened at all, only its
  // links must be such that `undo` can open it and close it. False: it may not be as simple as that.
  private isAlone(x: number): boolean {
    const { timeline, next, previous } = this;
    const { count } = timeline;
    if (next[count] !== count || next[count + 1] !== count + 1 || timeline.constrained) return false;
    const flags = timeline.flags[x] as number;
    const after = this.step(this.state, x);
    if (after < 0 || (flags & OPTIONAL) !== 0) return false;
    next[x] = previous[x] = count;
    this.trail[this.trailLength++] = 4 * x;
    this.state = after;
    this.changed = false;
    if ((flags & RESET) !== 0) this.resetsSpent++;
    return true;
  }

  // Linearizes the frontier's operation if nothing else can be: without a branch there is nothing to come back to, and
  // nothing to remember, but now and then, lest several branches that meet go the same long way.
  private goOn(x: number): boolean {
    const { timeline, next } = this;
    const { count, flags } = timeline;
    if ((x & REMEMBER_EVERY) === REMEMBER_EVERY || next[count + 1] !== count + 1) return false;
    for (let i = next[count] as number; i !== count; i = next[i] as number) {
      if (i !== x && ((flags[i] as number) & READ_ONLY) === 0) return false;
    }
    if (((flags[x] as number) & READ_ONLY) !== 0) return false;
    const after = this.step(this.state, x);
    if (after < 0) return false;
    this.linearize(x, after);
    return true;
  }

  // Rule 1 over all open operations; and rule 5, for those of them that are targets.
  private read(): boolean {
    const { timeline, next } = this;
    const { count, flags } = timeline;
    for (let i = next[count] as number; i !== count; i = next[i] as number) {
      if (((flags[i] as number) & (READ_ONLY | TARGET)) === 0) continue;
      if (!this.readOne(i)) return false;
      // What was linearized may be what an earlier one had to wait for.
      if (timeline.constrained && next[this.previous[i] as number] !== i) i = count;
    }
    return true;
  }

  private readOne(number: number): boolean {
    const { timeline, state } = this;
    const flags = timeline.flags[number] as number;
    if (this.step(state, number) !== ILLEGAL) {
      if ((flags & READ_ONLY) === 0 || (timeline.constrained && !this.mayFollow(number))) return true;
      const slot = timeline.slots[number] as number;
      const word = slot >> 5;
      this.owed[word] = (this.owed[word] as number) & ~(1 << (slot & 31));
      this.unlink(number);
      this.trail[this.trailLength++] = 4 * number;
      return true;
    }
    return (flags & TARGET) === 0 || !this.isLost(number);
  }

  private isLost(target: number): boolean {
    const { timeline } = this;
    if (timeline.is(target, OPTIONAL)) return false;
    const escape = timeline.resets[target] !== this.resetsSpent;
    return !escape && this.kernel.hopeless(this.state, timeline.classes[target] as number);
  }

  // Rule 5 for the first target that is owed, be it called yet or not.
  private targetInReach(): boolean {
    const { timeline, frontier } = this;
    const { target, returns, callRank, called } = timeline;
    for (let z = target[frontier] as number; z !== returns; z = target[z + 1] as number) {
      const isCalled = (callRank[z] as number) < (called[frontier] as number);
      if (!isCalled || this.isOpen(z, this.owed)) return !this.isLost(z);
    }
    return true;
  }

  private isOpen(number: number, set: Int32Array): boolean {
    const slot = this.timeline.slots[number] as number;
    return ((set[slot >> 5] as number) & (1 << (slot & 31))) !== 0;
  }

  // Whether the operation of its session that has to come before it is linearized.
  private mayFollow(number: number): boolean {
    const { after, callRank, called } = this.timeline;
    const before = after[number] as number;
    if (before < 0 || before < this.frontier) return true;
    return (callRank[before] as number) < (called[this.frontier] as number) && !this.isOpen(before, this.owed);
  }

  // Opens the operations that are called before the frontier's return, in reverse undone by `undo`. False as in `settle`.
  private open(from: number, to: number): boolean {
    const { timeline, next, previous, owed, free } = this;
    const { byCall, slots, flags, returns, count } = timeline;
    let heard = 0;
    for (let c = from; c < to; c++) {
      const number = byCall[c] as number;
      const sentinel = number < returns ? count : count + 1;
      let before = previous[sentinel] as number;
      if (number < returns) while (before !== count && before > number) before = previous[before] as number;
      const behind = next[before] as number;
      next[number] = behind;
      previous[number] = before;
      next[before] = number;
      previous[behind] = number;
      const slot = slots[number] as number;
      const mine = flags[number] as number;
      heard |= mine;
      const set = (mine & OPTIONAL) === 0 ? owed : free;
      set[slot >> 5] = (set[slot >> 5] as number) | (1 << (slot & 31));
    }
    if ((heard & (READ_ONLY | TARGET)) === 0) return true;
    for (let c = from; c < to; c++) {
      const number = byCall[c] as number;
      if (((flags[number] as number) & (READ_ONLY | TARGET)) !== 0 && !this.readOne(number)) return false;
    }
    return true;
  }

  private unlink(number: number): void {
    const { next, previous } = this;
    const before = previous[number] as number;
    const behind = next[number] as number;
    next[before] = behind;
    previous[behind] = before;
  }

  private linearize(number: number, state: number): void {
    const { timeline, owed, free } = this;
    const slot = timeline.slots[number] as number;
    const mask = ~(1 << (slot & 31));
    owed[slot >> 5] = (owed[slot >> 5] as number) & mask;
    free[slot >> 5] = (free[slot >> 5] as number) & mask;
    this.unlink(number);
    this.trail[this.trailLength++] = 4 * number;
    this.changed = state !== this.state || timeline.constrained;
    this.state = state;
    if (!timeline.is(number, RESET)) return;
    this.resetsSpent++;
    if (!timeline.constrained) this.release();
  }

  // Rule 3.
  private release(): void {
    const { timeline, next, owed, free } = this;
    const { count, flags, slots } = timeline;
    for (let i = next[count] as number; i !== count; i = next[i] as number) {
      if (((flags[i] as number) & TOTAL) === 0) continue;
      const slot = slots[i] as number;
      const bit = 1 << (slot & 31);
      owed[slot >> 5] = (owed[slot >> 5] as number) & ~bit;
      free[slot >> 5] = (free[slot >> 5] as number) | bit;
    }
  }

  // -- branching -----------------------------------------------------------------------------------------------------

  private branch(): void {
    const { owed, free } = this;
    const { words } = this.timeline;
    const at = this.depth++ * this.frameSize;
    if (at + this.frameSize > this.frames.length) this.frames = framePool.grow(this.frames);
    const { frames } = this;
    frames[at + TRAIL] = this.trailLength;
    frames[at + FRONTIER] = this.frontier;
    frames[at + STATE] = this.state;
    frames[at + RESETS] = this.resetsSpent;
    frames[at + FIRST] = this.candidateCount;
    frames[at + NEXT] = TRY_FRONTIER;
    for (let w = 0; w < words; w++) {
      frames[at + FRAME + w] = owed[w] as number;
      frames[at + FRAME + words + w] = free[w] as number;
    }
  }

  // Goes back to the last configuration that has a branch left, and takes it. False: there is none. `isNew`: it is there.
  private tryNext(isNew: boolean): boolean {
    for (let there = isNew; this.depth > 0; there = false) {
      const at = (this.depth - 1) * this.frameSize;
      if (!there) this.undo(at);
      const { frames } = this;
      if (frames[at + NEXT] === TRY_FRONTIER) {
        frames[at + NEXT] = TRY_OTHERS;
        const x = this.frontier;
        if (this.isOpen(x, this.free)) {
          this.letGo(x);
          this.changed = false;
          if (this.advance()) return true;
          continue;
        }
        const state = this.step(this.state, x);
        if (state >= 0) {
          this.linearize(x, state);
          return true;
        }
      }
      if (frames[at + NEXT] === TRY_OTHERS) {
        this.gather();
        frames[at + NEXT] = frames[at + FIRST] as number;
      }
      const candidate = frames[at + NEXT] as number;
      if (candidate < this.candidateCount) {
        frames[at + NEXT] = candidate + 2;
        this.linearize(this.candidates[candidate] as number, this.candidates[candidate + 1] as number);
        return true;
      }
      this.candidateCount = frames[at + FIRST] as number;
      this.depth--;
    }
    return false;
  }

  private undo(at: number): void {
    const { timeline, frames, trail, next, previous, owed, free } = this;
    const { byCall, called, words } = timeline;
    const trailLength = frames[at + TRAIL] as number;
    let frontier = this.frontier;
    for (let t = this.trailLength - 1; t >= trailLength; t--) {
      const entry = trail[t] as number;
      if (entry === ADVANCED) {
        frontier--;
        const first = called[frontier] as number;
        for (let c = (called[frontier + 1] as number) - 1; c >= first; c--) this.unlink(byCall[c] as number);
      } else {
        const number = entry >> 2;
        next[previous[number] as number] = number;
        previous[next[number] as number] = number;
      }
    }
    this.trailLength = trailLength;
    this.frontier = frames[at + FRONTIER] as number;
    this.state = frames[at + STATE] as number;
    this.resetsSpent = frames[at + RESETS] as number;
    for (let w = 0; w < words; w++) {
      owed[w] = frames[at + FRAME + w] as number;
      free[w] = frames[at + FRAME + words + w] as number;
    }
  }

  // The branches of a configuration beside its frontier's own operation, by rules 2 and 4.
  private gather(): void {
    const { timeline, next, frontier } = this;
    const { count } = timeline;
    const owed = this.isOpen(frontier, this.owed) ? frontier : -1;
    for (let i = next[count] as number; i !== count; i = next[i] as number) this.consider(i, i === owed);
    for (let i = next[count + 1] as number; i !== count + 1; i = next[i] as number) this.consider(i, false);
  }

  private consider(number: number, isFrontier: boolean): void {
    const { timeline, kernel, state } = this;
    if (timeline.is(number, READ_ONLY)) return;
    const after = this.step(state, number);
    if (after === ILLEGAL || (isFrontier && after >= 0)) return;
    const isFree = this.isOpen(number, this.free);
    if (!isFrontier && this.hasTwin(number, isFree)) return;
    if (after < 0) {
      for (const one of kernel.choices(-2 - after)) this.propose(number, one);
      return;
    }
    const releases = isFree && timeline.is(number, RESET) && !timeline.constrained && this.hasDebtor(number);
    if (isFree && after === state && !releases) return;
    const needsWitness = isFree || (timeline.is(number, TOTAL) && !timeline.constrained);
    if (number === this.frontier || !needsWitness || this.isSeen(number, after, isFree && !releases)) {
      this.propose(number, after);
    }
  }

  // Whether a reset would make another operation free, by rule 3.
  private hasDebtor(reset: number): boolean {
    const { timeline, next } = this;
    const { count } = timeline;
    for (let i = next[count] as number; i !== count; i = next[i] as number) {
      if (i !== reset && timeline.is(i, TOTAL) && this.isOpen(i, this.owed)) return true;
    }
    return false;
  }

  private propose(number: number, after: number): void {
    if (this.candidateCount + 2 > this.candidates.length) {
      this.candidates = candidatePool.grow(this.candidates);
    }
    this.candidates[this.candidateCount++] = number;
    this.candidates[this.candidateCount++] = after;
  }

  // Rule 2: whether an operation of the same class speaks for this one.
  private hasTwin(number: number, isFree: boolean): boolean {
    const { timeline, next } = this;
    const { count, classes, constrained } = timeline;
    if (constrained) return false;
    const mine = classes[number] as number;
    for (let i = next[count] as number; i !== count; i = next[i] as number) {
      if (i === number) return false;
      if (classes[i] === mine && (isFree || this.isOpen(i, this.owed))) return true;
    }
    for (let i = next[count + 1] as number; i !== number; i = next[i] as number) if (classes[i] === mine) return true;
    return false;
  }

  // Rule 4: whether an open operation would notice that this one was used.
  private isSeen(number: number, after: number, isFree: boolean): boolean {
    const { timeline, next } = this;
    const { count } = timeline;
    for (let i = next[count] as number; i !== count; i = next[i] as number) {
      if (i !== number && this.notices(i, after, isFree)) return true;
    }
    for (let i = next[count + 1] as number; i !== count + 1; i = next[i] as number) {
      if (i !== number && this.notices(i, after, isFree)) return true;
    }
    return false;
  }

  private notices(number: number, after: number, isFree: boolean): boolean {
    const { timeline } = this;
    if (timeline.is(number, RESET)) return false;
    const then = this.step(after, number);
    if (then === ILLEGAL) return false;
    return !isFree || then !== this.step(this.state, number);
  }
}
