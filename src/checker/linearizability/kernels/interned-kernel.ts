// Any model as a kernel: states and operations get numbers by their keys, and every step is taken at most once.
// Slower than a kernel of the model's own, and what the fuzz compares those with. In debug mode it verifies the hints.
import { UsageError } from "../../../base/usage-error.js";
import type { Operation } from "../history.js";
import type { Kernel } from "../kernel.js";
import { ASK, ILLEGAL, Program, READ_ONLY, RESET, TARGET, TOTAL } from "../kernel.js";
import type { Key, Model } from "../model.js";
import type { Patience } from "../patience.js";
import { canonicalKey } from "./canonical-key.js";
import { PairClasses, doubled } from "./pair-classes.js";

/** What a caller may switch. */
export interface InternedOptions {
  /** Throw a UsageError where a hint of the model is wrong. */
  readonly debug?: boolean;
  /** Use none of the hints. */
  readonly plain?: boolean;
}

/** See the top. */
export class InternedKernel<State, Input, Output> implements Kernel<Input, Output> {
  readonly program = new Program();
  private readonly states: State[] = [];
  private readonly numbers = new Map<Key, number>();
  private readonly inputs: Input[] = [];
  private readonly outputs: (Output | undefined)[] = [];
  private readonly classes = new Map<Key, number>();
  private readonly alternatives: number[][] = [];
  // Steps and answers of canStillReach that were asked for already, by (state, class).
  private readonly steps = new PairClasses();
  private results: Int32Array = new Int32Array(64);
  private readonly reaches = new PairClasses();
  private unreachable: Int32Array = new Int32Array(64);
  private readonly resetTo = new Map<number, number>();
  private patience: Patience | undefined;

  constructor(
    private readonly model: Model<State, Input, Output>,
    private readonly options: InternedOptions = {},
  ) {}

  begin(_operations: readonly Operation<Input, Output>[], patience: Patience): void {
    this.patience = patience;
    this.states.length = 0;
    this.numbers.clear();
    this.inputs.length = 0;
    this.outputs.length = 0;
    this.classes.clear();
    this.alternatives.length = 0;
    this.steps.clear();
    this.reaches.clear();
    this.resetTo.clear();
  }

  add(input: Input, output: Output | undefined): number {
    const { model } = this;
    const key = model.opKey === undefined ? canonicalKey([input, output]) : model.opKey(input, output);
    let known = this.classes.get(key);
    if (known !== undefined) return known;
    known = this.inputs.length;
    this.classes.set(key, known);
    this.inputs.push(input);
    this.outputs.push(output);
    this.program.define(known, ASK | (this.options.plain === true ? 0 : this.hints(input, output)), 0, 0);
    return known;
  }

  private hints(input: Input, output: Output | undefined): number {
    const { model } = this;
    let flags = 0;
    if (model.readOnly?.(input, output) === true) flags |= READ_ONLY;
    if (model.isReset?.(input, output) === true) flags |= RESET | TOTAL;
    if (model.alwaysLegal?.(input, output) === true) flags |= TOTAL;
    // What is legal everywhere can't be out of reach.
    if (model.canStillReach !== undefined && (flags & TOTAL) === 0) flags |= TARGET;
    return flags;
  }

  finish(): void {}

  initial(): number {
    return this.intern(this.model.init());
  }

  step(state: number, operationClass: number): number {
    const before = this.steps.count;
    const cell = this.steps.of(state, operationClass);
    if (cell < before) return this.results[cell] as number;
    if (cell >= this.results.length) this.results = doubled(this.results);
    const result = this.take(state, operationClass);
    this.results[cell] = result;
    return result;
  }

  choices(choice: number): readonly number[] {
    return this.alternatives[choice] as number[];
  }

  hopeless(state: number, operationClass: number): boolean {
    const before = this.reaches.count;
    const cell = this.reaches.of(state, operationClass);
    if (cell < before) return this.unreachable[cell] === 1;
    if (cell >= this.unreachable.length) this.unreachable = doubled(this.unreachable);
    const input = this.inputs[operationClass] as Input;
    const can = this.model.canStillReach?.(this.states[state] as State, input, this.outputs[operationClass]) ?? true;
    this.unreachable[cell] = can ? 0 : 1;
    return !can;
  }

  private intern(state: State): number {
    const key = this.model.stateKey === undefined ? canonicalKey(state) : this.model.stateKey(state);
    let known = this.numbers.get(key);
    if (known === undefined) {
      known = this.states.length;
      this.numbers.set(key, known);
      this.states.push(state);
    }
    return known;
  }

  private take(from: number, operationClass: number): number {
    const state = this.states[from] as State;
    const input = this.inputs[operationClass] as Input;
    const output = this.outputs[operationClass];
    const states = this.successors(state, input, output);
    if (this.options.debug === true) this.verify(state, from, operationClass, states);
    if (states.length === 0) return ILLEGAL;
    const numbers = [...new Set(states.map((one) => this.intern(one)))];
    if (numbers.length === 1) return numbers[0] as number;
    this.alternatives.push(numbers);
    return -1 - this.alternatives.length;
  }

  private successors(state: State, input: Input, output: Output | undefined): readonly State[] {
    const { model } = this;
    const patience = this.patience as Patience;
    if (model.steps !== undefined) return model.steps(state, input, output, patience);
    const next = model.step?.(state, input, output, patience);
    return next === undefined ? [] : [next];
  }

  private verify(state: State, from: number, operationClass: number, states: readonly State[]): void {
    const flags = this.program.kinds[operationClass] as number;
    const operation = this.inputs[operationClass] as Input;
    const wrong = (hint: string, why: string): never => {
      const words = `${canonicalKey(operation)} in state ${canonicalKey(state)} ${why}`;
      throw new UsageError(`the model ${this.model.name} gives a wrong hint (${hint}): ${words}`);
    };
    if ((flags & TOTAL) !== 0 && states.length === 0) wrong("alwaysLegal or isReset", "is not legal");
    if ((flags & READ_ONLY) !== 0 && states.some((one) => this.intern(one) !== from)) wrong("readOnly", "changes it");
    if ((flags & TARGET) !== 0 && states.length > 0 && this.hopeless(from, operationClass)) {
      wrong("canStillReach", "is legal");
    }
    if ((flags & RESET) === 0) return;
    const to = this.intern(states[0] as State);
    const others = states.some((one) => this.intern(one) !== to);
    const known = this.resetTo.get(operationClass) ?? to;
    this.resetTo.set(operationClass, known);
    if (others || to !== known) wrong("isReset", "leads to another state than from elsewhere");
  }
}
