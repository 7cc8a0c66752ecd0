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
import * as kernels from "./kernel.js";
import type { Exhausted, Patience } from "./patience.js";
import { OutOfPatience } from "./patience.js";
import type { Timeline } from "./timeline.js";
import * as timelines from "./timeline.js";

// A constant of this module is folded into the code that uses it; one of another module is loaded each time.
const { DOES, ILLEGAL, MOVES, READ_ONLY, RESET, TARGET, TOTAL } = kernels;
const { CLASS, FLAGS, MET, NEXT, OPTIONAL, PREVIOUS, ROW, SAME, SLOT, UNMET, WANTS } = timelines;

// What a frame holds of the configuration that it branches from.
const TRAIL = 0;
const FRONTIER = 1;
const STATE = 2;
const RESETS = 3;
const FIRST = 4;
const BRANCH = 5;
const FRAME = 6;

const REMEMBER_EVERY = 7;

const TRY_FRONTIER = -1;
const TRY_OTHERS = -2;

// The trail: an operation linearized is its row; one that was let go as it returned adds LET_GO; meeting a frontier is
// ADVANCED.
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
const candidatePool = new IntPool();

export class Search {
  private frontier = 0;
  private state = 0;
  private resetsSpent = 0;
  private changed = false;
  private deepest = 0;
  private owed = new Int32Array(1);
  private free = new Int32Array(1);

  // The timeline's; an operation is known by where its row begins. Open operations that are not linearized are linked: those
  // that return in a list that begins and ends at `end`, those that never do in another one. Unlinking leaves an operation's own
  // links, so undoing in reverse order mends both.
  private rows: Int32Array = new Int32Array(0);
  private end = 0;
  private endless = 0;

  private trail: Int32Array = new Int32Array(0);
  private trailLength = 0;
  private frames: Int32Array = new Int32Array(0);
  private depth = 0;
  private frameSize = FRAME + 2;
  private candidates: Int32Array = new Int32Array(0);
  private candidateCount = 0;

  private kernel!: Kernel;

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
    const { count, returns, words, rows } = this.timeline;
    this.frameSize = FRAME + 2 * words;
    if (this.owed.length < words) {
      this.owed = new Int32Array(words);
      this.free = new Int32Array(words);
    }
    this.owed.fill(0);
    this.free.fill(0);
    this.trail = trailPool.take(count + returns + 1);
    this.frames = framePool.take(64 * this.frameSize);
    this.rows = rows;
    this.end = ROW * count;
    this.endless = this.end + ROW;
    for (const end of [this.end, this.endless]) rows[end + NEXT] = rows[end + PREVIOUS] = end;
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

  // The state after an operation: `stepOf`, once more, over its row.
  private step(state: number, row: number): number {
    const { rows } = this;
    const after = rows[row + (rows[row + WANTS] === state ? MET : UNMET)] as number;
    return after >= ILLEGAL ? after : after === SAME ? state : this.ask(state, row);
  }

  private ask(state: number, row: number): number {
    const { rows, kernel } = this;
    const operationClass = rows[row + CLASS] as number;
    if (((rows[row + FLAGS] as number) & DOES) !== MOVES) return kernel.step(state, operationClass);
    const most = rows[row + WANTS] as number;
    const after = state + (kernel.program.gives[operationClass] as number);
    return after > most ? most + 1 : after;
  }

  // -- moving on -----------------------------------------------------------------------------------------------------

  // Takes what is read-only and legal, and meets the returns that owe nothing. False: a target is out of reach.
  private settle(): boolean {
    const { rows, owed, free } = this;
    const { returns } = this.timeline;
    if (this.changed && !this.read()) return false;
    while (this.frontier < returns) {
      const x = ROW * this.frontier;
      const slot = rows[x + SLOT] as number;
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
    const { rows, end } = this;
    if (this.step(this.state, x) !== this.state) return true;
    for (let i = rows[end + NEXT] as number; i !== end; i = rows[i + NEXT] as number) {
      if (i !== x && ((rows[i + FLAGS] as number) & READ_ONLY) === 0) return true;
    }
    return this.hasEndless();
  }

  // Whether an operation that never returns is open.
  private hasEndless(): boolean {
    const { rows, endless } = this;
    return rows[endless + NEXT] !== endless;
  }

  private letGo(x: number): void {
    const { rows, free } = this;
    const slot = rows[x + SLOT] as number;
    free[slot >> 5] = (free[slot >> 5] as number) & ~(1 << (slot & 31));
    this.unlink(x);
    if (((rows[x + FLAGS] as number) & RESET) !== 0) this.resetsSpent++;
    this.trail[this.trailLength++] = x + LET_GO;
  }

  private advance(): boolean {
    const { timeline } = this;
    const { called } = timeline;
    const x = this.frontier;
    const from = called[x] as number;
    const to = called[x + 1] as number;
    this.trail[this.trailLength++] = ADVANCED;
    this.frontier = x + 1;
    if (to === from + 1 && timeline.byCall[from] === ROW * (x + 1) && this.isAlone(ROW * (x + 1))) return true;
    if (!this.open(from, to)) return false;
    return !timeline.constrained || this.read();
  }

  // Linearizes an operation that is called, and returns, while nothing else is open: it need not be opened at all, only its
  // links must be such that `undo` can open it and close it. False: it may not be as simple as that.
  private isAlone(x: number): boolean {
    const { rows, end } = this;
    if (rows[end + NEXT] !== end || this.hasEndless() || this.timeline.constrained) return false;
    const flags = rows[x + FLAGS] as number;
    const after = this.step(this.state, x);
    if (after < 0 || (flags & OPTIONAL) !== 0) return false;
    rows[x + NEXT] = rows[x + PREVIOUS] = end;
    this.trail[this.trailLength++] = x;
    this.state = after;
    this.changed = false;
    if ((flags & RESET) !== 0) this.resetsSpent++;
    return true;
  }

  // Linearizes the frontier's operation if nothing else can be: without a branch there is nothing to come back to, and
  // nothing to remember, but now and then, lest several branches that meet go the same long way.
  private goOn(x: number): boolean {
    const { rows, end } = this;
    if ((this.frontier & REMEMBER_EVERY) === REMEMBER_EVERY || this.hasEndless()) return false;
    for (let i = rows[end + NEXT] as number; i !== end; i = rows[i + NEXT] as number) {
      if (i !== x && ((rows[i + FLAGS] as number) & READ_ONLY) === 0) return false;
    }
    if (((rows[x + FLAGS] as number) & READ_ONLY) !== 0) return false;
    const after = this.step(this.state, x);
    if (after < 0) return false;
    this.linearize(x, after);
    return true;
  }

  // Rule 1 over all open operations; and rule 5, for those of them that are targets.
  private read(): boolean {
    const { rows, end } = this;
    const { constrained } = this.timeline;
    for (let i = rows[end + NEXT] as number; i !== end; i = rows[i + NEXT] as number) {
      if (((rows[i + FLAGS] as number) & (READ_ONLY | TARGET)) === 0) continue;
      if (!this.readOne(i)) return false;
      // What was linearized may be what an earlier one had to wait for.
      if (constrained && rows[(rows[i + PREVIOUS] as number) + NEXT] !== i) i = end;
    }
    return true;
  }

  private readOne(row: number): boolean {
    const { rows, owed } = this;
    const flags = rows[row + FLAGS] as number;
    if (this.step(this.state, row) !== ILLEGAL) {
      if ((flags & READ_ONLY) === 0 || (this.timeline.constrained && !this.mayFollow(row / ROW))) return true;
      const slot = rows[row + SLOT] as number;
      owed[slot >> 5] = (owed[slot >> 5] as number) & ~(1 << (slot & 31));
      this.unlink(row);
      this.trail[this.trailLength++] = row;
      return true;
    }
    return (flags & TARGET) === 0 || !this.isLost(row);
  }

  private isLost(target: number): boolean {
    const { rows } = this;
    if (((rows[target + FLAGS] as number) & OPTIONAL) !== 0) return false;
    const escape = this.timeline.resets[target / ROW] !== this.resetsSpent;
    return !escape && this.kernel.hopeless(this.state, rows[target + CLASS] as number);
  }

  // Rule 5 for the first target that is owed, be it called yet or not.
  private targetInReach(): boolean {
    const { frontier } = this;
    const { target, returns, callRank, called } = this.timeline;
    for (let z = target[frontier] as number; z !== returns; z = target[z + 1] as number) {
      const isCalled = (callRank[z] as number) < (called[frontier] as number);
      if (!isCalled || this.isOpen(ROW * z, this.owed)) return !this.isLost(ROW * z);
    }
    return true;
  }

  private isOpen(row: number, set: Int32Array): boolean {
    const slot = this.rows[row + SLOT] as number;
    return ((set[slot >> 5] as number) & (1 << (slot & 31))) !== 0;
  }

  // Whether the operation of its session that has to come before it is linearized.
  private mayFollow(number: number): boolean {
    const { after, callRank, called } = this.timeline;
    const before = after[number] as number;
    if (before < 0 || before < this.frontier) return true;
    return (callRank[before] as number) < (called[this.frontier] as number) && !this.isOpen(ROW * before, this.owed);
  }

  // Opens the operations that are called before the frontier's return, in reverse undone by `undo`. False as in `settle`.
  private open(from: number, to: number): boolean {
    const { rows, end, endless, owed, free } = this;
    const { byCall } = this.timeline;
    let heard = 0;
    for (let c = from; c < to; c++) {
      const row = byCall[c] as number;
      let behind = row < end ? end : endless;
      let before = rows[behind + PREVIOUS] as number;
      // Those that return stand in the order of their returns.
      while (before > row && before < end) {
        behind = before;
        before = rows[before + PREVIOUS] as number;
      }
      rows[row + NEXT] = behind;
      rows[row + PREVIOUS] = before;
      rows[before + NEXT] = row;
      rows[behind + PREVIOUS] = row;
      const mine = rows[row + FLAGS] as number;
      heard |= mine;
      const slot = rows[row + SLOT] as number;
      const set = (mine & OPTIONAL) === 0 ? owed : free;
      set[slot >> 5] = (set[slot >> 5] as number) | (1 << (slot & 31));
    }
    if ((heard & (READ_ONLY | TARGET)) === 0) return true;
    for (let c = from; c < to; c++) {
      const row = byCall[c] as number;
      if (((rows[row + FLAGS] as number) & (READ_ONLY | TARGET)) !== 0 && !this.readOne(row)) return false;
    }
    return true;
  }

  private unlink(row: number): void {
    const { rows } = this;
    const before = rows[row + PREVIOUS] as number;
    const behind = rows[row + NEXT] as number;
    rows[before + NEXT] = behind;
    rows[behind + PREVIOUS] = before;
  }

  private linearize(row: number, state: number): void {
    const { rows, owed, free } = this;
    const { constrained } = this.timeline;
    const slot = rows[row + SLOT] as number;
    const word = slot >> 5;
    const mask = ~(1 << (slot & 31));
    owed[word] = (owed[word] as number) & mask;
    free[word] = (free[word] as number) & mask;
    this.unlink(row);
    this.trail[this.trailLength++] = row;
    this.changed = state !== this.state || constrained;
    this.state = state;
    if (((rows[row + FLAGS] as number) & RESET) === 0) return;
    this.resetsSpent++;
    if (!constrained) this.release();
  }

  // Rule 3.
  private release(): void {
    const { rows, end, owed, free } = this;
    for (let i = rows[end + NEXT] as number; i !== end; i = rows[i + NEXT] as number) {
      if (((rows[i + FLAGS] as number) & TOTAL) === 0) continue;
      const slot = rows[i + SLOT] as number;
      const word = slot >> 5;
      const bit = 1 << (slot & 31);
      owed[word] = (owed[word] as number) & ~bit;
      free[word] = (free[word] as number) | bit;
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
    frames[at + BRANCH] = TRY_FRONTIER;
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
      if (frames[at + BRANCH] === TRY_FRONTIER) {
        frames[at + BRANCH] = TRY_OTHERS;
        const x = ROW * this.frontier;
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
      if (frames[at + BRANCH] === TRY_OTHERS) {
        this.gather();
        frames[at + BRANCH] = frames[at + FIRST] as number;
      }
      const candidate = frames[at + BRANCH] as number;
      if (candidate < this.candidateCount) {
        frames[at + BRANCH] = candidate + 2;
        this.linearize(this.candidates[candidate] as number, this.candidates[candidate + 1] as number);
        return true;
      }
      this.candidateCount = frames[at + FIRST] as number;
      this.depth--;
    }
    return false;
  }

  private undo(at: number): void {
    const { timeline, frames, trail, rows, owed, free } = this;
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
        const row = entry & -ROW;
        rows[(rows[row + PREVIOUS] as number) + NEXT] = row;
        rows[(rows[row + NEXT] as number) + PREVIOUS] = row;
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
    const { rows, end, endless } = this;
    const x = ROW * this.frontier;
    const owed = this.isOpen(x, this.owed) ? x : -1;
    for (let i = rows[end + NEXT] as number; i !== end; i = rows[i + NEXT] as number) this.consider(i, i === owed);
    for (let i = rows[endless + NEXT] as number; i !== endless; i = rows[i + NEXT] as number) this.consider(i, false);
  }

  private consider(row: number, isFrontier: boolean): void {
    const { rows, state } = this;
    const { constrained } = this.timeline;
    const flags = rows[row + FLAGS] as number;
    if ((flags & READ_ONLY) !== 0) return;
    const after = this.step(state, row);
    if (after === ILLEGAL || (isFrontier && after >= 0)) return;
    const isFree = this.isOpen(row, this.free);
    if (!isFrontier && !constrained && this.hasTwin(row, isFree)) return;
    if (after < 0) {
      for (const one of this.kernel.choices(-2 - after)) this.propose(row, one);
      return;
    }
    const releases = isFree && (flags & RESET) !== 0 && !constrained && this.hasDebtor(row);
    if (isFree && after === state && !releases) return;
    const needsWitness = isFree || ((flags & TOTAL) !== 0 && !constrained);
    if (row === ROW * this.frontier || !needsWitness || this.isSeen(row, after, isFree && !releases)) {
      this.propose(row, after);
    }
  }

  // Whether a reset would make another operation free, by rule 3.
  private hasDebtor(reset: number): boolean {
    const { rows, end } = this;
    for (let i = rows[end + NEXT] as number; i !== end; i = rows[i + NEXT] as number) {
      if (i !== reset && ((rows[i + FLAGS] as number) & TOTAL) !== 0 && this.isOpen(i, this.owed)) return true;
    }
    return false;
  }

  private propose(row: number, after: number): void {
    if (this.candidateCount + 2 > this.candidates.length) {
      this.candidates = candidatePool.grow(this.candidates);
    }
    this.candidates[this.candidateCount++] = row;
    this.candidates[this.candidateCount++] = after;
  }

  // Rule 2: whether an operation of the same class speaks for this one.
  private hasTwin(row: number, isFree: boolean): boolean {
    const { rows, end, endless } = this;
    const mine = rows[row + CLASS] as number;
    for (let i = rows[end + NEXT] as number; i !== end; i = rows[i + NEXT] as number) {
      if (i === row) return false;
      if (rows[i + CLASS] === mine && (isFree || this.isOpen(i, this.owed))) return true;
    }
    for (let i = rows[endless + NEXT] as number; i !== row; i = rows[i + NEXT] as number) {
      if (rows[i + CLASS] === mine) return true;
    }
    return false;
  }

  // Rule 4: whether an open operation would notice that this one was used.
  private isSeen(row: number, after: number, isFree: boolean): boolean {
    const { rows, end, endless } = this;
    for (let i = rows[end + NEXT] as number; i !== end; i = rows[i + NEXT] as number) {
      if (i !== row && this.notices(i, after, isFree)) return true;
    }
    for (let i = rows[endless + NEXT] as number; i !== endless; i = rows[i + NEXT] as number) {
      if (i !== row && this.notices(i, after, isFree)) return true;
    }
    return false;
  }

  private notices(row: number, after: number, isFree: boolean): boolean {
    if (((this.rows[row + FLAGS] as number) & RESET) !== 0) return false;
    const then = this.step(after, row);
    if (then === ILLEGAL) return false;
    return !isFree || then !== this.step(this.state, row);
  }
}
