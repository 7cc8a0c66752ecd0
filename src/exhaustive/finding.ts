// From a history to which the machine did not answer as it must, to what the judge says of it: its log is played whole, on a
// machine that was never restored and on one that was, and recorded. A history that the judge has nothing to say of is played
// twice: a machine that answers otherwise the second time keeps something outside its replicas.
import type { Witness } from "../checker/verdict.js";
import { fingerprint } from "../checker/verdict.js";
import type { Contestant } from "../explore/contestant.js";
import { SAME_SEED } from "../explore/same-seed.js";
import { recordLog } from "../shrink/log-play.js";
import type { LogStep } from "../shrink/log-steps.js";
import { firstDifference } from "../trace/diff.js";
import { linesOf, type Trace } from "../trace/file.js";

/** A history that breaks a claim. */
export interface Finding {
  readonly subject: string;
  /** How many entries follow the prefix. */
  readonly entries: number;
  readonly fingerprint: string;
  readonly witness: Witness;
  /** Every property that it breaks. */
  readonly broken: readonly string[];
  readonly steps: readonly LogStep[];
  readonly trace: Trace;
}

/** What the judge says; undefined where nothing is broken, which is a bug of whoever suspected it. */
export function judgeSuspect(
  contestant: Contestant,
  subject: string,
  entries: number,
  steps: readonly LogStep[],
): Finding | undefined {
  const scenario = `exhaustive ${subject}`;
  const { judgement, trace } = recordLog(contestant, steps, scenario);
  const head = { subject, entries, steps, trace };
  const broken = judgement.properties.filter((each) => each.verdict === "broken").map((each) => each.property);
  const again = recordLog(contestant, steps, scenario).trace;
  const differs = trace.end?.digest === again.end?.digest ? undefined : firstDifference(linesOf(trace), linesOf(again));
  if (differs !== undefined) {
    const witness: Witness = {
      property: SAME_SEED,
      lines: [differs.line],
      says: `the same log, played again in this process, differs at line ${differs.line}: ${differs.field}`,
      entry: linesOf(trace)[differs.line - 1]?.e ?? "end",
      expected: "the same",
      got: differs.field.replace(/\[[0-9]+\]/g, "[]"),
    };
    return { ...head, witness, fingerprint: fingerprint(witness), broken: [SAME_SEED, ...broken] };
  }
  const { first } = judgement;
  return first === null ? undefined : { ...head, witness: first, fingerprint: fingerprint(first), broken };
}
