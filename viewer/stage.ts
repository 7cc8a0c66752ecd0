// What the reader is looking at: the line under the cursor, the filter, the broken claim, the way along the picture. The parts of
// the page read it and are told when it changes; nothing else of theirs is shared.
import type { BrokenClaim } from "../src/view/film.js";
import { ALL, type Filter, matching, type Subject, subjectOf } from "./filter.js";
import type { Run } from "./run.js";
import { States } from "./states.js";

export type Change = "cursor" | "filter" | "claim" | "way" | "zoom";

export class Stage {
  cursor: number;
  filter: Filter = ALL;
  way: "time" | "order" = "time";
  claim: BrokenClaim | null;
  subject: Subject | null;
  match: Uint8Array;
  readonly states: States;
  readonly #listeners: ((change: Change) => void)[] = [];

  constructor(readonly run: Run) {
    this.states = new States(run);
    this.claim = run.film.verdict.broken[0] ?? null;
    this.subject = this.claim === null ? null : subjectOf(run, this.claim);
    this.filter = { ...ALL, focus: this.subject !== null && this.subject.lines.size > 0 };
    this.match = matching(run, this.filter, this.subject);
    if (this.filter.focus) this.way = "order";
    this.cursor = this.claim?.lines.at(-1) ?? this.#first();
  }

  listen(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  go(line: number): void {
    const last = this.run.lines.length;
    const to = Math.max(2, Math.min(last, line));
    if (to === this.cursor) return;
    this.cursor = to;
    this.tell("cursor");
  }

  narrow(filter: Partial<Filter>): void {
    this.filter = { ...this.filter, ...filter };
    this.match = matching(this.run, this.filter, this.subject);
    this.tell("filter");
  }

  choose(claim: BrokenClaim): void {
    this.claim = claim;
    this.subject = subjectOf(this.run, claim);
    this.match = matching(this.run, this.filter, this.subject);
    this.cursor = claim.lines.at(-1) ?? this.cursor;
    this.tell("claim");
  }

  goBy(way: "time" | "order"): void {
    this.way = way;
    this.tell("way");
  }

  /** The next or the last line that is looked at. */
  step(by: 1 | -1): void {
    for (let at = this.cursor + by; at >= 2 && at <= this.run.lines.length; at += by) {
      if (this.match[at - 1] === 1) return this.go(at);
    }
  }

  /** The next or the last entry of the log that is looked at. */
  stepEntry(by: 1 | -1): void {
    for (let at = this.cursor + by; at >= 2 && at <= this.run.lines.length; at += by) {
      if (this.match[at - 1] === 1 && this.run.line(at).e === "commit") return this.go(at);
    }
  }

  /** The next line of the witness, and after the last one the first. */
  stepWitness(): void {
    const lines = this.claim?.lines ?? [];
    const next = lines.find((line) => line > this.cursor) ?? lines[0];
    if (next !== undefined) this.go(next);
  }

  toEdge(end: "first" | "last"): void {
    const lines = this.match;
    if (end === "first") return this.go(this.#first());
    for (let at = lines.length; at >= 2; at--) if (lines[at - 1] === 1) return this.go(at);
  }

  #first(): number {
    const first = this.match.indexOf(1);
    return first === -1 ? 2 : first + 1;
  }

  /** All lines about the same entry as the cursor's, and the messages that brought and answered it. */
  lit(): Set<number> {
    const lit = new Set([this.cursor]);
    const entry = this.run.tag(this.cursor)?.entry ?? -1;
    const message = this.run.line(this.cursor).message;
    this.run.tags.forEach((tags, place) => {
      if (entry !== -1 && tags.entry === entry) lit.add(place + 1);
      else if (message !== undefined && this.run.lines[place]?.message === message) lit.add(place + 1);
    });
    return lit;
  }
}
