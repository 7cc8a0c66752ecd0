// A text that is set, appended to and read, over integers. What matters of a text is only what it can still be read as, so
// a state is a place in the trie of all texts that were read, and every text outside of it is one state, LOST, which only a
// set leaves. Exact: a text that is the beginning of no read can't become one by appending.
import { ILLEGAL, READ_ONLY, RESET, TARGET, TOTAL } from "../kernel.js";
import type { Kernel } from "../kernel.js";
import { Trie } from "./trie.js";

const SET = 0;
const APPEND = 1;
const READ = 2;
const READ_ANY = 3;

/** Says of one operation which of the methods of {@link TextClasses} it is. */
export type TextReader<Input, Output> = (classes: TextClasses, input: Input, output: Output | undefined) => number;

/** What an operation on a text may be. */
export class TextClasses {
  readonly kinds: number[] = [];
  readonly texts: string[] = [];
  private readonly sets = new Map<string, number>();
  private readonly appends = new Map<string, number>();
  private readonly reads = new Map<string, number>();

  clear(): void {
    this.kinds.length = 0;
    this.texts.length = 0;
    if (this.sets.size > 0) this.sets.clear();
    if (this.appends.size > 0) this.appends.clear();
    if (this.reads.size > 0) this.reads.clear();
  }

  private of(known: Map<string, number>, kind: number, text: string): number {
    const before = known.get(text);
    if (before !== undefined) return before;
    known.set(text, this.kinds.length);
    this.texts.push(text);
    return this.kinds.push(kind) - 1;
  }
  /** Legal everywhere. */
  set(text: string): number {
    return this.of(this.sets, SET, text);
  }
  /** Legal everywhere. */
  append(text: string): number {
    return this.of(this.appends, APPEND, text);
  }
  /** Legal where the text is this one. */
  read(text: string): number {
    return this.of(this.reads, READ, text);
  }
  /** Legal everywhere, changes nothing. */
  any(): number {
    this.texts.push("");
    return this.kinds.push(READ_ANY) - 1;
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

  begin(): void {
    this.classes.clear();
  }

  add(input: Input, output: Output | undefined): number {
    return this.reader(this.classes, input, output);
  }

  finish(): number {
    const { trie, nodes, states } = this;
    const { kinds, texts } = this.classes;
    trie.clear();
    for (let c = 0; c < kinds.length; c++) if (kinds[c] === READ) nodes[c] = trie.insert(texts[c] as string);
    const initial = trie.finish();
    for (let c = 0; c < kinds.length; c++) {
      if (kinds[c] === READ) states[c] = trie.stateAtEnd(nodes[c] as number);
      else if (kinds[c] === SET) states[c] = trie.append(initial, texts[c] as string);
    }
    return initial;
  }

  flags(operationClass: number): number {
    switch (this.classes.kinds[operationClass]) {
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
    switch (this.classes.kinds[operationClass]) {
      case SET:
        return this.states[operationClass] as number;
      case APPEND:
        return this.trie.append(state, this.classes.texts[operationClass] as string);
      case READ:
        return this.states[operationClass] === state ? state : ILLEGAL;
      default:
        return state;
    }
  }

  choices(): readonly number[] {
    return [];
  }

  hopeless(state: number, operationClass: number): boolean {
    return !this.trie.isBelow(this.nodes[operationClass] as number, state);
  }
}
