// Reads plain data that a person may have written, and names what is wrong by its path: "faults[2].from: not an integer".
// Used by plan.ts and scenario.ts. Never guesses, never fills in.
import { UsageError } from "../base/usage-error.js";

/** A value somewhere inside a document. */
export class Reader {
  constructor(
    readonly value: unknown,
    readonly path: string,
    private readonly todo: string,
  ) {}

  fail(what: string): never {
    throw new UsageError(`${this.path || "the document"}: ${what}`, this.todo);
  }

  /** A field of an object; an absent one reads as undefined. */
  field(name: string): Reader {
    return new Reader(this.object()[name], this.path === "" ? name : `${this.path}.${name}`, this.todo);
  }

  get absent(): boolean {
    return this.value === undefined;
  }

  object(): Record<string, unknown> {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) this.fail("not an object");
    return this.value as Record<string, unknown>;
  }

  /** Refuses fields that nobody would read: most of them are slips of the pen. */
  only(...names: readonly string[]): this {
    for (const name of Object.keys(this.object())) {
      if (!names.includes(name)) this.fail(`has no field "${name}" (it has ${names.join(", ")})`);
    }
    return this;
  }

  text(): string {
    if (typeof this.value !== "string") this.fail("not a string");
    return this.value;
  }

  integer(least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.value;
    if (typeof value !== "number" || !Number.isSafeInteger(value)) this.fail("not an integer");
    if (value < least || value > most) this.fail(`${value} is not between ${least} and ${most}`);
    return value;
  }

  flag(): boolean {
    if (typeof this.value !== "boolean") this.fail("not true or false");
    return this.value;
  }

  oneOf<Word extends string>(words: readonly Word[]): Word {
    const word = words.find((each) => each === this.value);
    if (word === undefined) this.fail(`not one of ${words.join(", ")}`);
    return word;
  }

  list(): Reader[] {
    if (!Array.isArray(this.value)) this.fail("not a list");
    return (this.value as unknown[]).map((each, i) => new Reader(each, `${this.path}[${i}]`, this.todo));
  }

  range(least = 0, most = Number.MAX_SAFE_INTEGER): readonly [number, number] {
    const list = this.list();
    if (list.length !== 2) this.fail("not a pair of integers, from and to");
    const from = (list[0] as Reader).integer(least, most);
    const to = (list[1] as Reader).integer(least, most);
    if (from > to) this.fail(`${from} is more than ${to}`);
    return [from, to];
  }

  /** The fields of an object whose names are data. */
  entries(): (readonly [string, Reader])[] {
    return Object.keys(this.object()).map((name) => [name, this.field(name)] as const);
  }
}
