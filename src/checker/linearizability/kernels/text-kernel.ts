// A text that is set, appended to and read, over integers. What matters of a text is only what it can still be read as, so
// a state is a place in the trie of all texts that were read, and every text outside of it is one state, LOST, which only a
// set leaves. Exact: a text that is the beginning of no read can't become one by appending.
import type { Operation } from "../history.js";
import { ILLEGAL, READ_ONLY, RESET, TARGET, TOTAL } from "../kernel.js";
import type { Kernel } from "../kernel.js";
import type { Patience } from "../patience.js";
import { PairClasses } from "./pair-classes.js";
import { TextNumbers } from "./text-numbers.js";
import { Trie } from "./trie.js";

const SET = 0;
const APPEND = 1;
const READ = 2;
const READ_ANY = 3;

/** Says of one operation which of the methods of {@link TextClasses} it is. */
export type TextReader<Input, Output> = (classes: TextClasses, input: Input, output: Output | undefined) => number;

/** What an operation on a text may be. Texts have numbers for a whole check, classes for one partition of it. */
export class TextClasses {
  readonly pairs = new PairClasses();
  readonly numbers = new TextNumbers();
  private patience: Patience | undefined;

  /** Begins a partition; and with another patience, another check. */
  begin(patience: Patience): void {
    this.pairs.clear();
    if (patience === this.patience) return;
    this.patience = patience;
    this.numbers.clear();
  }

  /** Legal everywhere. */
  set(text: string): number {
    return this.pairs.of(SET, this.numbers.of(text));
  }
  /** Legal everywhere. */
  append(text: string): number {
    return this.pairs.of(APPEND, this.numbers.of(text));
  }
  /** Legal where the text is this one. A class of its own: a look-up would cost more than equal reads cost the search. */
  read(text: string): number {
    return this.pairs.fresh(READ, this.numbers.fresh(text));
  }
  /** Legal everywhere, changes nothing. */
  any(): number {
    return this.pairs.of(READ_ANY, 0);
  }
}

/** See the top. */
export class TextKernel<Input, Output> implements Kernel<Input, Output> {
  private readonly classes = new TextClasses();
  private readonly trie = new Trie();
  // By class: the node of what was read; the state of what is read or set.
  private readonly nodes: number[] = [];
  private readonly states: number[] = [];

  constructor(private readonly reader: TextReader<Input, Output>) {}

  begin(_operations: readonly Operation<Input, Output>[], patience: Patience): void {
    this.classes.begin(patience);
  }

  add(input: Input, output: Output | undefined): number {
    return this.reader(this.classes, input, output);
  }

  finish(): number {
    const { trie, nodes, states } = this;
    const { numbers, pairs } = this.classes;
    const { texts } = numbers;
    const { first, second, count } = pairs;
    trie.clear();
    for (let c = 0; c < count; c++) if (first[c] === READ) nodes[c] = trie.insert(texts[second[c] as number] as string);
    const initial = trie.finish();
    for (let c = 0; c < count; c++) {
      if (first[c] === READ) states[c] = trie.stateAtEnd(nodes[c] as number);
      else if (first[c] === SET) states[c] = trie.append(initial, texts[second[c] as number] as string);
      // So that the array has no holes, whatever the classes are.
      else states[c] = 0;
    }
    return initial;
  }

  flags(operationClass: number): number {
    switch (this.classes.pairs.first[operationClass]) {
      case SET:
        return RESET | TOTAL;
      case APPEND:
        return TOTAL;
      case READ:
        return READ_ONLY | TARGET;
      default:
        return READ_ONLY | TOTAL;
    }
  }

  step(state: number, operationClass: number): number {
    switch (this.classes.pairs.first[operationClass]) {
      case SET:
        return this.states[operationClass] as number;
      case APPEND:
        return this.trie.append(state, this.textOf(operationClass));
      case READ:
        return this.states[operationClass] === state ? state : ILLEGAL;
      default:
        return state;
    }
  }

  private textOf(operationClass: number): string {
    const { numbers, pairs } = this.classes;
    return numbers.texts[pairs.second[operationClass] as number] as string;
  }

  choices(): readonly number[] {
    return [];
  }

  hopeless(state: number, operationClass: number): boolean {
    return !this.trie.isBelow(this.nodes[operationClass] as number, state);
  }
}
