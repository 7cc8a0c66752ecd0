// A text that is set, appended to and read, over integers. What matters of a text is only what it can still be read as, so
// a state is a place in the trie of all texts that were read, and every text outside of it is one state, LOST, which only a
// set leaves. Exact: a text that is the beginning of no read can't become one by appending.
import type { Operation } from "../history.js";
import type { Kernel } from "../kernel.js";
import { ASK, LEAVES, MEETS, Program, READ_ONLY, RESET, SETS, TARGET, TOTAL } from "../kernel.js";
import type { Patience } from "../patience.js";
import { APPEND, READ, SET, TextClasses } from "./text-classes.js";
import { Trie } from "./trie.js";

/** Says of one operation which of the methods of {@link TextClasses} it is. */
export type TextReader<Input, Output> = (
  classes: TextClasses,
  input: Input,
  output: Output | undefined,
  partition: number,
) => number;

/** See the top. */
export class TextKernel<Input, Output> implements Kernel<Input, Output> {
  readonly program = new Program();
  private readonly classes = new TextClasses();
  private readonly trie = new Trie();
  // By class, of a read: the node of its text.
  private readonly nodes: number[] = [];
  // By partition: the node of the empty text, and that of the last read.
  private readonly roots: number[] = [];
  private readonly lasts: number[] = [];

  constructor(private readonly reader: TextReader<Input, Output>) {}

  begin(_operations: readonly Operation<Input, Output>[], _patience: Patience): void {
    this.classes.clear();
    this.trie.clear();
    this.roots.length = 0;
    this.lasts.length = 0;
  }

  add(input: Input, output: Output | undefined, partition: number): number {
    const { classes, trie, roots, lasts, nodes } = this;
    while (partition >= roots.length) {
      const root = trie.root();
      roots.push(root);
      lasts.push(root);
    }
    const { count } = classes;
    const known = this.reader(classes, input, output, partition);
    if (known !== count) return known;
    // So that the array has no holes, whatever the classes are.
    nodes[known] = 0;
    if (classes.kind(known) !== READ) return known;
    const text = classes.texts[known] as string;
    const node = trie.insert(roots[partition] as number, lasts[partition] as number, text);
    nodes[known] = lasts[partition] = node;
    return known;
  }

  finish(): void {
    const { trie, nodes, classes, program } = this;
    trie.finish();
    for (let c = 0; c < classes.count; c++) {
      switch (classes.kind(c)) {
        case SET: {
          const state = trie.append(this.initial(classes.partition(c)), classes.texts[c] as string);
          program.define(c, RESET | TOTAL, SETS, 0, state);
          break;
        }
        case APPEND:
          program.define(c, TOTAL, ASK, 0, 0);
          break;
        case READ: {
          const state = trie.stateAtEnd(nodes[c] as number);
          program.define(c, READ_ONLY | TARGET, MEETS, state, state);
          break;
        }
        default:
          program.define(c, READ_ONLY | TOTAL, LEAVES, 0, 0);
      }
    }
  }

  initial(partition: number): number {
    return this.trie.stateAtEnd(this.roots[partition] as number);
  }

  /** Of an append. */
  step(state: number, operationClass: number): number {
    return this.trie.append(state, this.classes.texts[operationClass] as string);
  }

  choices(): readonly number[] {
    return [];
  }

  hopeless(state: number, operationClass: number): boolean {
    return !this.trie.isBelow(this.nodes[operationClass] as number, state);
  }
}
