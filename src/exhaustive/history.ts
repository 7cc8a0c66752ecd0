// The history at hand, as whoever goes through many holds it: the prefix's entries, then one for each letter, with the judge's
// model after the last. It goes a letter forth and a letter back, and can be written down as a log. It plays no machine.
import { fromNanos, Nanos } from "../base/time.js";
import type { ModelRegistry } from "../checker/models/service.js";
import type { Step } from "../checker/models/step.js";
import { Walk } from "../checker/walk.js";
import type { CommandInput, QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { decodeEntry, makeEntry } from "../protocol/entry.js";
import type { Capabilities, Entry } from "../protocol/machine.js";
import { LogIndex } from "../protocol/words.js";
import { inputOf, isEntry, type LogStep, queryOf } from "../shrink/log-steps.js";
import { spanInWords } from "../shrink/span-words.js";
import { type Letter, prefixOf, SERVICE, type Subject } from "./subject.js";

/** A history to which the machine did not answer, or stand, as it must. */
export interface Suspect {
  readonly letters: readonly number[];
  /** After how many letters a fresh machine went on from the saved state; null: it was never restored. */
  readonly restoredAt: number | null;
  readonly chunks: number | null;
  /** What is done to it at the end: a query by its place among the subject's, or a damaged state offered; null: nothing. */
  readonly atLast: number | "damage" | null;
}

export class History {
  readonly walk: Walk;
  /** The prefix's, then one for each letter. */
  readonly entries: Entry[] = [];
  readonly letters: number[] = [];
  /** How many entries the prefix has. */
  readonly prefix: number;
  /** What a state is asked. */
  readonly queries: readonly QueryInput[];
  /** How many letters there are. */
  readonly alphabet: number;
  readonly #subject: Subject;
  readonly #inners: readonly (CommandInput["input"] | Uint8Array)[];

  constructor(subject: Subject, capabilities: Capabilities, kinds?: ModelRegistry) {
    this.#subject = subject;
    this.walk = new Walk(capabilities, kinds);
    const kindOf = (service: number): string => (service === SERVICE ? subject.service : "");
    this.queries = subject.queries.map((query) => queryOf(query, kindOf));
    this.#inners = subject.letters.map(({ step }) => {
      const input = inputOf(step, kindOf);
      return input instanceof Uint8Array ? input : input.input;
    });
    this.alphabet = this.#inners.length;
    const prefix = prefixOf(subject).filter(isEntry);
    this.prefix = prefix.length;
    for (const [at, step] of prefix.entries()) {
      const input = inputOf(step, kindOf) as CommandInput;
      this.entries.push(makeEntry(LogIndex(BigInt(at + 1)), input));
      this.walk.forth(input);
    }
  }

  /** Whether one of the two sessions has acted. */
  get hasRoles(): boolean {
    return this.letters.some((letter) => this.roleOf(letter) !== null);
  }

  roleOf(letter: number): Letter["role"] {
    return (this.#subject.letters[letter] as Letter).role;
  }

  /** Goes to another history by the shortest way. Answers how many letters the two begin with alike. */
  moveTo(letters: ArrayLike<number>): number {
    let common = 0;
    while (common < this.letters.length && common < letters.length && this.letters[common] === letters[common])
      common++;
    while (this.letters.length > common) this.pop();
    for (let at = common; at < letters.length; at++) this.push(letters[at] as number);
    return common;
  }

  /** One letter more. Answers what the model says to it. */
  push(letter: number): Step {
    const entry = this.#entryOf(letter);
    this.entries.push(entry);
    this.letters.push(letter);
    return this.walk.forth(entry.input);
  }

  pop(): void {
    this.entries.pop();
    this.letters.pop();
    this.walk.back();
  }

  /** The log of a history. */
  logOf({ letters, restoredAt, chunks, atLast }: Suspect): LogStep[] {
    const restart: LogStep = chunks === null ? { restart: true } : { restart: true, chunks };
    this.moveTo([]);
    const log: LogStep[] = [...prefixOf(this.#subject)];
    for (const [at, letter] of letters.entries()) {
      if (restoredAt === at) log.push(restart);
      const { after, step } = this.#subject.letters[letter] as Letter;
      log.push(after === undefined ? step : ({ at: spanInWords(this.#after(after)), ...step } as LogStep));
      this.push(letter);
    }
    if (restoredAt === letters.length) log.push(restart);
    if (atLast === "damage") log.push({ damage: true });
    else if (atLast !== null) log.push(this.#subject.queries[atLast] as LogStep);
    return log;
  }

  #entryOf(letter: number): Entry {
    const index = LogIndex(BigInt(this.entries.length + 1));
    const inner = this.#inners[letter];
    if (inner instanceof Uint8Array) return decodeEntry(index, inner);
    const { after } = this.#subject.letters[letter] as Letter;
    return makeEntry(index, { timestamp: after === undefined ? undefined : this.#after(after), input: inner });
  }

  #after(seconds: number): { seconds: bigint; nanos: number } {
    return fromNanos(Nanos(this.walk.time + BigInt(seconds * 1e9)));
  }
}
