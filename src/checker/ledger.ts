// What every property has judged in one run, and what broke it. It counts, keeps the first witnesses, and decides nothing.
import { UsageError } from "../base/usage-error.js";
import { catalogue } from "./catalogue.js";
import type { Finding, Property } from "./property.js";
import type { PropertyResult, Verdict, Witness } from "./verdict.js";

const WITNESSES_KEPT = 3;

/** The counts of one property. Judges add to `judged` and `notJudged` directly: they do so for every line. */
export class Tally {
  judged = 0;
  broken = 0;
  undecided = 0;
  notJudged = 0;
  reason: string | null = null;
  readonly witnesses: Witness[] = [];

  constructor(readonly property: Property) {}
}

export class Ledger {
  /** The first broken claim by line; at one line the one that was found first. */
  first: Witness | null = null;
  readonly #tallies = new Map<Property, Tally>();
  readonly #properties: readonly Property[];
  readonly #own: ReadonlySet<string>;
  readonly #asked: (property: Property) => boolean;

  /**
   * @param only names of the properties to judge; undefined: all
   * @param own properties beside those of the catalogue
   */
  constructor(only: readonly string[] | undefined, own: readonly Property[] = []) {
    this.#own = new Set(own.map(({ name }) => name));
    this.#properties = own.length === 0 ? catalogue : [...catalogue, ...own];
    const names = only === undefined ? null : new Set(only);
    this.#asked = (property) => names === null || names.has(property.name);
    for (const name of only ?? []) {
      if (this.#properties.some((property) => property.name === name)) continue;
      throw new UsageError(`there is no property "${name}"`, "docs/reference/properties.md lists them");
    }
    for (const property of this.#properties) this.#tallies.set(property, new Tally(property));
  }

  get broken(): boolean {
    return this.first !== null;
  }

  /** Whether it is to be judged. */
  asks(property: Property): boolean {
    return this.#asked(property);
  }

  of(property: Property): Tally {
    return this.#tallies.get(property) as Tally;
  }

  /** The property is broken. `lines`: of the witness, in any order; the greatest is the culprit. */
  breaks(property: Property, finding: Finding, lines: readonly number[], entry: string): void {
    if (!this.#asked(property)) return;
    const tally = this.of(property);
    tally.broken++;
    const all = [...new Set([...lines, ...(finding.lines ?? [])])].sort((a, b) => a - b);
    const { says, expected, got } = finding;
    const witness: Witness = { property: property.name, lines: all, says, entry, expected, got };
    if (tally.witnesses.length < WITNESSES_KEPT) tally.witnesses.push(witness);
    if (this.first === null || culprit(witness) < culprit(this.first) || this.#tellsMore(witness, this.first)) {
      this.first = witness;
    }
  }

  // At one line, what a user's own property says comes before what the catalogue says.
  #tellsMore(witness: Witness, first: Witness): boolean {
    if (this.#own.size === 0 || culprit(witness) !== culprit(first)) return false;
    return this.#own.has(witness.property) && !this.#own.has(first.property);
  }

  /** The property is broken once more in a way that was shown already. */
  breaksAgain(property: Property): void {
    if (this.#asked(property)) this.of(property).broken++;
  }

  /** The property had something to judge and lacked what it takes. */
  lacks(property: Property, reason: string): void {
    const tally = this.of(property);
    tally.notJudged++;
    tally.reason ??= reason;
  }

  /** A budget ran out before the property could be judged. */
  leavesOpen(property: Property, reason: string): void {
    const tally = this.of(property);
    tally.undecided++;
    tally.reason ??= reason;
  }

  results(): PropertyResult[] {
    return this.#properties.map((property) => this.#result(this.of(property)));
  }

  #result(tally: Tally): PropertyResult {
    const { property, broken, undecided } = tally;
    const asked = this.#asked(property);
    const judged = asked ? tally.judged : 0;
    let verdict: Verdict = judged > 0 ? "holds" : "not-judged";
    if (undecided > 0) verdict = "undecided";
    if (broken > 0) verdict = "broken";
    const result = { property: property.name, verdict, judged, broken, undecided, notJudged: tally.notJudged };
    const { witnesses } = tally;
    if (verdict === "holds" || verdict === "broken") return { ...result, witnesses };
    const reason = asked ? (tally.reason ?? `nothing came up to judge: ${property.judgement}`) : "not asked for";
    return { ...result, reason, witnesses };
  }
}

const culprit = (witness: Witness): number => witness.lines[witness.lines.length - 1] ?? 0;
