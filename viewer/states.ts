// The state of a partition by the judge's models after any of its entries: the film holds what each entry changed, and this puts
// it together again, with a copy every so often to start from.
import type { RowChange } from "../src/view/film.js";
import type { Run } from "./run.js";

const EVERY = 128;

export class States {
  readonly #run: Run;
  readonly #copies = new Map<number, Map<string, string>[]>();

  constructor(run: Run) {
    this.#run = run;
  }

  /** Rows by name after an entry; `place` is that of the entry in the film. */
  after(partition: number, place: number): Map<string, string> {
    const places = this.#run.entriesOf.get(partition) ?? [];
    const rank = places.indexOf(place);
    const copies = this.#copies.get(partition) ?? [];
    this.#copies.set(partition, copies);
    let at = Math.min(copies.length - 1, Math.floor(rank / EVERY));
    let rows = at >= 0 ? new Map(copies[at]) : new Map<string, string>();
    at = at >= 0 ? at * EVERY : -1;
    if (at === -1 && rank >= 0) {
      apply(rows, this.#run.entry(places[0] as number)?.changed ?? []);
      copies[0] = new Map(rows);
      at = 0;
    }
    while (at < rank) {
      at++;
      apply(rows, this.#run.entry(places[at] as number)?.changed ?? []);
      if (at % EVERY === 0) copies[at / EVERY] = new Map(rows);
    }
    if (rank < 0) rows = new Map();
    return rows;
  }
}

/** Changes rows in place. */
export function apply(rows: Map<string, string>, changes: readonly RowChange[]): void {
  for (const [row, text] of changes) {
    if (text === null) rows.delete(row);
    else rows.set(row, text);
  }
}
