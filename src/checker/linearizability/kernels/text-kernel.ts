// A text that is set, appended to and read, over integers. A state is a place in the trie of all texts that were read, and
// every text outside of it is one state, LOST, which only a set leaves. Exact: a text that is the beginning of no read can't
// become one by appending.
import type { Operation } from "../history.js";
import type { Kernel } from "../kernel.js";
import { TextClasses } from "./text-classes.js";

/** Says of one operation which of the methods of {@link TextClasses} it is. */
export type TextReader<Input, Output> = (
  classes: TextClasses,
  input: Input,
  output: Output | undefined,
  partition: number,
) => number;

/** See the top. */
export class TextKernel<Input, Output> implements Kernel<Input, Output> {
  private readonly classes = new TextClasses();
  readonly program = this.classes.program;

  constructor(private readonly reader: TextReader<Input, Output>) {}

  begin(operations: readonly Operation<Input, Output>[]): void {
    this.classes.clear(operations.length);
  }

  add(input: Input, output: Output | undefined, partition: number): number {
    return this.reader(this.classes, input, output, partition);
  }

  finish(): void {
    this.classes.finish();
  }

  initial(partition: number): number {
    return this.classes.initial(partition);
  }

  /** Of an append. */
  step(state: number, operationClass: number): number {
    return this.classes.trie.append(state, this.classes.texts[operationClass] as string);
  }

  choices(): readonly number[] {
    return [];
  }

  hopeless(state: number, operationClass: number): boolean {
    return !this.classes.trie.isBelow(this.classes.nodes[operationClass] as number, state);
  }
}
